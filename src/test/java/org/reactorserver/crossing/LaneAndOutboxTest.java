package org.reactorserver.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.reactorserver.framing.Framing;

/** The two places where threads meet, looked at one thread at a time. */
class LaneAndOutboxTest {
    private final Lane<String> lane = new Lane<>();
    private final Outbox outbox = new Outbox();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aLaneIsScheduledWhileItHoldsSomethingAndNobodyIsAtIt() {
        assertThat(lane.schedule()).as("an empty one").isFalse();
        lane.add(List.of("1", "2"), 2);
        assertThat(lane.weight()).isEqualTo(2);
        assertThat(lane.schedule()).isTrue();
        assertThat(lane.schedule()).as("one that is scheduled").isFalse();
        assertThat(lane.poll()).isEqualTo("1");
        assertThat(lane.weight()).as("while the worker is at it").isEqualTo(2);
        lane.release(1);
        assertThat(lane.weight()).as("when it has handled one").isEqualTo(1);
        assertThat(lane.isIdle()).isFalse();
        assertThat(lane.schedule()).as("one that was given back with a rest").isTrue();
        assertThat(lane.poll()).isEqualTo("2");
        assertThat(lane.poll()).isNull();
        assertThat(lane.isIdle()).as("before it is given back").isFalse();
        lane.release(1);
        assertThat(lane.isIdle()).isTrue();
        assertThat(lane.schedule()).isFalse();
    }

    @Test
    void whatIsAbandonedIsCountedButForWhatAWorkerHasInItsHands() {
        lane.add(List.of("1", "2", "3", "4"), 8);
        assertThat(lane.schedule()).isTrue();
        assertThat(lane.poll()).isEqualTo("1");
        lane.release(2);
        lane.add(List.of("5", "6"), 4);
        assertThat(lane.abandon())
                .as("of those given back, and those added since")
                .isEqualTo(5);
        assertThat(lane.weight()).isZero();
        assertThat(lane.isIdle()).isTrue();

        lane.add(List.of("7", "8"), 6);
        assertThat(lane.schedule()).isTrue();
        assertThat(lane.poll()).isEqualTo("7");
        lane.add(List.of("9"), 1);
        assertThat(lane.abandon()).as("of those that a worker has not taken").isEqualTo(1);
        assertThat(lane.weight()).as("what it has taken").isEqualTo(6);
        lane.release(6);
        assertThat(lane.weight()).isZero();
    }

    @Test
    void aLaneKeepsTheOrderWhateverIsAddedWhen() {
        Random random = new Random(20260105);
        List<String> polled = new ArrayList<>();
        int added = 0;
        while (added < 5_000) {
            List<String> some = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                some.add(Integer.toString(added++));
            }
            lane.add(some, some.size());
            for (int i = random.nextInt(5); i > 0 && !lane.isIdle(); i--) {
                String item = lane.poll();
                if (item != null) {
                    polled.add(item);
                }
            }
        }
        for (String item = lane.poll(); item != null; item = lane.poll()) {
            polled.add(item);
        }
        assertThat(polled).hasSize(added);
        for (int i = 0; i < added; i++) {
            assertThat(polled.get(i)).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void anOutboxIsWrittenInAnyPiecesAndCountsWholeReplies() {
        Random random = new Random(20260106);
        for (Framing framing : List.of(Framing.chunks(), Framing.lines(), Framing.lengthPrefixed())) {
            StringBuilder expected = new StringBuilder();
            StringBuilder written = new StringBuilder();
            int replies = 0;
            int completed = 0;
            for (int round = 0; round < 2_000; round++) {
                byte[] payload = bytes("r" + round + "x".repeat(random.nextInt(20)));
                assertThat(outbox.add(payload, framing, 0, Long.MAX_VALUE)).isEqualTo(Outbox.Added.TAKEN);
                replies++;
                ByteBuffer frame = ByteBuffer.allocate(100);
                framing.put(payload, 0, frame);
                expected.append(latin(frame));
                completed += write(framing, random.nextInt(40), random, written);
            }
            while (!outbox.isEmpty()) {
                completed += write(framing, 1 + random.nextInt(40), random, written);
            }
            assertThat(written).hasToString(expected.toString());
            assertThat(completed).isEqualTo(replies);
        }
    }

    @Test
    void shortRepliesLeaveInOneWrite() {
        ByteBuffer buffer = ByteBuffer.allocate(9);
        for (String reply : List.of("one", "two", "three")) {
            outbox.add(bytes(reply), Framing.lines(), 0, Long.MAX_VALUE);
        }
        outbox.copyTo(buffer, Framing.lines());
        assertThat(latin(buffer)).isEqualTo("one\ntwo\nt");
    }

    /** Writes at most so much, and perhaps less than was copied, as a socket would. */
    private int write(Framing framing, int room, Random random, StringBuilder written) {
        ByteBuffer buffer = ByteBuffer.allocate(room);
        outbox.copyTo(buffer, framing);
        int taken = random.nextInt(buffer.position() + 1);
        buffer.position(taken);
        written.append(latin(buffer));
        return outbox.remove(taken, framing);
    }

    private static String latin(ByteBuffer buffer) {
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void anOutboxIsNeverOverItsLimitButForASingleReply() {
        Framing framing = Framing.lines();
        assertThat(outbox.add(bytes("x".repeat(100)), framing, 0, 10)).isEqualTo(Outbox.Added.TAKEN);
        assertThat(outbox.add(bytes(""), framing, 0, 163)).isEqualTo(Outbox.Added.OVER_LIMIT);
        assertThat(outbox.add(bytes(""), framing, 0, 164)).isEqualTo(Outbox.Added.TAKEN);
        assertThat(outbox.cost()).as("100 bytes, and 32 for each reply").isEqualTo(164);
        assertThat(outbox.discard()).isEqualTo(2);
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void upToItsHighWaterAnOutboxTakesAReplyOfAnySize() {
        Framing framing = Framing.chunks();
        assertThat(outbox.add(bytes("x".repeat(10)), framing, 42, 84)).isEqualTo(Outbox.Added.TAKEN);
        assertThat(outbox.add(bytes("x".repeat(500)), framing, 42, 84)).isEqualTo(Outbox.Added.TAKEN);
        assertThat(outbox.add(bytes("x"), framing, 42, 84)).isEqualTo(Outbox.Added.OVER_LIMIT);
    }

    @Test
    void anOutboxThatIsShutTakesNothing() {
        outbox.shut();
        assertThat(outbox.add(bytes("x"), Framing.lines(), 0, 100)).isEqualTo(Outbox.Added.SHUT);
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void anOutboxIsShutIfNothingWaitsInIt() {
        outbox.add(bytes("x"), Framing.chunks(), 0, 100);
        assertThat(outbox.shutIfEmpty()).isFalse();
        assertThat(outbox.add(bytes("y"), Framing.chunks(), 0, 100)).isEqualTo(Outbox.Added.TAKEN);
        outbox.discard();
        assertThat(outbox.shutIfEmpty()).isTrue();
        assertThat(outbox.add(bytes("z"), Framing.chunks(), 0, 100)).isEqualTo(Outbox.Added.SHUT);
    }

    @Test
    void anEmptyChunkIsNothingToWrite() {
        assertThat(outbox.add(bytes(""), Framing.chunks(), 0, 100)).isEqualTo(Outbox.Added.TAKEN);
        assertThat(outbox.isEmpty()).isTrue();
    }
}
