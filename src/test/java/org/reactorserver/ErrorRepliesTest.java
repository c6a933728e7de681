package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;

/** The application decides what the handler and the peer get of failures and errors. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorRepliesTest {
    private final List<String> told = new ArrayList<>();

    /** Fails on request, and answers with the failures that it gets. */
    private class Failing implements MessageHandler {
        private final String where;
        private final String last;

        Failing(String where, String last) {
            this.where = where;
            this.last = last;
        }

        private void at(String place) {
            told.add(place);
            if (where.equals(place)) {
                throw new IllegalStateException("at " + place);
            }
        }

        @Override
        public void onOpen(Session session) {
            at("open");
        }

        @Override
        public void onMessage(Session session, String message) {
            at(message);
            session.send(message);
        }

        @Override
        public String onError(Session session, String message, Throwable cause) {
            told.add(message + " " + cause.getMessage());
            assertThat(session.send("not any more")).isFalse();
            at("error");
            return last;
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            at("close");
        }
    }

    private String talk(ReactorServer.Builder builder, String text) throws Exception {
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            client.send(text).endOutput();
            server.untilClosed(1);
            server.settle();
            told.add(server.reason(1).toString());
            return client.rest();
        }
    }

    @Test
    void theHandlerIsToldWithTheMessageAndSaysTheLastWord() throws Exception {
        assertThat(talk(HandRun.lines(new Failing("b", "bye")), "a\nb\nc\n")).isEqualTo("a\nbye\n");
        assertThat(told).containsExactly("open", "a", "b", "b at b", "error", "close", "the handler failed");
    }

    @Test
    void whatIsNoMessageIsToldWithoutOne() throws Exception {
        assertThat(talk(HandRun.lines(new Failing("open", "bye")), "a\n")).isEqualTo("bye\n");
        assertThat(told).containsExactly("open", "null at open", "error", "close", "the handler failed");
        told.clear();
        assertThat(talk(HandRun.lines(new Failing("close", "bye")), "a\n")).isEqualTo("a\n");
        assertThat(told).containsExactly("open", "a", "close", "null at close", "error", "end of stream");
    }

    @Test
    void whatCannotBeSentIsTheDefault() throws Exception {
        assertThat(talk(HandRun.lines(new Failing("a", "two\nlines")), "a\n")).isEqualTo("error: the handler failed\n");
        assertThat(talk(HandRun.lines(new Failing("a", null)), "a\n")).isEqualTo("error: the handler failed\n");
    }

    @Test
    void onErrorMayFailItself() throws Exception {
        ReactorServer.Builder builder = HandRun.lines(new Failing("error", "bye") {
            // fails there, once it gets a failure
            @Override
            public void onMessage(Session session, String message) {
                throw new IllegalStateException(message);
            }
        });
        assertThat(talk(builder, "a\n")).isEqualTo("error: the handler failed\n");
        assertThat(told).containsExactly("open", "a a", "error", "close", "the handler failed");
    }

    @Test
    void allErrorsAreToldInTheApplicationsOwnWords() throws Exception {
        ReactorServer.Builder builder = HandRun.lines(new Failing("b", null))
                .maxMessage(4)
                .errorReplies((why, problem) -> "{\"" + why.name() + "\": \"" + problem + "\"}");
        assertThat(talk(builder, "b\n")).isEqualTo("{\"HANDLER_FAILED\": \"the handler failed\"}\n");
        assertThat(talk(builder, "a\ntoo long\n"))
                .isEqualTo("a\n{\"MESSAGE_TOO_LARGE\": \"the message is longer than 4 bytes\"}\n");
    }

    @Test
    void orNotAtAll() throws Exception {
        ReactorServer.Builder builder =
                HandRun.lines(new Failing("b", null)).maxMessage(4).errorReplies((why, problem) -> null);
        assertThat(talk(builder, "a\nb\n")).isEqualTo("a\n");
        assertThat(talk(builder, "a\ntoo long\n")).isEqualTo("a\n");
        assertThat(told).endsWith("close", "message too large");
    }

    @Test
    void wordsThatFailHarmNobody() throws Exception {
        ReactorServer.Builder builder = HandRun.lines(new Failing("b", null))
                .maxMessage(4)
                .errorReplies((why, problem) -> {
                    throw new IllegalStateException(problem);
                });
        assertThat(talk(builder, "a\ntoo long\n")).isEqualTo("a\n");
        assertThat(told).endsWith("close", "message too large");
    }

    @Test
    void whoIsTurnedAwayIsToldToo() throws Exception {
        ReactorServer.Builder builder =
                HandRun.lines(Session::send).maxConnections(1).errorReplies((why, problem) -> "no: " + why);
        try (HandRun server = new HandRun(builder);
                TestClient first = server.connect();
                TestClient second = new TestClient(server.port())) {
            assertThat(server.line(second)).isEqualTo("no: too many connections");
            first.leave();
        }
    }

    @Test
    void noFunctionIsRefusedByName() {
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines());
        assertThatThrownBy(() -> builder.errorReplies(null)).hasMessageContaining("errorReplies(null)");
        assertThatThrownBy(() -> builder.binaryErrorReplies(null)).hasMessageContaining("binaryErrorReplies(null)");
    }
}
