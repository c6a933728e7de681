package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an observer gets of a session besides its messages: its states, its pauses and why, its deadlines, its turns.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HooksTest {
    private static final int HIGH_WATER = 1_000;

    /** More than the kernel takes of a reply for a client that does not read. */
    private static final int LARGE = 8 << 20;

    private final List<String> states = new ArrayList<>();
    private final List<String> pauses = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    private final ServerObserver observer = new ServerObserver() {
        @Override
        public void connected(Session session) {
            states.add(session.id() + " connected");
        }

        @Override
        public void stateChanged(Session session, SessionState state) {
            states.add(session.id() + " " + state);
        }

        @Override
        public void closed(Session session, CloseReason reason) {
            states.add(session.id() + " closed");
        }

        @Override
        public void interestChanged(Session session, int ops, PauseReason pause) {
            pauses.add(ops + " " + (pause == null ? "reads" : pause.name()));
        }

        @Override
        public void deadlinePassed(Session session, String deadline) {
            others.add(session.id() + " " + deadline);
        }

        @Override
        public void released(Session session, int messages, long sinceReady) {
            others.add(session.id() + " handled " + messages + ", " + sinceReady);
        }
    };

    private HandRun server(ReactorServer.Builder builder) throws IOException {
        return new HandRun(builder.observer(observer));
    }

    @Test
    void itsStatesAreToldInOrder() throws Exception {
        try (HandRun server = server(HandRun.echo().activeSessions(1));
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            first.endOutput();
            server.untilClosed(1);
            second.send("x\n");
            assertThat(server.line(second)).isEqualTo("x");
            server.session(1).close();
            server.until("it lingers", () -> states.contains("2 LINGERING"));
            second.endOutput();
            server.untilClosed(2);
            server.settle();
        }
        assertThat(states)
                .containsExactly(
                        "1 connected",
                        "1 OPEN",
                        "2 connected",
                        "1 DRAINING",
                        "1 CLOSED",
                        "1 closed",
                        "2 OPEN",
                        "1 GONE",
                        "2 DRAINING",
                        "2 LINGERING",
                        "2 CLOSED",
                        "2 closed",
                        "2 GONE");
    }

    @Test
    void whoIsTurnedAwayIsNoSession() throws Exception {
        try (HandRun server = server(HandRun.echo().maxConnections(1));
                TestClient first = server.connect();
                TestClient second = new TestClient(server.port())) {
            server.until("it is turned away", () -> server.witness.refused.size() == 1);
            second.endOutput();
            server.settle();
            first.send("x\n");
            server.line(first);
        }
        assertThat(states).startsWith("1 connected", "1 OPEN").noneMatch(state -> state.startsWith("0"));
    }

    @Test
    void whyItIsNotRead() throws Exception {
        String large = "x".repeat(LARGE);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send(large))
                .highWater(HIGH_WATER)
                .outboxLimit(LARGE * 2L);
        try (HandRun server = server(builder);
                TestClient client = server.connect(4_096)) {
            client.send("go\n");
            server.until("it is paused", () -> !pauses.isEmpty());
            assertThat(pauses).containsExactly(SelectionKey.OP_WRITE + " REPLIES_WAITING");
            server.until("it reads", () -> {
                drop(client);
                return pauses.size() > 1;
            });
            assertThat(pauses.get(pauses.size() - 1)).endsWith("reads");
        }
    }

    @Test
    void anotherReasonIsToldThoughTheSelectorIsAskedForTheSame() throws Exception {
        String large = "x".repeat(LARGE);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send(large))
                .highWater(HIGH_WATER)
                .outboxLimit(LARGE * 2L);
        try (HandRun server = server(builder);
                TestClient client = server.connect(4_096)) {
            client.send("go\n");
            server.until("it is paused", () -> !pauses.isEmpty());
            server.session(0).close();
            server.settle();
        }
        assertThat(pauses)
                .startsWith(SelectionKey.OP_WRITE + " REPLIES_WAITING", SelectionKey.OP_WRITE + " ENDING")
                .doesNotHaveDuplicates();
    }

    private static void drop(TestClient client) {
        try {
            client.read(client.available());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWorkerThatDoesNotComeIsAReasonToo() throws Exception {
        try (HandRun server = server(HandRun.echo().laneLimit(100));
                TestClient client = server.connect()) {
            server.workersWork = false;
            client.send("x\n".repeat(100));
            server.until("it is paused", () -> !pauses.isEmpty());
            assertThat(pauses).containsExactly("0 MESSAGES_WAITING");
            server.workersWork = true;
            server.until("it is read", () -> pauses.size() == 2);
            assertThat(pauses.get(1)).isEqualTo(SelectionKey.OP_READ + " reads");
        }
    }

    @Test
    void aTurnIsToldWithItsMessagesAndTheTimeSinceTheyWereReady() throws Exception {
        try (HandRun server = server(HandRun.lines((session, message) -> {}));
                TestClient client = server.connect()) {
            server.workersWork = false;
            client.send("one\ntwo\n");
            server.until("a turn waits", () -> !server.turns.isEmpty());
            server.leap(Duration.ofMillis(5));
            server.workersWork = true;
            server.pass();
        }
        assertThat(others).containsExactly("1 handled 2, 5000000");
    }

    @Test
    void aDeadlineThatHasPassedIsTold() throws Exception {
        try (HandRun server = server(HandRun.echo().idleTimeout(Duration.ofSeconds(5)));
                TestClient client = server.connect()) {
            server.advance(Duration.ofSeconds(5));
            client.endOutput();
            server.untilClosed(1);
        }
        assertThat(others).containsExactly("1 idle");
    }

    @Test
    void whatHoldsUpASessionIsNamed() throws Exception {
        List<Session.Hold> holds = new ArrayList<>();
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    switch (message) {
                        case "pause" -> session.pauseReading();
                        case "hold" -> holds.add(session.hold());
                        default -> session.send(message);
                    }
                })
                .maxHeldPerSession(1)
                .observer(observer);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            server.settle();
            pauses.clear();
            server.line(client.send("echo\n"));
            client.send("pause\n");
            server.until("paused", () -> !pauses.isEmpty());
            long read = server.stats().bytesRead();
            client.send("hold\n");
            server.settle();
            assertThat(server.stats().bytesRead()).isEqualTo(read);
            server.session(0).resumeReading();
            server.until("held", () -> !holds.isEmpty());
            server.settle();
            holds.remove(0).release();
            server.line(client.send("echo\n"));
            server.session(0).pauseReading(); // by a thread that is no worker
            server.settle();
            assertThat(pauses)
                    .containsExactly("0 APPLICATION", "1 reads", "0 REQUESTS_HELD", "1 reads", "0 APPLICATION");
        }
    }
}
