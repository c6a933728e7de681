package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** A server among others: who ends it does not wait for itself, its threads have names, and calls have a context. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifeInAContainerTest {
    private static final Duration LONG = Duration.ofSeconds(100); // longer than the test may take

    private static ReactorServer.Builder lines(MessageHandler handler) {
        return ReactorServer.builder(Framing.lines()).port(0).drainTimeout(LONG).handler(handler);
    }

    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void aHandlerMayEndTheServer(Place place) throws Exception {
        CompletableFuture<ReactorServer> self = new CompletableFuture<>();
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        CompletableFuture<CompletableFuture<DrainReport>> over = new CompletableFuture<>();
        MessageHandler handler = (session, message) -> {
            ReactorServer server = self.get();
            try {
                server.drain(LONG);
            } catch (IllegalStateException e) {
                refused.add(e.getMessage());
            }
            if (message.equals("close")) {
                server.close();
            } else {
                over.complete(server.drainAsync(LONG));
            }
            session.send("bye");
        };
        for (String way : new String[] {"close", "drain"}) {
            CompletableFuture<ReactorServer> next = new CompletableFuture<>();
            ReactorServer server = place.in(lines((session, message) -> {
                        next.thenAccept(self::obtrudeValue).get();
                        handler.onMessage(session, message);
                    }))
                    .start();
            next.complete(server);
            try (TestClient client = TestClient.of(server)) {
                client.send(way + "\n");
                assertThat(client.rest()).isEqualTo("bye\n");
            }
            assertThat(server.awaitEnd().isClean()).isTrue();
            assertThat(server.isRunning()).isFalse();
            server.whenClosed().get(60, TimeUnit.SECONDS);
        }
        assertThat(over.get().get(60, TimeUnit.SECONDS).isClean()).isTrue();
        assertThat(refused).hasSize(2);
        assertThat(refused.peek()).startsWith("drain(PT1M40S) on ").endsWith(" expected another thread, or drainAsync");
    }

    @Test
    void twoServersHaveThreadsOfDifferentNames() throws Exception {
        Queue<String> names = new ConcurrentLinkedQueue<>();
        MessageHandler handler = (session, message) -> {
            names.add(Thread.currentThread().getName());
            session.send(message);
        };
        try (ReactorServer first = lines(handler).name("first").start();
                ReactorServer second = lines(handler).start();
                ReactorServer third = lines(handler).start()) {
            for (ReactorServer server : new ReactorServer[] {first, second, third}) {
                try (TestClient client = TestClient.of(server)) {
                    client.send("hello\n").line();
                }
            }
        }
        assertThat(names).hasSize(3).doesNotHaveDuplicates().contains("first-worker-1");
        assertThatThrownBy(() -> lines(handler).name(" ")).hasMessageStartingWith("name(' '): ");
    }

    @Test
    void eachCallHasItsContext() throws Exception {
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        ThreadLocal<Long> context = new ThreadLocal<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) {
                calls.add("open " + context.get());
            }

            @Override
            public void onMessage(Session session, String message) {
                calls.add(message + " " + context.get());
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                calls.add("close " + context.get());
            }
        };
        ReactorServer.Builder builder = HandRun.lines(handler).around((session, call) -> {
            context.set(session.id());
            try {
                call.run();
            } finally {
                context.remove();
            }
        });
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            client.send("hello\n").endOutput();
            server.untilClosed(1);
            server.settle();
            assertThat(calls).containsExactly("open 1", "hello 1", "close 1");
            assertThat(context.get()).isNull();
        }
    }
}
