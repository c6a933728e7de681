package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/** The timeouts, to the nanosecond of a clock that the test moves. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadlinesTest {
    private static final Duration TICK = Duration.ofNanos(1);

    // ---- idle

    private static HandRun idleAfter(Duration timeout) throws Exception {
        return new HandRun(HandRun.echo().idleTimeout(timeout));
    }

    @Test
    void whoExchangesNothingIsIdle() throws Exception {
        Duration timeout = Duration.ofSeconds(10);
        try (HandRun server = idleAfter(timeout);
                TestClient client = server.connect()) {
            server.advance(timeout.minus(TICK));
            client.send("awake\n");
            assertThat(server.line(client)).isEqualTo("awake");
            server.advance(timeout.minus(TICK));
            assertThat(server.reason(1)).isNull();
            server.advance(TICK);
            assertThat(client.rest()).isEmpty();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    /** What it does not take is no sign of it either. */
    @Test
    void whoIsSentMuchAndSaysNothingIsReadIdle() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        Duration timeout = Duration.ofSeconds(10);
        Duration before = Duration.ofSeconds(8);
        ReactorServer.Builder builder = HandRun.echo().readIdleTimeout(timeout);
        try (HandRun server = new HandRun(builder.selectorProvider(network))) {
            WirePeer peer = new WirePeer(network, 1_000).send("awake\n");
            server.settle();
            server.advance(before);
            server.session(0).send("x".repeat(2_000));
            server.settle();
            server.advance(timeout.minus(before).minus(TICK));
            assertThat(ending(server)).isNull();
            server.advance(TICK);
            assertThat(ending(server)).isEqualTo(CloseReason.IDLE_TIMEOUT);
            assertThat(peer.take()).startsWith("awake\n");
        }
    }

    @Test
    void whoSaysNothingAtAllIsIdleToo() throws Exception {
        Duration timeout = Duration.ofMinutes(10);
        try (HandRun server = idleAfter(timeout);
                TestClient client = server.connect()) {
            server.advance(timeout.minus(TICK));
            assertThat(server.reason(1)).isNull();
            server.advance(TICK);
            assertThat(client.rest()).isEmpty();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    @Test
    void whoIsBeingWorkedForIsNotIdle() throws Exception {
        Duration timeout = Duration.ofSeconds(10);
        try (HandRun server = idleAfter(timeout);
                TestClient client = server.connect()) {
            server.workersWork = false;
            client.send("takes a minute\n");
            server.until("read", () -> server.witness.received.size() == 1);
            for (int i = 0; i < 6; i++) {
                server.advance(timeout);
            }
            assertThat(server.reason(1)).isNull();
            server.workersWork = true;
            assertThat(server.line(client)).isEqualTo("takes a minute");
            client.send("and another\n");
            assertThat(server.line(client)).isEqualTo("and another");
            server.advance(timeout);
            assertThat(client.rest()).isEmpty();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    /** Nothing has moved for the whole time, and not a moment longer. */
    private static void assertIdleAfter(HandRun server, Duration timeout) throws Exception {
        server.settle();
        server.advance(timeout.minus(TICK));
        assertThat(ending(server)).isNull();
        server.advance(TICK);
        assertThat(ending(server)).isEqualTo(CloseReason.IDLE_TIMEOUT);
    }

    private static CloseReason ending(HandRun server) throws Exception {
        CompletableFuture<List<SessionFacts>> answer = server.inspection().sessions();
        server.pass();
        return answer.get().get(0).ending();
    }

    @Test
    void aByteOfAMessageCounts() throws Exception {
        Duration timeout = Duration.ofSeconds(10);
        try (HandRun server = new HandRun(HandRun.echo().idleTimeout(timeout).messageTimeout(Duration.ZERO));
                TestClient client = server.connect()) {
            server.advance(Duration.ofSeconds(8));
            server.read(client, "h");
            assertIdleAfter(server, timeout);
        }
    }

    @Test
    void theEndOfAHandlersTurnCounts() throws Exception {
        Duration timeout = Duration.ofSeconds(10);
        try (HandRun server =
                        new HandRun(HandRun.lines((session, message) -> {}).idleTimeout(timeout));
                TestClient client = server.connect()) {
            server.workersWork = false;
            server.read(client, "x\n");
            server.advance(Duration.ofSeconds(8));
            server.workersWork = true;
            assertIdleAfter(server, timeout);
        }
    }

    @Test
    void whatIsTakenOfARepliesRestCounts() throws Exception {
        Duration timeout = Duration.ofSeconds(10);
        String large = "x".repeat(500_000);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send(large))
                .sendBuffer(16 * 1_024)
                .idleTimeout(timeout);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            server.read(client, "go\n");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            server.advance(Duration.ofSeconds(8));
            for (int left = large.length() + 1; left > 0; ) {
                server.until("some is there", () -> client.available() > 0);
                left -= client.read(Math.min(left, client.available())).length();
            }
            assertIdleAfter(server, timeout);
        }
    }

    @Test
    void withoutATimeoutNobodyIsIdle() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.advance(Duration.ofDays(1_000));
            client.send("here I am\n");
            assertThat(server.line(client)).isEqualTo("here I am");
            server.advance(Duration.ofDays(1_000));
            assertThat(server.reason(1)).isNull();
        }
    }

    // ---- the rest of a message

    private static final Duration MESSAGE = Duration.ofSeconds(30); // the default

    @Test
    void theRestOfAMessageMustArriveInTime() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            client.send("whole\nhalf");
            assertThat(server.line(client)).isEqualTo("whole");
            server.advance(MESSAGE.minus(TICK));
            assertThat(client.available()).isZero();
            server.advance(TICK);
            assertThat(client.rest()).isEqualTo("error: the rest of the message did not arrive in time\n");
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.MESSAGE_TIMEOUT);
        }
    }

    @Test
    void byteByByteIsNotInTime() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            for (int second = 0; second < 30; second++) {
                assertThat(server.reason(1)).isNull();
                int bytes = second + 1;
                client.send("x");
                server.until("a byte read", () -> server.witness.bytesRead == bytes);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(client.rest()).startsWith("error: the rest of the message");
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.MESSAGE_TIMEOUT);
        }
    }

    @Test
    void everyMessageHasItsOwnTime() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            client.send("hal");
            for (int i = 0; i < 5; i++) {
                server.settle();
                server.advance(MESSAGE.minus(TICK));
                client.send("f\nhal");
                assertThat(server.line(client)).isEqualTo("half");
            }
            assertThat(server.reason(1)).isNull();
        }
    }

    @Test
    void theTimeInWhichItIsNotReadDoesNotCount() throws Exception {
        Duration before = Duration.ofSeconds(10);
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.read(client, "half");
            server.settle();
            server.advance(before);
            server.session(0).pauseReading();
            server.settle();
            server.advance(MESSAGE);
            server.session(0).resumeReading();
            server.settle();
            server.advance(MESSAGE.minus(before).minus(TICK));
            assertThat(client.available()).isZero();
            server.advance(TICK);
            assertThat(client.rest()).startsWith("error: the rest of the message");
        }
    }

    /** Also if there is something else that the selector is asked for meanwhile. */
    @Test
    void norDoesItWhileAReplyWaits() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        Duration before = Duration.ofSeconds(10);
        ReactorServer.Builder builder = HandRun.echo().writeTimeout(Duration.ZERO);
        try (HandRun server = new HandRun(builder.selectorProvider(network))) {
            WirePeer peer = new WirePeer(network, 1_000).send("half");
            server.settle();
            server.session(0).send("x".repeat(2_000));
            server.advance(before);
            server.session(0).pauseReading();
            server.settle();
            server.advance(MESSAGE);
            server.session(0).resumeReading();
            server.settle();
            server.advance(MESSAGE.minus(before).minus(TICK));
            assertThat(ending(server)).isNull();
            server.advance(TICK);
            assertThat(ending(server)).isEqualTo(CloseReason.MESSAGE_TIMEOUT);
            assertThat(peer.take()).as("nothing was taken until here").hasSize(1_000);
        }
    }

    @Test
    void aCharacterThatIsNotCompletedIsAMessageThatIsNot() throws Exception {
        try (HandRun server =
                        new HandRun(ReactorServer.builder(Framing.chunks()).handler(Session::send));
                TestClient client = server.connect()) {
            client.send((byte) 0xE6, (byte) 0x94);
            server.until("read", () -> server.witness.bytesRead == 2);
            server.advance(MESSAGE);
            assertThat(client.rest()).startsWith("error: the rest of the message");
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.MESSAGE_TIMEOUT);
        }
    }

    @Test
    void whoHasNotBegunAMessageHasAllTheTimeOfTheWorld() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            for (int i = 0; i < 10; i++) {
                server.advance(MESSAGE.multipliedBy(2));
            }
            client.send("at last\n");
            assertThat(server.line(client)).isEqualTo("at last");
            server.advance(MESSAGE.multipliedBy(2));
            assertThat(server.reason(1)).isNull();
        }
    }

    // ---- replies not taken

    private static final Duration WRITE = Duration.ofSeconds(30); // the default

    private static HandRun verbose() throws Exception {
        String large = "x".repeat(500_000);
        return new HandRun(
                HandRun.lines((session, message) -> session.send(large)).sendBuffer(16 * 1_024));
    }

    @Test
    void whoTakesNoneOfItsRepliesIsCutOff() throws Exception {
        try (HandRun server = verbose();
                TestClient client = server.connect(4_096)) {
            client.send("go\n");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            server.advance(WRITE.minus(TICK));
            assertThat(server.reason(1)).isNull();
            server.advance(TICK);
            for (int i = 0; i < 10 && server.reason(1) == null; i++) {
                server.advance(WRITE); // the kernel found room for a few bytes more
            }
            assertThat(server.reason(1)).isEqualTo(CloseReason.WRITE_TIMEOUT);
            assertThat(server.stats().repliesDropped()).isOne();
            assertThat(server.stats().replyBytesWaiting()).isZero();
        }
    }

    @Test
    void whoTakesThemSlowlyIsNot() throws Exception {
        try (HandRun server = verbose();
                TestClient client = server.connect(4_096)) {
            client.send("go\n");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            int taken = 0;
            int slowly = 0;
            while (server.stats().replyBytesWaiting() > 0) {
                server.settle();
                server.advance(WRITE.minus(TICK));
                assertThat(server.reason(1)).isNull();
                slowly++;
                long written = server.stats().bytesWritten();
                while (server.stats().bytesWritten() == written
                        && server.stats().replyBytesWaiting() > 0) {
                    taken += client.read(client.available()).length();
                    server.pass();
                }
            }
            assertThat(slowly).isGreaterThan(2);
            assertThat(server.stats().repliesWritten()).isOne();
            assertThat(client.read(500_001 - taken).length() + taken).isEqualTo(500_001);
        }
    }

    @Test
    void withoutALimitNobodyIsCutOff() throws Exception {
        String large = "x".repeat(500_000);
        List<String> passed = new ArrayList<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) {
                session.send(large);
            }

            @Override
            public void onMessage(Session session, String message) {}
        };
        ReactorServer.Builder builder =
                HandRun.lines(handler).sendBuffer(16 * 1_024).writeTimeout(Duration.ZERO);
        try (HandRun server = new HandRun(builder)) {
            server.engine().observe(new ServerObserver() {
                @Override
                public void deadlinePassed(Session session, String deadline) {
                    passed.add(deadline);
                }
            });
            try (TestClient client = server.connect(4_096)) {
                server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
                server.settle();
                for (int i = 0; i < 3; i++) {
                    server.advance(Duration.ofSeconds(30)); // the selector may not have reported it yet: it is tried
                }
                assertThat(server.reason(1)).isNull();
                assertThat(passed).hasSizeLessThanOrEqualTo(6); // a write and a read, each time
                for (int left = large.length() + 1; left > 0; ) {
                    server.until("some is there", () -> client.available() > 0);
                    left -= client.read(Math.min(left, client.available())).length();
                }
            }
        }
    }

    // ---- lingering

    private static final Duration LINGER = Duration.ofSeconds(2); // the default

    @Test
    void theServerLingersForThePeerToEndToo() throws Exception {
        MessageHandler handler = (session, message) -> {
            session.send("bye");
            session.close();
        };
        try (HandRun server = new HandRun(HandRun.lines(handler));
                TestClient client = server.connect()) {
            client.send("close\n");
            assertThat(server.line(client)).isEqualTo("bye");
            server.settle();
            assertThat(client.rest()).isEmpty();
            server.advance(LINGER.minus(TICK));
            client.send("still here\n");
            server.settle();
            assertThat(server.reason(1)).isNull();
            server.advance(TICK);
            assertThat(server.reason(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    /** Notes what the server's reads find. */
    private static final class Reads implements World {
        private final List<Integer> found = new ArrayList<>();

        @Override
        public void onRead(Wire wire, int count, boolean isWatched) {
            found.add(count);
        }
    }

    /** To close with unread input is a reset. But who sends on and on is not read for ever. */
    @ParameterizedTest
    @CsvSource({"0, 0, false", "17, 0, false", "17, 1, true"})
    void whatHasComeByTheEndOfLingeringIsReadUpToABound(int reads, int more, boolean isReset) throws Exception {
        int each = 64 * 1_024;
        Reads world = new Reads();
        FakeNetwork network = new FakeNetwork(world);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.close());
        try (HandRun server = new HandRun(builder.selectorProvider(network))) {
            WirePeer peer = new WirePeer(network, 5_000).send("close\n");
            server.settle();
            world.found.clear();
            peer.send("x".repeat(reads * each + more));
            server.advance(LINGER);
            assertThat(server.reason(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(peer.wire.peer.isReset()).isEqualTo(isReset);
            assertThat(world.found).filteredOn(count -> count == each).hasSize(reads);
            assertThat(world.found).as("no more than is needed").hasSize(Math.max(1, reads));
        }
    }

    /** F1: --message-timeout 0, the start of a message, a pause, and a peer that then says nothing: the probe spins. */
    @Test
    void aProbeWithoutMessageTimeoutDoesNotSpin() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().messageTimeout(Duration.ZERO));
                TestClient client = server.connect()) {
            server.read(client, "the start");
            server.session(0).pauseReading();
            server.settle();
            server.session(0).resumeReading();
            server.settle();
            assertThat(server.wouldSleep()).as("before").isTrue();
            server.advance(Duration.ofSeconds(31));
            assertThat(server.wouldSleep()).as("after the probe").isTrue();
            client.send(" and the rest\n");
            assertThat(server.line(client)).isEqualTo("the start and the rest");
        }
    }

    /** One that the server does not read, for want of request memory, is no idle one. */
    @Test
    void whoIsNotReadForWantOfMemoryIsNotIdle() throws Exception {
        String start = "x".repeat(7_000);
        ReactorServer.Builder builder = HandRun.echo()
                .requestMemory(12_000)
                .maxMessage(20_000)
                .idleTimeout(Duration.ofMillis(500))
                .lingerTimeout(Duration.ZERO);
        try (HandRun server = new HandRun(builder);
                TestClient one = server.connect();
                TestClient two = server.connect()) {
            server.read(one, start);
            server.read(two, start);
            server.settle();
            one.send("rest\n"); // in time
            server.settle();
            server.advance(Duration.ofMillis(600)); // less than a second
            assertThat(server.reason(1)).isNull();
        }
    }
}
