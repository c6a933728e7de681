package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactorserver.framing.Framing;

/** A handler that throws ends its session, and neither another one nor its worker. */
@Timeout(60)
class HandlerFailureTest {

    private enum Failure {
        EXCEPTION {
            @Override
            void happen() throws Exception {
                throw new Exception("checked");
            }
        },
        RUNTIME_EXCEPTION {
            @Override
            void happen() {
                throw new IllegalStateException("with a\nline feed and \u001B[31m an escape");
            }
        },
        ERROR {
            @Override
            void happen() {
                throw new AssertionError();
            }
        },
        STACK_OVERFLOW {
            @Override
            void happen() throws Exception {
                happen();
                happen();
            }
        },
        OUT_OF_MEMORY {
            @Override
            void happen() {
                throw new OutOfMemoryError("said by a test");
            }
        };

        abstract void happen() throws Exception;
    }

    private final Witness witness = new Witness();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

    private ReactorServer start(int count, MessageHandler handler) throws Exception {
        return ReactorServer.builder(Framing.lines())
                .port(0)
                .workers(count)
                .observer(witness)
                .handler(handler)
                .start();
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void endsItsSessionOnlyAndTheWorkerSurvives(Failure failure) throws Exception {
        MessageHandler handler = (session, message) -> {
            workers.add(Thread.currentThread());
            if (message.equals("fail")) {
                failure.happen();
            }
            session.send(message);
        };
        try (ReactorServer server = start(1, handler);
                TestClient other = TestClient.of(server);
                TestClient client = TestClient.of(server)) {
            assertThat(other.send("before\n").line()).isEqualTo("before");
            client.send("fine\nfail\nnever handled\n");
            assertThat(client.rest()).isEqualTo("fine\nerror: the handler failed\n");
            client.leave();
            assertThat(witness.awaitClosed(2)).isEqualTo(CloseReason.HANDLER_FAILED);
            assertThat(other.send("after\n").line()).isEqualTo("after");
            assertThat(workers).hasSize(1);
            assertThat(server.stats().messagesDropped()).isOne();
            assertThat(server.stats().closed()).containsEntry(CloseReason.HANDLER_FAILED, 1L);
        }
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void endsNoMoreThanItsSessionOnTheSelectorThreadEither(Failure failure) throws Exception {
        MessageHandler handler = (session, message) -> {
            if (message.equals("fail")) {
                failure.happen();
            }
            session.send(message);
        };
        try (ReactorServer server = start(0, handler);
                TestClient other = TestClient.of(server);
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("fail\n").rest()).isEqualTo("error: the handler failed\n");
            assertThat(other.send("after\n").line()).isEqualTo("after");
        }
    }

    @Test
    void isTheReasonEvenIfThePeerHasEndedItsStream() throws Exception {
        MessageHandler handler = (session, message) -> Failure.EXCEPTION.happen();
        try (HandRun server = new HandRun(HandRun.lines(handler));
                TestClient client = server.connect()) {
            server.workersWork = false;
            client.send("fail\nnever handled\n").endOutput();
            server.until("both are read", () -> server.witness.received.size() == 2);
            server.settle();
            server.workersWork = true;
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
            assertThat(client.rest()).isEqualTo("error: the handler failed\n");
        }
    }

    @Test
    void inOnOpenEndsTheSessionToo() throws Exception {
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) {
                throw new IllegalStateException("not today");
            }

            @Override
            public void onMessage(Session session, String message) {
                session.send(message);
            }
        };
        try (ReactorServer server = start(1, handler);
                TestClient client = TestClient.of(server)) {
            assertThat(client.rest()).isEqualTo("error: the handler failed\n");
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
        }
    }

    @Test
    void inOnCloseHarmsNobody() throws Exception {
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {
                session.send(message);
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                throw new IllegalStateException("too sad");
            }
        };
        try (ReactorServer server = start(1, handler)) {
            for (int i = 1; i <= 3; i++) {
                try (TestClient client = TestClient.of(server)) {
                    client.send("hello\n").endOutput();
                    assertThat(client.rest()).isEqualTo("hello\n");
                }
                assertThat(witness.awaitClosed(i)).isEqualTo(CloseReason.END_OF_STREAM);
            }
            assertThat(List.copyOf(witness.closed.values())).containsOnly(CloseReason.END_OF_STREAM);
        }
    }
}
