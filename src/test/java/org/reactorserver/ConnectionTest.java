package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.crossing.Message;
import org.reactorserver.loop.LoopProbe;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/** What a connection costs the loop, which its client does not see. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionTest {

    private static boolean hasNoTimers(HandRun server) throws IOException {
        server.advance(Duration.ofSeconds(1)); // that of the workers has passed
        return LoopProbe.hasNoTimers(server.engine().loop());
    }

    private static int bulk(HandRun server) throws IOException {
        server.settle();
        return LoopProbe.bulk(server.engine().loop());
    }

    // ---- timers

    @Test
    void oneThatIsIdleNeedsNoTimer() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            assertThat(hasNoTimers(server))
                    .as("the selector has proved nothing")
                    .isFalse();
            server.read(client, "x\n");
            assertThat(hasNoTimers(server)).isTrue();
            server.read(client, "half");
            assertThat(hasNoTimers(server)).as("the rest is awaited").isFalse();
        }
    }

    @Test
    void oneThatIsClosedLeavesNoTimer() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.read(client, "half");
            assertThat(hasNoTimers(server)).isFalse();
            client.reset();
            server.untilClosed(1);
            assertThat(hasNoTimers(server)).isTrue();
        }
    }

    @Test
    void aTimerStaysWhereItIsSetWhileItsSessionIsBusy() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().idleTimeout(Duration.ofSeconds(10)));
                TestClient client = server.connect()) {
            server.read(client, "x\n");
            server.advance(Duration.ofSeconds(1));
            long before = LoopProbe.nextDeadline(server.engine().loop(), 0);
            server.read(client, "y\n");
            server.advance(Duration.ofSeconds(1));
            assertThat(LoopProbe.nextDeadline(server.engine().loop(), 0)).isEqualTo(before);
        }
    }

    @Test
    void whatIsWatchedAnewHasAllTheTimeToShowIt() throws Exception {
        List<String> passed = new ArrayList<>();
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.engine().observe(new ServerObserver() {
                @Override
                public void deadlinePassed(Session session, String deadline) {
                    passed.add(deadline);
                }
            });
            server.read(client, "x\n");
            server.advance(Duration.ofSeconds(20));
            server.session(0).pauseReading();
            server.settle();
            server.advance(Duration.ofSeconds(60));
            server.session(0).resumeReading();
            server.settle();
            server.advance(Duration.ofSeconds(29));
            assertThat(passed).isEmpty();
            server.advance(Duration.ofSeconds(1));
            assertThat(passed).as("the selector has reported nothing since").hasSize(1);
        }
    }

    /** Each of its messages is awaited for a time, and it is one and the same timer that watches. */
    @Test
    void aSessionHasOneTimer() throws Exception {
        List<Long> fired = new ArrayList<>();
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.engine().observe(new ServerObserver() {
                @Override
                public void timerFired(long number, long lateNanos) {
                    fired.add(number);
                }
            });
            for (int i = 0; i < 5; i++) {
                server.read(client, "ha");
                server.advance(Duration.ofSeconds(1));
                client.send("lf\n");
                assertThat(server.line(client)).isEqualTo("half");
                server.settle();
            }
            for (int i = 0; i < 5; i++) {
                server.advance(Duration.ofSeconds(30));
            }
            assertThat(fired).filteredOn(number -> number == 1).hasSize(1);
            assertThat(server.reason(1)).isNull();
        }
    }

    // ---- in bulk

    @Test
    void whoSendsMuchAtATimeIsServedLater() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.read(client, "x".repeat(4_095) + "\n");
            assertThat(bulk(server)).isZero();
            server.read(client, "x".repeat(4_096) + "\n");
            assertThat(bulk(server)).isOne();
            server.read(client, "x\n");
            assertThat(bulk(server)).isZero();
        }
    }

    /** There is one small message of it in the lane, and there are many that wait for room there. */
    @Test
    void whoSendsManyAtATimeIsHandledLater() throws Exception {
        List<String> handled = new ArrayList<>();
        ReactorServer.Builder builder =
                HandRun.lines((session, message) -> handled.add(message)).laneLimit(1);
        try (HandRun server = new HandRun(builder);
                TestClient many = server.connect();
                TestClient one = server.connect()) {
            server.workersWork = false;
            server.read(many, "many\n".repeat(1_000));
            server.read(one, "one\n");
            server.settle();
            server.workersWork = true;
            server.settle();
            assertThat(handled).startsWith("one", "many");
        }
    }

    @Test
    void whoIsOwedMuchIsServedLater() throws Exception {
        String large = "x".repeat(4_000_000);
        ReactorServer.Builder builder =
                HandRun.lines((session, message) -> session.send(large)).sendBuffer(4_096);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096);
                TestClient other = server.connect()) {
            server.read(client, "x\n");
            assertThat(bulk(server)).isOne();
            assertThat(other).isNotNull();
        }
    }

    // ---- reads

    /** Messages are taken in until they weigh as much as may wait, and the next one is not. */
    @Test
    void whatFillsTheLaneIsAllThatIsDecoded() throws Exception {
        int weight = Message.weight("x");
        try (HandRun server = new HandRun(HandRun.echo().laneLimit(2 * weight));
                TestClient client = server.connect()) {
            server.workersWork = false;
            server.read(client, "x\n".repeat(5));
            server.settle();
            assertThat(server.witness.received).hasSize(2);
            server.workersWork = true;
            server.until("the rest", () -> server.witness.received.size() == 5);
        }
    }

    @Test
    void anotherCharsetIsRecognised() throws Exception {
        String greeting = "你好，世界。今天的天气很好。";
        try (Captured log = Captured.withInfo();
                HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            client.send((greeting + "\n").getBytes("GBK"));
            client.endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.INVALID_UTF8);
            assertThat(log.lines("the message is not UTF-8, and probably GBK, \"" + greeting + "\": --charset GBK"))
                    .hasSize(1);
        }
    }

    @Test
    void aLastLineCountsAsAnyMessage() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().lastLine(true));
                TestClient client = server.connect();
                TestClient other = server.connect()) {
            server.workersWork = false;
            server.read(client, "the last");
            client.endOutput();
            server.until("it is taken", () -> server.stats().messagesRead() == 1);
            server.settle();
            long last = server.stats().messageBytesWaiting();
            server.read(other, "the last\n");
            server.settle();
            assertThat(server.stats().messageBytesWaiting()).isEqualTo(2 * last).isPositive();
            server.workersWork = true;
            assertThat(server.line(client)).isEqualTo("the last");
        }
    }

    @Test
    void onlyWhatComesFirstIsTakenForTls() throws Exception {
        String hello = "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0001";
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            server.read(first, hello + "\n");
            first.endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.TLS_NOT_SPOKEN);
            server.read(second, "x\n");
            assertThat(server.line(second)).isEqualTo("x");
            server.read(second, hello + "\n");
            assertThat(server.line(second)).isEqualTo(hello);
        }
    }

    @Test
    void whatIsNotDecodedWhenItsSessionIsClosedStaysSo() throws Exception {
        try (HandRun server = new HandRun(
                        HandRun.lines((session, message) -> session.close()).laneLimit(1));
                TestClient client = server.connect()) {
            server.read(client, "x\ny\n");
            server.settle();
            assertThat(server.witness.received).containsExactly("x");
            assertThat(server.stats().requestBytesWaiting()).isZero();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    // ---- writes

    @Test
    void whatIsBlockedIsTriedAgainOnlyWhenThereIsRoom() throws Exception {
        List<Long> blocked = new ArrayList<>();
        String large = "x".repeat(4_000_000);
        ReactorServer.Builder builder = HandRun.lines(
                        (session, message) -> session.send(message.equals("large") ? large : message))
                .highWater(100_000_000)
                .sendBuffer(4_096);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            server.engine().observe(new ServerObserver() {
                @Override
                public void writeBlocked(Session session, long bytes) {
                    blocked.add(bytes);
                }
            });
            server.read(client, "large\n");
            server.settle();
            int tried = blocked.size();
            assertThat(tried).isPositive();
            for (int i = 0; i < 10; i++) {
                server.read(client, "small\n");
                server.settle();
            }
            assertThat(blocked).as("writes that were tried").hasSizeLessThan(tried + 10);
        }
    }

    /** There is more of it, which is not known to be little. */
    @Test
    void whoseInputDoesNotFitIsServedLater() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        try (HandRun server = new HandRun(TlsPeer.on(network, HandRun.echo()))) {
            TlsPeer peer =
                    new TlsPeer(network, "127.0.0.2", 5_000).greet(server).finish();
            server.until("served", () -> server.witness.connected.size() == 1);
            server.settle();
            for (int i = 0; i < 400; i++) {
                peer.send(i % 32 == 0 ? "x\n" : ""); // more records than are gone through in a pass
            }
            server.pass();
            assertThat(LoopProbe.bulk(server.engine().loop())).isOne();
        }
    }

    // ---- writes

    /** Notes what the server's writes have come to. */
    private static final class Writes implements World {
        private final List<Integer> counts = new ArrayList<>();

        @Override
        public void onWritten(Wire wire, int count, boolean isShort, boolean isAwaited) {
            counts.add(count);
        }
    }

    /** What each pass writes of such a reply to one who has room for so much. */
    private static void assertWrites(int reply, int room, List<List<Integer>> expected) throws IOException {
        Writes world = new Writes();
        FakeNetwork network = new FakeNetwork(world);
        try (HandRun server = new HandRun(HandRun.echo().selectorProvider(network))) {
            new WirePeer(network, room);
            server.settle();
            server.session(0).send("x".repeat(reply - 1));
            List<List<Integer>> written = new ArrayList<>();
            for (int i = 0; i < expected.size(); i++) {
                world.counts.clear();
                server.pass();
                written.add(List.copyOf(world.counts));
            }
            assertThat(written).isEqualTo(expected);
        }
    }

    @Test
    void aPassWritesAsMuchAsThereIsRoomForWithinBounds() throws Exception {
        int full = 64 * 1_024;
        assertWrites(6 * full, 6 * full, List.of(List.of(full, full, full, full), List.of(full, full), List.of()));
        assertWrites(10, 1_000, List.of(List.of(10), List.of()));
        assertWrites(3 * full, full + 10, List.of(List.of(full, 10), List.of()));
    }
}
