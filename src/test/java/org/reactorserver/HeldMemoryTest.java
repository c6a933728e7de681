package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/** What a client makes the server hold is counted by what it costs in heap, and is bounded. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeldMemoryTest {

    // ---- sessions that are gone

    /** A place is free as soon as its client is gone; what it has left behind is still there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_000_000})
    void whatLostSessionsLeaveBehindIsBounded(int perAddress) throws Exception {
        int sessions = 1_500;
        int lines = 60;
        byte[] request = ("x".repeat(9) + "\n").repeat(lines).getBytes(StandardCharsets.US_ASCII);
        ReactorServer.Builder builder = HandRun.echo()
                .maxConnections(10)
                .maxConnectionsPerIp(perAddress)
                .laneLimit(1 << 20);
        try (HandRun server = new HandRun(builder)) {
            server.workersWork = false;
            for (int i = 1; i <= sessions; i++) {
                TestClient client = server.connect();
                client.send(request);
                long all = (long) i * request.length;
                server.until("read", () -> server.stats().bytesRead() == all);
                client.reset();
                server.until("its place is free", () -> server.stats().open() == 0);
            }
            server.settle();
            long waiting = waiting(server);
            assertThat(waiting).as("messages that wait").isLessThan((long) sessions * lines / 2);
            assertThat(server.stats().messagesDropped()).isPositive();
            server.workersWork = true;
            server.settle();
            server.until("the rest is handled", () -> waiting(server) == 0);
            TestClient polite = server.connect().send("hello\n");
            assertThat(server.line(polite)).isEqualTo("hello");
            polite.close();
        }
    }

    private static long waiting(HandRun server) {
        ServerStats stats = server.stats();
        return stats.messagesRead() - stats.messagesHandled() - stats.messagesDropped();
    }

    // ---- replies

    private static Stream<Arguments> smallReplies() {
        return Stream.of(
                Arguments.of(Framing.lines(), ""),
                Arguments.of(Framing.lines(), "x"),
                Arguments.of(Framing.lengthPrefixed(), ""),
                Arguments.of(Framing.lengthPrefixed(), "x"));
    }

    /** An empty line is one byte on the wire, and an array and its place in a queue in the heap. */
    @ParameterizedTest
    @MethodSource("smallReplies")
    void aReplyThatWaitsCountsMoreThanItsBytes(Framing framing, String reply) throws Exception {
        int highWater = 32 * 1_024;
        int perTurn = 64;
        ReactorServer.Builder builder = ReactorServer.builder(framing)
                .handler((session, message) -> session.send(reply))
                .messagesPerTurn(perTurn)
                .highWater(highWater)
                .sendBuffer(4_096);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            ByteBuffer empty = ByteBuffer.allocate(5);
            framing.put(new byte[0], 0, empty);
            byte[] requests = repeat(empty, 1_000);
            long handled = -1;
            for (int i = 0; i < 100 && server.stats().messagesHandled() > handled; i++) {
                handled = server.stats().messagesHandled();
                client.send(requests);
                server.settle();
            }
            long replies = server.stats().messagesHandled() - server.stats().repliesWritten();
            assertThat(replies).as("replies that wait").isPositive().isLessThanOrEqualTo(highWater / 32 + perTurn);
        }
    }

    private static byte[] repeat(ByteBuffer frame, int count) {
        byte[] all = new byte[frame.flip().remaining() * count];
        for (int i = 0; i < count; i++) {
            frame.duplicate().get(all, i * frame.remaining(), frame.remaining());
        }
        return all;
    }

    /** The budget for all of them, too. */
    @Test
    void smallRepliesToManyUseUpTheBudgetForAll() throws Exception {
        int each = 1_000;
        long budget = 20L * each;
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    for (int i = 0; i < 10 * each; i++) {
                        session.send("");
                    }
                })
                .replyMemory(budget)
                .sendBuffer(4_096);
        try (HandRun server = new HandRun(builder)) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(server.connect(4_096).send("go\n"));
            }
            server.until("handled", () -> server.stats().messagesHandled() == 4);
            for (int i = 0; i < 5; i++) { // a budget may be given a little time
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(server.stats().closed().get(CloseReason.REPLY_MEMORY_EXHAUSTED)
                            + server.stats().closed().get(CloseReason.OUTBOX_FULL))
                    .isPositive();
            TestClient polite = server.connect();
            polite.leave();
            TestClient.closeAll(clients);
        }
    }

    // ---- messages

    private static final String LARGE = "x".repeat(5_700); // as a message it is too much, and not by a quarter

    /** One that holds none may have a small one, however little room a lane has. */
    @ParameterizedTest
    @ValueSource(ints = {479, 480})
    void whatMayBeTooLargeAMessageWaitsUntilThereIsRoom(int length) throws Exception {
        String line = "y".repeat(length);
        try (HandRun server = new HandRun(HandRun.echo().messageMemory(10_000).laneLimit(500));
                TestClient large = server.connect();
                TestClient other = server.connect()) {
            server.workersWork = false;
            server.read(large, LARGE + "\n");
            server.read(other, line + "\n");
            server.settle();
            boolean isSmall = 64 + 2 * (length + 1) <= 1_024; // what each may hold
            assertThat(server.witness.received).hasSize(isSmall ? 2 : 1);
            assertThat(server.stats().requestBytesWaiting() > 0).isNotEqualTo(isSmall);
            server.workersWork = true;
            server.settle();
            assertThat(server.witness.received).containsExactly(LARGE, line);
            assertThat(server.line(other)).isEqualTo(line);
        }
    }

    /** One message waits to be handled and another one, of the same weight, to be answered. */
    @Test
    void whatIsSmallForOneThatHoldsNothingMayBeTooMuchForOneThatDoes() throws Exception {
        String line = "y".repeat(450);
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines())
                .asyncHandler((session, message) ->
                        message.equals("a") ? new CompletableFuture<>() : CompletableFuture.completedFuture(message))
                .messageMemory(10_000);
        try (HandRun server = new HandRun(builder);
                TestClient large = server.connect();
                TestClient other = server.connect()) {
            server.read(other, "a\n");
            server.settle();
            server.workersWork = false;
            server.read(other, "b\n");
            server.read(large, LARGE + "\n");
            server.settle();
            server.read(other, line + "\n");
            server.settle();
            assertThat(server.witness.received).containsExactly("a", "b", LARGE);
            server.workersWork = true;
            server.settle();
            assertThat(server.witness.received).containsExactly("a", "b", LARGE, line);
        }
    }

    /** A handler that is at work has sent the most, and the loop has not been told: it can still leave. */
    @Test
    void whatHasNotBeenTriedToWriteIsWrittenBeforeItIsTooMuch() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        String most = "x".repeat(14_000);
        HandRun[] servers = new HandRun[1];
        List<Long> written = new ArrayList<>();
        MessageHandler handler = (session, message) -> {
            session.send(most);
            servers[0].session(0).send("y".repeat(11_000)); // far too much in all, with what it cannot take
            for (int i = 0; i < 3; i++) {
                servers[0].pass();
            }
            written.add(servers[0].stats().repliesWritten());
        };
        ReactorServer.Builder builder =
                HandRun.lines(handler).replyMemory(8_000).selectorProvider(network);
        try (HandRun server = new HandRun(builder)) {
            servers[0] = server;
            Wire stuck = new Wire(new InetSocketAddress("127.0.0.2", 10_000), 100, 100);
            Wire busy = new Wire(new InetSocketAddress("127.0.0.3", 10_000), 20_000, 100);
            for (Wire wire : List.of(stuck, busy)) {
                network.listeners().get(0).offer(wire);
                server.settle();
            }
            busy.peer.write(ByteBuffer.wrap(new byte[] {'\n'}), 1);
            busy.peer.transfer(1);
            server.settle();
            assertThat(written).containsExactly(1L);
            assertThat(server.reason(2)).isNull();
        }
    }

    // ---- bytes that are not decoded

    /** A long line was there; what is left over of the next one is a byte, in the same array. */
    @Test
    void whatIsLeftOverOfInputCostsWhatItCounts() throws Exception {
        int sessions = 300;
        int length = 60_000;
        byte[] line = new byte[length + 2];
        Arrays.fill(line, (byte) 'x');
        line[length] = '\n';
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {})
                .requestMemory(100_000_000)
                .backlog(1_000);
        try (HandRun server = new HandRun(builder)) {
            long before = usedHeap();
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                TestClient client = server.connect();
                clients.add(client);
                for (int from = 0; from < line.length; from += 30_001) { // in parts, so that it is put together
                    client.send(Arrays.copyOfRange(line, from, Math.min(line.length, from + 30_001)));
                    server.settle();
                }
            }
            server.until("handled", () -> server.stats().messagesHandled() == sessions);
            server.witness.received.clear();
            server.settle();
            long after = usedHeap();
            assertThat((after - before) / sessions).as("bytes of heap for each").isLessThan(length / 4);
            TestClient.closeAll(clients);
        }
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    // ---- what a read costs

    /** Of the processor's time, by the same thread, so that it is the same machine that is compared. */
    @Test
    void whatAReadCostsDoesNotDependOnWhatIsHeld() throws Exception {
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {}).maxMessage(64 << 20);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            byte[] little = {'x'};
            sendAndRead(server, client, little, 2_000); // warm
            long atFirst = costOf(server, client, little);
            sendAndRead(server, client, new byte[48 * 1_024], 500); // 24 MB are held now
            long later = costOf(server, client, little);
            assertThat(later).as("ns, of first " + atFirst).isLessThan(10 * atFirst);
        }
    }

    private static long costOf(HandRun server, TestClient client, byte[] piece) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        sendAndRead(server, client, piece, 200);
        return threads.getCurrentThreadCpuTime() - before;
    }

    private static void sendAndRead(HandRun server, TestClient client, byte[] piece, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            long expected = server.witness.bytesRead + piece.length;
            client.send(piece);
            server.until("read", () -> server.witness.bytesRead == expected);
        }
    }

    // ---- what is of no use any more

    @Test
    void whatTheEndOfTheStreamCutsOffIsNotHeldWhileTheRestIsHandled() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.workersWork = false;
            server.read(client, "whole\nhalf");
            server.settle();
            assertThat(server.stats().requestBytesWaiting()).isPositive();
            client.endOutput();
            server.until("its end is read", () -> server.stats().requestBytesWaiting() == 0);
            assertThat(server.stats().messageBytesWaiting()).isPositive();
            server.workersWork = true;
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.TRUNCATED_MESSAGE);
        }
    }
}
