package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Time in which the server stood still does not count against peers: sockets are checked before sessions end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PausedProcessTest {
    private static final Duration TICK = Duration.ofNanos(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(34);

    /** Where in a pass the process stands still. */
    private enum Pause {
        /** After the selector has returned the ready keys, in the midst of reading. */
        READING {
            @Override
            void prepare(HandRun server, Runnable meanwhile) {
                server.witness.onRead = () -> {
                    server.witness.onRead = () -> {};
                    server.leap(PAUSE);
                    meanwhile.run();
                };
            }
        },
        /** In a handler on the loop's own thread. */
        HANDLING {
            @Override
            void prepare(HandRun server, Runnable meanwhile) {
                server.inTheLoop = true;
                server.witness.onHandled = () -> {
                    server.witness.onHandled = () -> {};
                    server.leap(PAUSE);
                    meanwhile.run();
                };
            }
        },
        /** Between two passes. */
        SELECTING {
            @Override
            void prepare(HandRun server, Runnable meanwhile) {
                server.leap(PAUSE);
                meanwhile.run();
            }
        };

        /** Has the time leap there, and what peers do meanwhile be done. */
        abstract void prepare(HandRun server, Runnable meanwhile) throws Exception;
    }

    private static HandRun patient() throws Exception {
        String large = "x".repeat(100_000);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
            session.send(message.equals("large") ? large : message);
            if (message.equals("close")) {
                session.close();
            }
        });
        return new HandRun(builder.messageTimeout(PATIENCE)
                .writeTimeout(PATIENCE)
                .lingerTimeout(PATIENCE)
                .highWater(200_000));
    }

    private static void say(TestClient client, String words) {
        try {
            client.send(words);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Pause.class)
    void theRestOfAMessageThatHasArrivedMeanwhileIsInTime(Pause pause) throws Exception {
        try (HandRun server = patient();
                TestClient other = server.connect();
                TestClient client = server.connect()) {
            client.send("ha");
            server.until("read", () -> server.witness.bytesRead == 2);
            server.settle();
            pause.prepare(server, () -> say(client, "lf\n"));
            other.send("hello\n");
            assertThat(server.line(client)).isEqualTo("half");
            assertThat(server.line(other)).isEqualTo("hello");
            assertThat(server.reason(2)).isNull();
        }
    }

    private static Stream<Arguments> pausesAndWords() {
        return Stream.of(Pause.values())
                .flatMap(pause -> Stream.of("whole\n", "who").map(words -> Arguments.of(pause, words)));
    }

    @ParameterizedTest
    @MethodSource("pausesAndWords")
    void whoHasSpokenMeanwhileIsNotIdle(Pause pause, String words) throws Exception {
        ReactorServer.Builder builder = HandRun.echo().idleTimeout(Duration.ofSeconds(3));
        try (HandRun server = new HandRun(builder);
                TestClient other = server.connect();
                TestClient client = server.connect()) {
            assertThat(server.line(client.send("before\n"))).isEqualTo("before");
            server.settle();
            pause.prepare(server, () -> say(client, words));
            other.send("hello\n");
            assertThat(server.line(other)).isEqualTo("hello");
            server.settle();
            assertThat(server.reason(2)).isNull();
            if (!words.endsWith("\n")) {
                client.send("le\n");
            }
            assertThat(server.line(client)).isEqualTo("whole");
        }
    }

    @ParameterizedTest
    @EnumSource(Pause.class)
    void whoHasTakenItsRepliesMeanwhileIsNotTooSlow(Pause pause) throws Exception {
        String large = "x".repeat(500_000);
        ReactorServer.Builder builder = HandRun.lines(
                        (session, message) -> session.send(message.equals("large") ? large : message))
                .writeTimeout(PATIENCE)
                .sendBuffer(16 * 1_024);
        int[] taken = new int[1];
        try (HandRun server = new HandRun(builder);
                TestClient other = server.connect();
                TestClient client = server.connect(4_096)) {
            client.send("large\n");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            pause.prepare(server, () -> taken[0] += readAvailable(client));
            other.send("hello\n");
            assertThat(server.line(other)).isEqualTo("hello");
            server.until("all is taken", () -> {
                taken[0] += readAvailable(client);
                return taken[0] == large.length() + 1 || server.reason(2) != null;
            });
            assertThat(server.reason(2)).isNull();
            assertThat(server.line(client.send("on\n"))).isEqualTo("on");
        }
    }

    private static int readAvailable(TestClient client) {
        try {
            return client.read(client.available()).length();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What has arrived while the server waits for the peer's end is unread: to close then is a reset. */
    @ParameterizedTest
    @EnumSource(Pause.class)
    void whatArrivesMeanwhileDoesNotMakeTheEndOfLingeringAReset(Pause pause) throws Exception {
        String large = "x".repeat(100_000);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    session.send(message.equals("close") ? large : message);
                    if (message.equals("close")) {
                        session.close();
                    }
                })
                .lingerTimeout(Duration.ofSeconds(2))
                .sendBuffer(400_000);
        try (HandRun server = new HandRun(builder);
                TestClient other = server.connect();
                TestClient client = server.connect(4_096)) {
            client.send("close\n");
            server.until("written", () -> server.stats().repliesWritten() == 1);
            server.settle();
            assertThat(server.reason(2)).isNull();
            pause.prepare(server, () -> say(client, "more\n"));
            other.send("hello\n");
            assertThat(server.line(other)).isEqualTo("hello");
            server.settle();
            assertThat(client.rest()).isEqualTo(large + "\n");
        }
    }

    /** One select tells of so many channels and no more. */
    @Test
    void moreWhoHaveSpokenThanOneSelectTellsOf() throws Exception {
        int count = 1_200;
        assumeTrue(mostFiles() > 2 * count + 500, "not so many files may be open");
        ReactorServer.Builder builder =
                HandRun.echo().messageTimeout(PATIENCE).idleTimeout(PATIENCE).backlog(4_096);
        try (HandRun server = new HandRun(builder)) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(server.connect());
                clients.get(i).send("ha");
            }
            server.until("read", () -> server.witness.bytesRead == 2 * count);
            server.settle();
            for (TestClient client : clients) {
                client.send("lf\n");
            }
            server.advance(PAUSE);
            server.settle();
            assertThat(server.witness.closed).isEmpty();
            for (TestClient client : clients) {
                assertThat(server.line(client)).isEqualTo("half");
            }
            TestClient.closeAll(clients);
        }
    }

    private static long mostFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : 0;
    }

    // ---- the message timeout counts time in which the server reads

    /** The time in which it was not read because it does not take its replies is not counted. */
    @ParameterizedTest
    @EnumSource(Pausing.class)
    void theTimeInWhichItIsNotReadIsNotTheMessages(Pausing pausing) throws Exception {
        String large = "x".repeat(500_000);
        ReactorServer.Builder builder = HandRun.lines(
                        (session, message) -> session.send(message.equals("large") ? large : message))
                .writeTimeout(Duration.ofHours(1))
                .messageTimeout(PATIENCE)
                .sendBuffer(16 * 1_024);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            client.send("large\nha");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            server.advance(pausing.time);
            int[] taken = new int[1];
            server.until("all is taken", () -> {
                taken[0] += readAvailable(client);
                return taken[0] == large.length() + 1;
            });
            server.settle();
            server.advance(PATIENCE.minus(Duration.ofSeconds(1)));
            assertThat(client.available()).as("refused").isZero();
            assertThat(server.line(client.send("lf\n"))).isEqualTo("half");
            client.send("ha");
            server.settle();
            server.advance(PATIENCE);
            assertThat(client.rest()).startsWith("error: the rest of the message");
        }
    }

    private enum Pausing {
        SHORT(Duration.ofSeconds(2)),
        ALMOST_AS_LONG(PATIENCE.minus(Duration.ofMillis(1_500))),
        AS_LONG(PATIENCE),
        LONGER(PATIENCE.multipliedBy(3).plus(Duration.ofSeconds(29)));

        private final Duration time;

        Pausing(Duration time) {
            this.time = time;
        }
    }

    /** Nor the time for which its messages wait for a worker, and it therefore is not read. */
    @Test
    void norIsTheTimeForWhichItsMessagesWaitForAWorker() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().laneLimit(1).messageTimeout(PATIENCE));
                TestClient client = server.connect()) {
            server.workersWork = false;
            client.send("one\ntwo\nha");
            server.until("read", () -> server.witness.received.size() == 1);
            server.settle();
            server.advance(PATIENCE.minus(Duration.ofSeconds(1)));
            server.workersWork = true;
            assertThat(server.line(client)).isEqualTo("one");
            assertThat(server.line(client)).isEqualTo("two");
            server.advance(PATIENCE.minus(Duration.ofSeconds(1)));
            assertThat(server.line(client.send("lf\n"))).isEqualTo("half");
        }
    }

    // ---- idle

    private static final Duration IDLE = Duration.ofSeconds(2);

    /** A reply waits to be written, and that none of it was for a while is the write timeout's matter. */
    @Test
    void whoReadsSlowlyIsNotIdle() throws Exception {
        String large = "x".repeat(500_000);
        ReactorServer.Builder builder = HandRun.lines(
                        (session, message) -> session.send(message.equals("large") ? large : message))
                .idleTimeout(IDLE)
                .writeTimeout(PATIENCE)
                .sendBuffer(16 * 1_024);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            client.send("large\n");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            server.advance(IDLE.multipliedBy(5));
            int[] taken = new int[1];
            server.until("all is taken", () -> {
                taken[0] += readAvailable(client);
                return taken[0] == large.length() + 1 || server.reason(1) != null;
            });
            server.settle();
            assertThat(server.reason(1)).isNull();
            assertThat(server.line(client.send("on\n"))).isEqualTo("on");
            server.settle();
            server.advance(IDLE.minus(TICK));
            assertThat(server.reason(1)).isNull();
            server.advance(TICK);
            assertThat(client.rest()).isEmpty();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }

    /** Or what the client says at that moment would destroy what is on its way to it. */
    @Test
    void whoIsIdleIsNotReset() throws Exception {
        String large = "x".repeat(100_000);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send(large))
                .idleTimeout(IDLE)
                .lingerTimeout(Duration.ofSeconds(10))
                .sendBuffer(400_000);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            client.send("large\n");
            server.until("written", () -> server.stats().repliesWritten() == 1);
            server.settle();
            server.advance(IDLE);
            client.send("are you there?\n");
            server.settle();
            assertThat(client.rest()).isEqualTo(large + "\n");
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
        }
    }
}
