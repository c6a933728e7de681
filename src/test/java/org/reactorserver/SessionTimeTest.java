package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session is asked when nothing happens, and what it is reminded of. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionTimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> told = new ArrayList<>();

    private final class Patient implements MessageHandler {
        private final int times;

        Patient(int times) {
            this.times = times;
        }

        @Override
        public void onMessage(Session session, String message) {
            session.send(message);
        }

        @Override
        public boolean onIdle(Session session) {
            told.add("idle");
            return told.size() <= times;
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            told.add(reason.toString());
        }
    }

    @Test
    void whoIsIdleMayGoOn() throws Exception {
        try (HandRun server = new HandRun(HandRun.lines(new Patient(2)).idleTimeout(SECOND.multipliedBy(10)));
                TestClient client = server.connect()) {
            server.settle();
            for (int i = 1; i <= 2; i++) {
                server.advance(SECOND.multipliedBy(9));
                assertThat(told).hasSize(i - 1);
                server.advance(SECOND);
                assertThat(told).hasSize(i);
            }
            client.send("not idle\n");
            assertThat(server.line(client)).isEqualTo("not idle");
            server.settle();
            server.advance(SECOND.multipliedBy(9));
            assertThat(told).hasSize(2);
            server.advance(SECOND);
            assertThat(told).hasSize(3);
            client.rest();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    /** Is told of the two directions apart; goes on as long as it is asked no more often than so. */
    private final class Attentive implements MessageHandler {
        private final int times;

        Attentive(int times) {
            this.times = times;
        }

        @Override
        public void onMessage(Session session, String message) {}

        @Override
        public boolean onReadIdle(Session session) {
            told.add("read");
            return told.size() <= times;
        }

        @Override
        public void onWriteIdle(Session session) {
            told.add("write");
            session.send("ping");
        }
    }

    @Test
    void whoSendsNothingIsReadIdleWhateverItIsSent() throws Exception {
        try (HandRun server =
                        new HandRun(HandRun.lines((session, message) -> {}).readIdleTimeout(SECOND.multipliedBy(10)));
                TestClient client = server.connect()) {
            server.settle();
            for (int i = 0; i < 3; i++) {
                server.advance(SECOND.multipliedBy(6));
                client.send("alive\n");
                int sent = i + 1;
                server.until("handled", () -> server.stats().messagesHandled() == sent);
                server.settle();
            }
            for (int i = 0; i < 9; i++) {
                server.advance(SECOND);
                server.session(0).send("news");
                assertThat(server.line(client)).isEqualTo("news");
            }
            assertThat(server.reason(1)).isNull();
            server.advance(SECOND);
            client.rest();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    @Test
    void aMessageThatHasBegunIsNotReadIdle() throws Exception {
        try (HandRun server = new HandRun(HandRun.lines((session, message) -> {})
                        .messageTimeout(Duration.ZERO)
                        .readIdleTimeout(SECOND));
                TestClient client = server.connect()) {
            client.send("half");
            server.until("read", () -> server.stats().bytesRead() == 4);
            server.settle();
            server.advance(SECOND.multipliedBy(100));
            client.send(" a line\n");
            server.until("read", () -> server.stats().messagesHandled() == 1);
            server.settle();
            assertThat(server.reason(1)).isNull();
            server.advance(SECOND);
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    @Test
    void whoIsReadIdleMayGoOn() throws Exception {
        try (HandRun server = new HandRun(HandRun.lines(new Attentive(2)).readIdleTimeout(SECOND));
                TestClient client = server.connect()) {
            server.settle();
            for (int i = 1; i <= 3; i++) {
                server.advance(SECOND);
                assertThat(told).hasSize(i);
            }
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    @Test
    void whoIsSentNothingGetsASignOfLife() throws Exception {
        try (HandRun server = new HandRun(HandRun.lines(new Attentive(9)).writeIdleTimeout(SECOND.multipliedBy(10)));
                TestClient client = server.connect()) {
            server.settle();
            for (int i = 0; i < 2; i++) {
                server.advance(SECOND.multipliedBy(9));
                client.send("not idle, but is sent nothing\n");
                server.settle();
                assertThat(client.available()).isZero();
                server.advance(SECOND);
                assertThat(server.line(client)).isEqualTo("ping");
            }
            server.advance(SECOND.multipliedBy(9));
            server.session(0).send("news");
            assertThat(server.line(client)).isEqualTo("news");
            server.advance(SECOND.multipliedBy(9));
            assertThat(told).hasSize(2);
            server.advance(SECOND);
            assertThat(told).hasSize(3);
            client.leave();
        }
    }

    @Test
    void nobodyWouldBeToldThatNothingWasSent() {
        assertThatThrownBy(() -> HandRun.echo().writeIdleTimeout(SECOND).start())
                .hasMessage("writeIdleTimeout must be 0, or a handler that has an onWriteIdle, not 1s");
    }

    @Test
    void aTaskIsDoneInTheSessionsOrderAtItsTime() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            Session session = server.session(0);
            session.schedule(SECOND.multipliedBy(2), () -> session.send("two"));
            session.schedule(SECOND, () -> session.send("one"));
            Session.Scheduled never = session.schedule(SECOND, () -> session.send("never"));
            session.schedule(Duration.ZERO, () -> session.send("soon"));
            never.cancel();
            assertThat(never.isCancelled()).isTrue();
            assertThat(server.line(client)).isEqualTo("soon");
            server.advance(SECOND);
            assertThat(server.line(client)).isEqualTo("one");
            assertThat(client.available()).isZero();
            server.advance(SECOND);
            assertThat(server.line(client)).isEqualTo("two");
            client.leave();
        }
    }

    @Test
    void whatIsToBeDoneForASessionThatHasEndedIsNot() throws Exception {
        try (HandRun server = new HandRun(HandRun.lines(new Patient(0)));
                TestClient client = server.connect()) {
            Session session = server.session(0);
            session.schedule(SECOND, () -> told.add("too late"));
            server.settle();
            client.reset();
            server.untilClosed(1);
            session.schedule(SECOND, () -> told.add("much too late"));
            server.settle();
            server.advance(SECOND);
            assertThat(told).containsExactly("connection lost");
        }
    }

    @Test
    void aTaskThatThrowsIsAFailureOfTheHandler() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.session(0).schedule(Duration.ZERO, () -> {
                throw new IllegalStateException("planned");
            });
            assertThat(server.line(client)).isEqualTo("error: the handler failed");
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
        }
    }

    @Test
    void misuseIsRefusedByName() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            Session session = server.session(0);
            assertThatThrownBy(() -> session.schedule(SECOND.negated(), () -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("schedule(PT-1S, ...): expected a delay of zero or more");
            assertThatThrownBy(() -> session.schedule(SECOND, null)).hasMessageStartingWith("schedule(..., null)");
            assertThatThrownBy(() -> session.close(null)).hasMessageStartingWith("close(null): expected a reason");
            session.attach("text");
            assertThat(session.attachment(String.class)).isEqualTo("text");
            assertThatThrownBy(() -> session.attachment(Integer.class))
                    .isInstanceOf(ClassCastException.class)
                    .hasMessage("attachment(Integer): session 1 has a java.lang.String attached");
            session.attach(null);
            assertThat(session.attachment(Integer.class)).isNull();
            client.leave();
        }
    }

    @Test
    void whyItWasClosedIsToldToPeople() throws Exception {
        try (HandRun server = new HandRun(HandRun.lines((session, message) -> {
                    session.close(message);
                    session.close("again");
                }));
                TestClient client = server.connect()) {
            client.send("wrong password\n").endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(server.session(0).closedFor()).isEqualTo("wrong password");
        }
    }
}
