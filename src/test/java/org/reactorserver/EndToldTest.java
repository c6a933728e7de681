package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** An application can ask whether its server runs, and is notified of its end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndToldTest {

    private static ReactorServer.Builder echo() {
        return ReactorServer.builder(Framing.lines()).port(0).handler(Session::send);
    }

    @Test
    void anEndInOrderIsToldWithItsReport() throws Exception {
        ReactorServer server = echo().start();
        CompletableFuture<DrainReport> closed = server.whenClosed();
        assertThat(server.isRunning()).isTrue();
        assertThat(closed).isNotDone();
        DrainReport report = server.drain(Duration.ofSeconds(10));
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(report);
        assertThat(server.whenClosed().get(30, TimeUnit.SECONDS)).isEqualTo(report);
        assertThat(server.isRunning()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void anEndByAnErrorIsToldWithIt(Place place) throws Exception {
        Error error = new OutOfMemoryError("said by a test");
        AtomicBoolean dead = new AtomicBoolean();
        ReactorServer server = place.in(echo())
                .clock(() -> {
                    if (dead.get() && Thread.currentThread().getName().contains("selector")) {
                        throw error;
                    }
                    return System.nanoTime();
                })
                .start();
        try (TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            dead.set(true);
            client.send("fatal\n");
            assertThatThrownBy(() -> server.whenClosed().get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCause(error);
            assertThat(server.isRunning()).isFalse();
        }
    }

    /** Completing it from outside, or blocking in a dependent action, affects only the caller. */
    @Test
    void itIsOnesOwn() throws Exception {
        ReactorServer server = echo().start();
        server.whenClosed().complete(null);
        server.whenClosed().cancel(true);
        assertThat(server.isRunning()).isTrue();
        try (TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
        }
        assertThat(server.drain(Duration.ofSeconds(10))).isNotNull();
        assertThat(server.whenClosed().get(30, TimeUnit.SECONDS)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#offTheLoop")
    void theReportCountsTheHandlersThatAreStillRunning(Place place) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        MessageHandler handler = (session, message) -> {
            begun.countDown();
            boolean hasWaited = false;
            while (!hasWaited) {
                try {
                    hasWaited = goOn.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    continue; // it does not hear
                }
            }
        };
        ReactorServer server = place.in(echo().handler(handler)).start();
        try (TestClient sitting = TestClient.of(server);
                TestClient idle = TestClient.of(server)) {
            assertThat(idle.available()).isZero();
            sitting.send("sit\n");
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            DrainReport report = server.drain(Duration.ofMillis(100));
            assertThat(report.running()).isOne();
            assertThat(report.isClean()).isFalse();
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void aSessionKnowsItsRemoteAddressAndAsLongAsItLastsTheLocalOne() throws Exception {
        AtomicReference<Session> seen = new AtomicReference<>();
        try (ReactorServer server = echo().handler((session, message) -> {
                            seen.set(session);
                            session.send(message);
                        })
                        .start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            assertThat(seen.get().remoteAddress()).isEqualTo(new InetSocketAddress("127.0.0.1", client.port()));
            assertThat(seen.get().remoteAddress()).isEqualTo(seen.get().peer());
            assertThat(seen.get().localAddress()).isEqualTo(server.address());
            server.drain();
            assertThat(seen.get().localAddress()).isNull();
            assertThat(seen.get().remoteAddress()).isNotNull();
        }
    }
}
