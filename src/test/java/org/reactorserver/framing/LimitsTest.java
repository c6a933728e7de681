package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.reactorserver.framing.FramingException.Kind.MESSAGE_TOO_LARGE;
import static org.reactorserver.framing.FramingException.Kind.NEGATIVE_LENGTH;
import static org.reactorserver.framing.Receiver.concat;
import static org.reactorserver.framing.Receiver.utf8;
import static org.reactorserver.framing.Receiver.wire;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message of the largest size is taken, one byte more is not, and no peer can make us hold more. */
class LimitsTest {
    private static final int MAX = 60; // a multiple of 1, 2, 3 and 4

    private static byte[] header(int length) {
        return ByteBuffer.allocate(4).putInt(length).array();
    }

    private static FramingException refusal(Receiver receiver, byte... bytes) {
        return catchThrowableOfType(FramingException.class, () -> receiver.read(bytes));
    }

    private static void assertRefused(FramingException.Kind kind, Framing framing, int maxMessage, byte... stream) {
        for (int split = 0; split <= stream.length; split++) {
            byte[] first = Arrays.copyOf(stream, split);
            byte[] second = Arrays.copyOfRange(stream, split, stream.length);
            Receiver receiver = new Receiver(framing, maxMessage);
            FramingException refusal = refusal(receiver, first);
            if (refusal == null) {
                refusal = refusal(receiver, second);
            }
            assertThat(refusal).as("split at %d", split).isNotNull();
            assertThat(refusal.kind()).isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "收", "🚀"})
    void theLimitIsExactAndCountsBytes(String character) throws Exception {
        String largest = character.repeat(MAX / utf8(character).length);
        for (Framing framing : List.of(Framing.lines(), Framing.lengthPrefixed())) {
            assertThat(new Receiver(framing, MAX).read(wire(framing, largest, largest)))
                    .containsExactly(largest, largest);
            assertRefused(MESSAGE_TOO_LARGE, framing, MAX, wire(framing, largest + "x"));
        }
    }

    @Test
    void theLineTerminatorDoesNotCountWhereverItIsSplit() throws Exception {
        String largest = "x".repeat(MAX);
        byte[] stream = utf8(largest + "\r\n" + largest + "\r\n");
        for (int split = 0; split <= stream.length; split++) {
            Receiver receiver = new Receiver(Framing.lines(), MAX);
            List<String> messages = new ArrayList<>();
            messages.addAll(receiver.read(Arrays.copyOf(stream, split)));
            messages.addAll(receiver.read(Arrays.copyOfRange(stream, split, stream.length)));
            assertThat(messages).containsExactly(largest, largest);
        }
        assertRefused(MESSAGE_TOO_LARGE, Framing.lines(), MAX, utf8(largest + "x\r\n"));
    }

    @Test
    void aCrThatTurnsOutToBelongToTheLineCounts() throws Exception {
        String almost = "x".repeat(MAX - 1);
        assertThat(new Receiver(Framing.lines(), MAX).read(almost + "\r\r\n")).containsExactly(almost + "\r");
        assertRefused(MESSAGE_TOO_LARGE, Framing.lines(), MAX, utf8(almost + "x\r\r\n"));
        assertRefused(MESSAGE_TOO_LARGE, Framing.lines(), MAX, utf8(almost + "x\ry"));
    }

    @Test
    void aLineThatDoesNotEndIsRefusedAtTheLimitAndNotLater() throws Exception {
        Receiver receiver = new Receiver(Framing.lines(), MAX);
        byte[] x = {'x'};
        for (int i = 0; i < MAX; i++) {
            assertThat(receiver.read(x)).isEmpty();
        }
        assertThat(refusal(receiver, x)).isNotNull();
    }

    @Test
    void aChunkOverTheLimitIsCutBetweenCharacters() throws Exception {
        String text = "收é🚀x".repeat(500);
        for (int max = Decoder.SMALLEST_LIMIT; max < 20; max++) {
            List<String> chunks = new Receiver(Framing.chunks(), max).read(text);
            assertThat(String.join("", chunks)).isEqualTo(text);
            int limit = max;
            assertThat(chunks)
                    .allSatisfy(chunk -> assertThat(utf8(chunk).length).isBetween(1, limit));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, NEGATIVE_LENGTH",
        "-2147483648, NEGATIVE_LENGTH",
        "-2, NEGATIVE_LENGTH",
        "2147483647, MESSAGE_TOO_LARGE",
        "61, MESSAGE_TOO_LARGE"
    })
    void aLengthOutOfBoundsIsRefusedAsSoonAsItIsThere(int length, FramingException.Kind kind) {
        assertRefused(kind, Framing.lengthPrefixed(), MAX, header(length));
        byte[] behindAnother = concat(wire(Framing.lengthPrefixed(), "first"), header(length), utf8("x"));
        assertRefused(kind, Framing.lengthPrefixed(), MAX, behindAnother);
    }

    @Test
    void aRefusalAllocatesNothingOfTheAnnouncedSize() {
        Decoder<String> decoder = new Decoder<>(Framing.lengthPrefixed(), Integer.MAX_VALUE - 64, Text.UTF_8, 1024);
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            ByteBuffer bytes = ByteBuffer.wrap(header(length));
            assertThat(allocatedByDecoding(decoder, bytes, 1_000))
                    .as("bytes allocated by 1,000 refusals of length %d", length)
                    .isLessThan(1_000 * 2_048);
        }
    }

    private static long allocatedByDecoding(Decoder<String> decoder, ByteBuffer bytes, int times) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int refused = refuse(decoder, bytes, times); // classes are loaded by now
        long before = threads.getThreadAllocatedBytes(thread);
        refused += refuse(decoder, bytes, times);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        assertThat(refused).isEqualTo(2 * times);
        return allocated;
    }

    private static int refuse(Decoder<String> decoder, ByteBuffer bytes, int times) {
        int refused = 0;
        for (int i = 0; i < times; i++) {
            try {
                decoder.load(null, bytes.rewind());
                decoder.next();
            } catch (FramingException e) {
                refused++;
            }
        }
        return refused;
    }

    @Test
    void whatIsHeldGrowsWithWhatArrivedAndNotWithWhatWasAnnounced() throws Exception {
        Receiver receiver = new Receiver(Framing.lengthPrefixed(), 1 << 30);
        receiver.read(header(1 << 30));
        for (int arrived = 4; arrived < 1_000; arrived++) {
            assertThat(receiver.residue().length()).isEqualTo(arrived);
            assertThat(receiver.residue().bytes.length).isLessThanOrEqualTo(Math.max(64, 2 * arrived));
            assertThat(receiver.read((byte) 'x')).isEmpty();
        }
    }

    static List<Framing> framings() {
        return List.of(Framing.chunks(), Framing.lines(), Framing.lengthPrefixed());
    }

    /** Reads random bytes in random pieces, never more than there is room for. */
    @ParameterizedTest
    @MethodSource("framings")
    void noMoreIsHeldThanOneMessageOfTheLargestSize(Framing framing) {
        Random random = new Random(20260103);
        int messages = 0;
        for (int round = 0; round < 1_000; round++) {
            Decoder<String> decoder = new Decoder<>(framing, MAX, Receiver.REPLACING, Receiver.READ_SIZE);
            Residue residue = null;
            try {
                for (int reads = 0; reads < 20; reads++) {
                    int room = decoder.room(residue);
                    assertThat(room).as("room for the rest of the message").isPositive();
                    byte[] bytes = randomInput(framing, random, 1 + random.nextInt(2 * MAX));
                    decoder.load(residue, ByteBuffer.wrap(bytes, 0, Math.min(room, bytes.length)));
                    while (decoder.next() != null) {
                        messages++;
                    }
                    residue = decoder.unload();
                    if (residue != null) {
                        assertThat(residue.length()).isLessThan((int) framing.maxFrame(MAX));
                        assertThat(residue.bytes.length).isLessThanOrEqualTo(Math.max(64, 2 * (MAX + 4)));
                    }
                }
            } catch (FramingException e) {
                assertThat(e.kind()).isIn(MESSAGE_TOO_LARGE, NEGATIVE_LENGTH);
            }
        }
        assertThat(messages).as("messages among the noise").isGreaterThan(1_000);
    }

    private static byte[] randomInput(Framing framing, Random random, int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (random.nextInt(20) == 0 ? '\n' : random.nextInt(256));
        }
        if (framing == Framing.lengthPrefixed()) {
            return wire(framing, Arrays.copyOf(payload, length * 2 / 3));
        }
        return payload;
    }

    @Test
    void whatIsKeptUndecodedIsBoundedTheSameWay() {
        Decoder<String> decoder = new Decoder<>(Framing.lines(), MAX, Text.UTF_8, 32);
        Residue residue = null;
        int kept = 0;
        for (int room = decoder.room(null); room > 0; room = decoder.room(residue)) {
            residue = decoder.keep(residue, ByteBuffer.allocate(Math.min(room, 7)));
            kept += Math.min(room, 7);
        }
        assertThat(kept).isEqualTo(residue.length()).isEqualTo(MAX + 2);
    }

    @Test
    void aLimitThatNotEveryCharacterFitsIsNoLimit() {
        assertThatThrownBy(() -> new Decoder<>(Framing.chunks(), 3, Text.UTF_8, 64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 4");
    }
}
