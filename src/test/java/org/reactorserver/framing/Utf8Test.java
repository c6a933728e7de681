package org.reactorserver.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strict decoding is what the JDK's strict decoder does, at the price of its lenient one. */
class Utf8Test {
    /** The first and the last byte of every class that RFC 3629 tells apart, and those of U+FFFD. */
    private static final byte[] BORDERS = HexFormat.of().parseHex("007F808F909FA0BDBFC0C1C2DFE0E1ECEDEEEFF0F1F3F4F5FF");

    private static final byte[] REPLACEMENT = HexFormat.of().parseHex("EFBFBD");
    private static final int CONTEXT = REPLACEMENT.length;

    private final CharsetDecoder reference = StandardCharsets.UTF_8.newDecoder(); // it reports
    private final CharBuffer characters = CharBuffer.allocate(100);

    /** With a U+FFFD before, behind, both or neither. */
    private void assertSameAsReference(byte[] bytes, int length) {
        byte[] inContext = new byte[CONTEXT + length + CONTEXT];
        System.arraycopy(REPLACEMENT, 0, inContext, 0, CONTEXT);
        System.arraycopy(bytes, 0, inContext, CONTEXT, length);
        System.arraycopy(REPLACEMENT, 0, inContext, CONTEXT + length, CONTEXT);
        for (int from = 0; from <= CONTEXT; from += CONTEXT) {
            for (int to = CONTEXT + length; to <= inContext.length; to += CONTEXT) {
                String expected = decodedByReference(inContext, from, to);
                String decoded = decoded(inContext, from, to);
                if (expected == null ? decoded != null : !expected.equals(decoded)) {
                    throw new AssertionError(HexFormat.of().formatHex(inContext, from, to) + " is " + decoded
                            + " instead of " + expected);
                }
            }
        }
    }

    /** U+FFFD itself is EF BF BD: as a whole, within the range, and nothing that only begins like it. */
    @ParameterizedTest
    @CsvSource({
        "EF, 0, 1", // at both ends of the array
        "EFBF, 0, 2",
        "EFBFBD, 0, 2", // its last byte is behind the range
        "41EFBFBD, 1, 3",
        "EF41, 0, 2",
        "FF, 0, 1",
        "EFBFBDFF, 0, 4",
        "FFEFBFBD, 0, 4"
    })
    void aMalformedSequenceIsNoReplacementCharacter(String hexadecimal, int from, int to) {
        assertThat(decoded(HexFormat.of().parseHex(hexadecimal), from, to)).isNull();
    }

    private String decodedByReference(byte[] bytes, int from, int to) {
        boolean refused = reference
                        .reset()
                        .decode(ByteBuffer.wrap(bytes, from, to - from), characters.clear(), true)
                        .isError()
                || reference.flush(characters).isError();
        return refused ? null : characters.flip().toString();
    }

    private static String decoded(byte[] bytes, int from, int to) {
        try {
            return Utf8.decodeStrictly(bytes, from, to);
        } catch (FramingException e) {
            return null;
        }
    }

    @Test
    void everyShortSequenceIsJudgedAsByTheStrictDecoder() {
        byte[] bytes = new byte[4];
        for (int length = 1; length <= bytes.length; length++) {
            byte[] alphabet = length <= 2 ? allBytes() : BORDERS;
            int count = (int) Math.pow(alphabet.length, length);
            for (int number = 0; number < count; number++) {
                for (int i = 0, rest = number; i < length; i++, rest /= alphabet.length) {
                    bytes[i] = alphabet[rest % alphabet.length];
                }
                assertSameAsReference(bytes, length);
            }
        }
    }

    private static byte[] allBytes() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    @Test
    void randomSequencesAreJudgedAsByTheStrictDecoder() {
        Random random = new Random(20260203);
        byte[] bytes = new byte[40];
        for (int round = 0; round < 100_000; round++) {
            int length = 0;
            int malformed = random.nextInt(3);
            while (length < bytes.length - CONTEXT) {
                byte[] next = random.nextInt(20) < malformed
                        ? new byte[] {BORDERS[random.nextInt(BORDERS.length)]}
                        : Receiver.utf8("a\u00E9\uFF0C\uFFFC\uFFFD\uFEFF".substring(random.nextInt(6)));
                int count = Math.min(next.length, CONTEXT);
                System.arraycopy(next, 0, bytes, length, count);
                length += count;
            }
            assertSameAsReference(bytes, length);
        }
    }

    /** Time would tell, but not the same on every machine: a decoder and its buffer are what made it dear. */
    @Test
    void aReplacementCharacterThatWasMeantNeedsNoMoreThanAnyOther() {
        byte[] without = Receiver.utf8("\u6536".repeat(20_000));
        byte[] with = without.clone();
        System.arraycopy(REPLACEMENT, 0, with, 30_000, CONTEXT);
        assertThat(allocatedByDecoding(with)).isLessThan(allocatedByDecoding(without) * 11 / 10);
    }

    private static long allocatedByDecoding(byte[] bytes) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        assertThat(decoded(bytes, 0, bytes.length)).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        long[] allocated = new long[5];
        for (int i = 0; i < allocated.length; i++) {
            long before = threads.getThreadAllocatedBytes(thread);
            decoded(bytes, 0, bytes.length);
            allocated[i] = threads.getThreadAllocatedBytes(thread) - before;
        }
        return Arrays.stream(allocated).min().getAsLong();
    }
}
