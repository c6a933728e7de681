package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.CloseReason;
import org.reactorserver.PassStep;
import org.reactorserver.PauseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.SessionState;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StageTest {
    private final Stage stage = new Stage(System::nanoTime);
    private final Witness witness = new Witness();

    private ReactorServer start() throws Exception {
        return ReactorServer.builder(Framing.lines())
                .handler((session, message) -> session.send("re: " + message))
                .workers(2)
                .observer(witness)
                .with(stage)
                .port(0)
                .start();
    }

    private static Map<String, List<String>> byThread(List<Frame> frames) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Frame frame : frames) {
            for (Happening each : frame.happenings) {
                String what = each.what() + " " + each.session() + " " + each.first() + " " + each.text();
                all.computeIfAbsent(each.thread(), thread -> new ArrayList<>()).add(what);
            }
        }
        return all;
    }

    @Test
    void whatIsShownIsWhatHappenedNoMoreAndNoLess() throws Exception {
        stage.watch(); // before anything can happen
        Await.until(
                "the camera",
                Duration.ofSeconds(30),
                () -> !stage.reel().all().frames().isEmpty());
        ReactorServer server = start();
        InetSocketAddress address = server.address();
        for (int i = 0; i < 3; i++) {
            try (Caller client = new Caller(address)) {
                assertThat(client.send("one\ntwo\n").line()).isEqualTo("re: one");
                assertThat(client.line()).isEqualTo("re: two");
            }
        }
        server.drain(Duration.ofSeconds(10));
        stage.ended();
        Map<String, List<String>> shown = byThread(stage.reel().all().frames());
        assertThat(shown.keySet()).contains("selector", "worker-1");
        assertThat(shown).isEqualTo(witness.seen);
    }

    @Test
    void aStageAtWhichNobodyLooksKeepsNothing() throws Exception {
        ReactorServer server = start();
        try (Caller client = new Caller(server.address())) {
            client.send("one\n").line();
        }
        server.drain(Duration.ofSeconds(10));
        assertThat(stage.reel().all().frames()).isEmpty();
    }

    @Test
    void whoComesLaterIsToldWhoIsThere() throws Exception {
        ReactorServer server = start();
        try (Caller client = new Caller(server.address())) {
            client.send("one\n").line();
            Runnable looksAway = stage.watch();
            Frame first = stage.reel().after(-1, 30_000).get(0);
            assertThat(first.snapshot.of()).isEqualTo(1);
            assertThat(first.line(false)).contains("\"sessions\":[{\"session\":1,\"address\":\"127.0.0.1:");
            looksAway.run();
        }
        server.drain(Duration.ofSeconds(10));
    }

    /** Writes down, in words of its own, what every observer is told. */
    private static final class Witness implements ServerObserver {
        final Map<String, List<String>> seen = new LinkedHashMap<>();

        private synchronized void note(What what, long session, long first, String text) {
            seen.computeIfAbsent(Thread.currentThread().getName(), thread -> new ArrayList<>())
                    .add(what + " " + session + " " + first + " " + text);
        }

        @Override
        public void stepBegan(PassStep step) {
            note(What.valueOf(step.name()), 0, 0, null);
        }

        @Override
        public void sleeps(long millis) {
            note(What.SLEEPS, 0, millis, null);
        }

        @Override
        public void selected(int keys, boolean slept) {
            note(What.SELECTED, 0, keys, null);
        }

        @Override
        public void keyReady(long number, int readyOps) {
            note(What.KEY_READY, number, readyOps, null);
        }

        @Override
        public void letterDelivered(long number) {
            note(What.LETTER, number, 0, null);
        }

        @Override
        public void timerFired(long number, long lateNanos) {
            note(What.TIMER, number, lateNanos, null);
        }

        @Override
        public void passEnded(long nanos) {
            note(What.PASS_OVER, 0, nanos, null);
        }

        @Override
        public void wokenUp() {
            note(What.WOKEN, 0, 0, null);
        }

        @Override
        public void connected(Session session) {
            note(What.ACCEPTED, session.id(), 0, "127.0.0.1:" + session.peer().getPort());
        }

        @Override
        public void acceptedNone() {
            note(What.ACCEPT_NULL, 0, 0, null);
        }

        @Override
        public void read(Session session, int bytes) {
            note(What.READ, session.id(), bytes, null);
        }

        @Override
        public void received(Session session, String message) {
            note(What.RECEIVED, session.id(), 0, message);
        }

        @Override
        public void handedOff(int sessions, int workersStarted) {
            note(What.HANDED_OFF, 0, sessions, null);
        }

        @Override
        public void taken(Session session) {
            note(What.TAKEN, session.id(), 0, null);
        }

        @Override
        public void handled(Session session, long nanos) {
            note(What.HANDLED, session.id(), nanos, null);
        }

        @Override
        public void released(Session session, int messages, long sinceReady) {
            note(What.RELEASED, session.id(), messages, null);
        }

        @Override
        public void queued(Session session, String message) {
            note(What.QUEUED, session.id(), 0, message);
        }

        @Override
        public void written(Session session, int bytes, int messages) {
            note(What.WRITTEN, session.id(), bytes, null);
        }

        @Override
        public void writeBlocked(Session session, long waiting) {
            note(What.WRITE_BLOCKED, session.id(), waiting, null);
        }

        @Override
        public void interestChanged(Session session, int ops, PauseReason pause) {
            note(What.INTEREST, session.id(), ops, pause == null ? null : pause.name());
        }

        @Override
        public void deadlinePassed(Session session, String deadline) {
            note(What.DEADLINE, session.id(), 0, deadline);
        }

        @Override
        public void stateChanged(Session session, SessionState state) {
            note(What.STATE, session.id(), 0, state.name());
        }

        @Override
        public void closed(Session session, CloseReason reason) {
            note(What.CLOSED, session.id(), 0, reason.toString());
        }
    }
}
