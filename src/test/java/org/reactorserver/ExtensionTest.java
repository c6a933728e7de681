package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.option.Figures;
import org.reactorserver.wire.Endpoint;

/** Extensions are called in order, and their failures do not affect the server. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExtensionTest {
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Thread> ended = new CompletableFuture<>();

    private ReactorServer.Builder lines() {
        return ReactorServer.builder(Framing.lines())
                .port(0)
                .maxConnections(3)
                .handler((session, message) -> session.send(message));
    }

    /** Records its calls. */
    private class Telling implements Extension {
        final String name;

        Telling(String name) {
            this.name = name;
        }

        @Override
        public LongSupplier clock(LongSupplier clock) {
            told.add(name + " clock");
            return () -> clock.getAsLong() + 1_000_000_000_000_000L;
        }

        @Override
        public List<ServerObserver> attach(Figures figures, LongSupplier clock) throws IOException {
            told.add(name + " attach " + figures.maxConnections + " " + clock.getAsLong() / 1_000_000_000_000_000L);
            return List.of(observer(name + " sees"));
        }

        @Override
        public void started(Inspection server) {
            told.add(name + " started " + server.isStopping());
        }

        @Override
        public void ended() {
            told.add(name + " ended");
        }
    }

    private ServerObserver observer(String name) {
        return new ServerObserver() {
            @Override
            public void received(Session session, String message) {
                told.add(name + " " + message);
            }
        };
    }

    @Test
    void eachIsToldTheStartWhatHappensAndTheEndInTheOrderInWhichTheyWereGiven() throws Exception {
        Extension last = new Telling("two") {
            @Override
            public void ended() {
                super.ended();
                ended.complete(Thread.currentThread());
            }
        };
        ReactorServer server = lines().with(new Telling("one"))
                .with(last)
                .observer(observer("builder's sees"))
                .start();
        try (TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
        }
        server.close();
        ended.get(60, TimeUnit.SECONDS);
        assertThat(told)
                .containsExactly(
                        "one clock",
                        "two clock",
                        "one attach 3 2",
                        "two attach 3 2",
                        "one started false",
                        "two started false",
                        "builder's sees hello",
                        "one sees hello",
                        "two sees hello",
                        "one ended",
                        "two ended");
    }

    @Test
    void whoWaitsForTheEndWaitsForTheirsToo() throws Exception {
        Thread closing = Thread.currentThread();
        AtomicBoolean isBack = new AtomicBoolean();
        Extension slow = new Telling("one") {
            @Override
            public void ended() {
                Await.until(
                        "who waits goes on waiting, or is back",
                        Duration.ofSeconds(60),
                        () -> closing.getState() == Thread.State.TIMED_WAITING || isBack.get());
                super.ended();
            }
        };
        lines().with(slow).start().close();
        boolean wasToldFirst = told.contains("one ended");
        isBack.set(true);
        assertThat(wasToldFirst).isTrue();
    }

    @Test
    void butNotForEver() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Extension stuck = new Telling("one") {
            @Override
            public void ended() {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                ended.complete(Thread.currentThread());
            }
        };
        lines().with(stuck).start().drain();
        assertThat(ended).isNotDone();
        goOn.countDown();
        ended.get(60, TimeUnit.SECONDS).join();
    }

    @Test
    void anExtensionThatEndsMayWaitForTheServer() throws Exception {
        CompletableFuture<ReactorServer> server = new CompletableFuture<>();
        CompletableFuture<Boolean> waited = new CompletableFuture<>();
        Extension waiting = new Telling("one") {
            @Override
            public void ended() {
                server.join().awaitEnd();
                waited.complete(!told.contains("back")); // else it has waited for itself, as long as others do
            }
        };
        server.complete(lines().with(waiting).start());
        server.join().close();
        told.add("back");
        assertThat(waited.get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatOneThrowsAtTheStartKeepsTheServerFromStartingAndEndsTheOthers() {
        Extension failing = (figures, clock) -> {
            throw new IOException("no licence");
        };
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> lines().with(new Telling("one"))
                        .with(failing)
                        .with(new Telling("two"))
                        .start())
                .withMessage("no licence");
        assertThat(told).contains("one ended").doesNotContain("one started false", "two ended");
    }

    @Test
    void whoHasBegunEndsAlsoIfTheServerCannotListen() throws Exception {
        try (ReactorServer first = lines().start()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() ->
                            lines().port(first.port()).with(new Telling("one")).start());
        }
        assertThat(told).last().isEqualTo("one ended");
    }

    @Test
    void whatOneThrowsLaterIsItsOwnAffair() throws Exception {
        Extension failing = new Extension() {
            @Override
            public List<ServerObserver> attach(Figures figures, LongSupplier clock) {
                return List.of();
            }

            @Override
            public void started(Inspection server) {
                throw new IllegalStateException("started");
            }

            @Override
            public void ended() {
                throw new NoClassDefFoundError("ended");
            }
        };
        Extension last = new Telling("two") {
            @Override
            public void ended() {
                ended.complete(Thread.currentThread());
            }
        };
        try (ReactorServer server = lines().listen(Endpoint.tcp("127.0.0.1", 0))
                        .with(failing)
                        .with(last)
                        .start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            assertThat(server.drain(Duration.ofSeconds(60)).isClean()).isTrue();
        }
        assertThat(ended.get(60, TimeUnit.SECONDS).getName()).isEqualTo("extensions");
        assertThat(told).contains("two started false");
    }

    @Test
    void noneIsNone() {
        assertThatNullPointerException()
                .isThrownBy(() -> lines().with(null))
                .withMessage("with(null): expected an extension");
    }
}
