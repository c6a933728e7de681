package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.World;

/** A client that does not read is not read, costs bounded memory, and loses nothing when it goes on. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackpressureTest {
    /** How long a budget that does not suffice is waited with. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int MESSAGES = 5_000;
    private static final int REPLY = 1_000;
    private static final int HIGH_WATER = 32 * 1_024;
    private static final int LANE_LIMIT = 16 * 1_024;

    /** A message weighs two bytes for each of its 4 characters and 64 more. */
    private static final long MOST_WAITING = LANE_LIMIT / 72 + 1;

    private static ReactorServer.Builder talkative() {
        String padding = "x".repeat(REPLY - 4);
        return HandRun.lines((session, message) -> session.send(message + padding))
                .highWater(HIGH_WATER)
                .laneLimit(LANE_LIMIT)
                .sendBuffer(16 * 1_024);
    }

    private static String messages() {
        StringBuilder messages = new StringBuilder();
        for (int i = 0; i < MESSAGES; i++) {
            messages.append("%04d\n".formatted(i));
        }
        return messages.toString();
    }

    private static void assertBounded(HandRun server) {
        ServerStats stats = server.stats();
        assertThat(stats.replyBytesWaiting()).isLessThanOrEqualTo(HIGH_WATER + REPLY + 32);
        assertThat(stats.messagesRead() - stats.messagesHandled()).isLessThanOrEqualTo(MOST_WAITING);
    }

    @Test
    void aClientThatNeverReadsIsNotReadAndGetsEverythingWhenItReadsAgain() throws Exception {
        try (HandRun server = new HandRun(talkative());
                TestClient client = server.connect(4_096)) {
            client.send(messages()); // 50 KB: the kernel takes them
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > HIGH_WATER);
            for (int i = 0; i < 500; i++) {
                server.pass();
                assertBounded(server);
            }
            assertThat(server.stats().messagesHandled())
                    .as("handled for one who does not read")
                    .isLessThan(MESSAGES / 2);

            for (int i = 0; i < MESSAGES; i++) {
                server.until("another reply", () -> client.available() > REPLY);
                assertThat(client.line()).startsWith("%04dxx".formatted(i)).hasSize(REPLY);
                assertBounded(server);
            }
            assertThat(server.stats().repliesWritten()).isEqualTo(MESSAGES);
            assertThat(server.stats().replyBytesWaiting()).isZero();
        }
    }

    @Test
    void notAByteIsReadOfOneForWhomTooManyRepliesWait() throws Exception {
        String large = "x".repeat(500_000);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send(large))
                .highWater(HIGH_WATER)
                .sendBuffer(16 * 1_024);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            client.send("go\n");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > HIGH_WATER);
            client.send("and again\n");
            for (int i = 0; i < 100; i++) {
                server.pass();
                assertThat(server.stats().bytesRead()).isEqualTo(3);
            }
            int left = large.length() + 1;
            while (server.stats().bytesRead() == 3) {
                assertThat(left).as("bytes before it is read again").isPositive();
                left -= client.read(Math.min(left, client.available())).length();
                server.pass();
            }
            assertThat(server.stats().bytesRead()).isEqualTo(13);
        }
    }

    @Test
    void aFullLaneStopsTheReadingAndAnEmptyOneResumesIt() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().laneLimit(LANE_LIMIT));
                TestClient client = server.connect()) {
            server.workersWork = false;
            client.send(messages()).send(messages()).send(messages());
            for (int i = 0; i < 500; i++) {
                server.pass();
                assertThat(server.stats().messagesRead()).isLessThanOrEqualTo(MOST_WAITING);
            }
            assertThat(server.stats().bytesRead())
                    .as("read for workers that are all busy")
                    .isLessThanOrEqualTo(64 * 1_024);
            server.workersWork = true;
            for (int i = 0; i < 3 * MESSAGES; i++) {
                assertThat(server.line(client)).isEqualTo("%04d".formatted(i % MESSAGES));
            }
        }
    }

    @Test
    void moreRepliesThanTheOutboxMayHoldEndTheSession() throws Exception {
        List<Boolean> taken = new ArrayList<>();
        String large = "x".repeat(60_000);
        MessageHandler handler = (session, message) -> {
            for (int i = 0; i < 4; i++) {
                taken.add(session.send(large));
            }
        };
        try (HandRun server = new HandRun(HandRun.lines(handler).outboxLimit(130_000));
                TestClient client = server.connect(4_096)) {
            client.send("flood me\n");
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.OUTBOX_FULL);
            assertThat(taken).containsExactly(true, true, false, false);
            server.settle();
            assertThat(server.stats().repliesWritten() + server.stats().repliesDropped())
                    .isEqualTo(2);
            assertThat(server.stats().replyBytesWaiting()).isZero();
        }
    }

    @Test
    void aSingleReplyMayBeOfAnySize() throws Exception {
        String huge = "x".repeat(3_000_000);
        try (HandRun server = new HandRun(
                        HandRun.lines((session, message) -> session.send(huge)).outboxLimit(1_000));
                TestClient client = server.connect()) {
            client.send("the lot\n");
            int left = huge.length() + 1;
            while (left > 0) {
                server.until("more of it", () -> client.available() > 0);
                int some = Math.min(left, client.available());
                assertThat(client.read(some)).hasSize(some);
                left -= some;
            }
            assertThat(server.reason(1)).isNull();
        }
    }

    @Test
    void whenAllWaitingRepliesAreTooMuchForASecondTheLargestHolderIsEnded() throws Exception {
        String large = "x".repeat(700_000);
        Map<String, String> replies =
                Map.of("small", "ok", "large", large, "largest", large + large.substring(0, 100_000));
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send(replies.get(message)))
                .sendBuffer(16 * 1_024)
                .replyMemory(2_000_000);
        try (HandRun server = new HandRun(builder)) {
            List<TestClient> greedy = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                greedy.add(server.connect(4_096).send(i == 3 ? "largest\n" : "large\n"));
                int handled = i;
                server.until("handled for " + i, () -> server.stats().messagesHandled() == handled);
                server.settle();
            }
            assertThat(server.stats().replyBytesWaiting()).isGreaterThan(2_000_000L);
            server.advance(PATIENCE.minusNanos(1));
            assertThat(server.witness.closed).isEmpty();
            server.advance(Duration.ofNanos(1));
            assertThat(server.stats().replyBytesWaiting()).isBetween(1L, 2_000_000L);
            assertThat(server.untilClosed(3)).isEqualTo(CloseReason.REPLY_MEMORY_EXHAUSTED);
            assertThat(server.witness.closed).hasSize(1);
            try (TestClient modest = server.connect()) {
                modest.send("small\n");
                assertThat(server.line(modest)).isEqualTo("ok");
            }
            close(greedy);
        }
    }

    /** It has got another error, and no second one; what its transport holds is too much all the same. */
    @Test
    void whoHasGotItsErrorAndHoldsTooMuchIsClosedAfterASecond() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        ReactorServer.Builder builder =
                HandRun.echo().requestMemory(1_000).maxMessage(10).lingerTimeout(Duration.ofSeconds(10));
        try (HandRun server = new HandRun(TlsPeer.on(network, builder))) {
            TlsPeer peer = served(server, network, "127.0.0.2");
            peer.send("longer than it may be\n");
            server.until("told", () -> server.stats().repliesWritten() == 1);
            peer.begin(2_000);
            server.settle();
            assertThat(server.stats().requestBytesWaiting()).isGreaterThan(1_250);
            assertThat(server.reason(1)).isNull();
            server.advance(PATIENCE);
            assertThat(server.reason(1)).isEqualTo(CloseReason.MESSAGE_TOO_LARGE);
            assertThat(server.stats().repliesWritten()).isOne();
        }
    }

    @Test
    void whenAllUnfinishedMessagesAreTooMuchForASecondTheLargestHolderIsEnded() throws Exception {
        String half = "x".repeat(7_000);
        ReactorServer.Builder builder = HandRun.echo().requestMemory(20_000);
        try (HandRun server = new HandRun(builder)) {
            List<TestClient> greedy = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                String begun = i == 3 ? half + half.substring(0, 1_000) : half;
                greedy.add(server.connect().send(begun));
                long read = server.stats().bytesRead() + begun.length();
                server.until("read", () -> server.stats().bytesRead() == read);
            }
            assertThat(server.stats().requestBytesWaiting()).isGreaterThan(20_000);
            server.advance(PATIENCE.minusNanos(1));
            assertThat(greedy.get(2).available()).isZero();
            server.advance(Duration.ofNanos(1));
            assertThat(server.line(greedy.get(2))).isEqualTo("error: too much waiting from all peers");
            greedy.get(2).reset();
            assertThat(server.untilClosed(3)).isEqualTo(CloseReason.REQUEST_MEMORY_EXHAUSTED);
            assertThat(server.witness.closed).hasSize(1);
            for (int i = 0; i < 2; i++) {
                greedy.get(i).send("\n");
                assertThat(server.line(greedy.get(i))).isEqualTo(half);
            }
            try (TestClient next = server.connect().send(half)) {
                server.settle();
                next.send("\n");
                assertThat(server.line(next)).as("when there is room again").isEqualTo(half);
            }
            close(greedy.subList(0, 2));
        }
    }

    private static TlsPeer served(HandRun server, FakeNetwork network, String host) throws IOException {
        int before = server.witness.connected.size();
        TlsPeer peer = new TlsPeer(network, host, 5_000).greet(server).finish();
        server.until("served", () -> server.witness.connected.size() > before);
        return peer;
    }

    private static void close(List<TestClient> clients) throws IOException {
        for (TestClient client : clients) {
            client.reset();
        }
    }

    /** While one that was told has its second, others are not ended in its place. */
    @Test
    void whileOneIsToldNoOtherIsEndedForWhatItHolds() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        ReactorServer.Builder builder =
                HandRun.echo().requestMemory(1_000).maxMessage(10).lingerTimeout(Duration.ofSeconds(10));
        try (HandRun server = new HandRun(TlsPeer.on(network, builder))) {
            TlsPeer small = served(server, network, "127.0.0.3");
            small.send("abc");
            server.settle();
            TlsPeer peer = served(server, network, "127.0.0.2");
            peer.send("longer than it may be\n");
            server.until("told", () -> server.stats().repliesWritten() == 1);
            peer.begin(2_000);
            server.settle();
            assertThat(server.stats().requestBytesWaiting()).isGreaterThan(1_250);
            small.send("de\n");
            server.settle();
            assertThat(server.stats().messagesHandled()).isOne();
            assertThat(server.stats().repliesWritten()).isEqualTo(2);
            assertThat(server.reason(1)).isNull();
        }
    }

    /** Who holds less than its share goes on also if its share has grown meanwhile. */
    @Test
    void whoseShareGrowsGoesOn() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().requestMemory(10_000).maxMessage(20_000));
                TestClient large = server.connect();
                TestClient middle = server.connect();
                TestClient small = server.connect()) {
            server.read(large, "x".repeat(6_900));
            server.read(middle, "y".repeat(3_400));
            server.read(small, "z".repeat(500));
            server.settle();
            middle.send("\n");
            server.settle();
            assertThat(server.stats().messagesRead()).isZero(); // 3,456 of a third of 10,000
            small.send("\n");
            assertThat(server.line(small)).hasSize(500);
            server.settle();
            server.advance(Duration.ofMillis(900));
            assertThat(server.stats().messagesRead()).as("with half of 10,000").isEqualTo(2);
        }
    }

    /** What that comes to. */
    @Test
    void whoHoldsMostIsNotEndedWhileOthersCouldGoOn() throws Exception {
        try (HandRun server = new HandRun(
                        HandRun.echo().requestMemory(10_000).maxMessage(20_000).lingerTimeout(Duration.ZERO));
                TestClient large = server.connect();
                TestClient middle = server.connect();
                TestClient small = server.connect()) {
            server.read(large, "x".repeat(6_900));
            server.read(middle, "y".repeat(3_400));
            server.read(small, "z".repeat(500));
            server.settle();
            middle.send("\n");
            server.settle();
            small.send("\n");
            assertThat(server.line(small)).hasSize(500);
            for (int i = 0; i < 50; i++) {
                server.advance(Duration.ofMillis(50));
            }
            assertThat(server.reason(1)).isNull();
        }
    }

    /** Many that are read in one pass: each counts before the next one is. */
    @Test
    void whatIsReadInOnePassIsNoMoreThanTheMemoryForIt() throws Exception {
        long limit = 20_000;
        try (HandRun server = new HandRun(HandRun.echo().requestMemory(limit))) {
            List<TestClient> greedy = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                greedy.add(server.connect());
            }
            for (TestClient each : greedy) {
                each.send("x".repeat(10_000));
            }
            server.pass();
            assertThat(server.stats().requestBytesWaiting())
                    .isBetween(limit, limit + limit / 8 + 11_000 + greedy.size() * 1_100L);
            for (TestClient each : greedy) {
                each.close();
            }
        }
    }

    /** Who waits for a late reply holds what it has asked for; it is not another one that pays for that. */
    @Test
    void whoseRequestsAreAnsweredAtOnceIsNotEndedForThoseOfOthers() throws Exception {
        String large = "x".repeat(5_000);
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines())
                .asyncHandler((session, message) ->
                        message.length() < 10 ? CompletableFuture.completedFuture(message) : new CompletableFuture<>())
                .messageMemory(9_000);
        try (HandRun server = new HandRun(builder);
                TestClient small = server.connect();
                TestClient greedy = server.connect()) {
            server.read(greedy, large + "\n");
            server.settle();
            assertThat(server.stats().messageBytesWaiting()).isGreaterThan(10_000);
            for (int i = 0; i < 10; i++) {
                server.workersWork = false; // so that it has something in its lane when they look
                small.send(i + "\n");
                server.advance(Duration.ofSeconds(1));
                server.workersWork = true;
                assertThat(server.line(small)).isEqualTo(String.valueOf(i));
            }
            assertThat(server.reason(1)).isNull();
        }
    }
}
