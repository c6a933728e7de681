package org.reactorserver.framing;

import java.nio.charset.StandardCharsets;

/** Strict UTF-8, in both directions, at the price of the lenient one. */
final class Utf8 {
    private static final byte MARK = '?';
    private static final int MARKS_ARE_RARE = 16; // at most one in so many bytes

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /**
     * Encodes a text that must have no half of a surrogate pair.
     *
     * <p>The JDK's fast encoder puts a question mark for each half, so there is none if the bytes have no more
     * question marks than the text. Only a text that has more, or very many, is looked at one character at a time.
     *
     * @throws IllegalArgumentException if there is one; names its index
     */
    static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int mark = Bytes.indexOf(MARK, bytes, 0, bytes.length); // here, for the JIT inlines it only so deep
        if (mark >= 0 && !areAllMarksOf(text, bytes, mark)) {
            refuseHalves(text);
        }
        return bytes;
    }

    /**
     * Whether each question mark in the bytes, of which this is the first, is one of the text's; false if there are too
     * many to say.
     */
    private static boolean areAllMarksOf(String text, byte[] bytes, int first) {
        int left = 1 + bytes.length / MARKS_ARE_RARE;
        int inText = -1;
        for (int i = first; i >= 0; i = Bytes.indexOf(MARK, bytes, i + 1, bytes.length)) {
            inText = text.indexOf(MARK, inText + 1);
            if (inText < 0 || --left < 0) {
                return false;
            }
        }
        return true;
    }

    private static void refuseHalves(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isLowSurrogate(c)
                    || i + 1 == text.length()
                    || !Character.isLowSurrogate(text.charAt(i + 1))) {
                throw new IllegalArgumentException("a message consists of whole characters; this text has half of"
                        + " a surrogate pair, %04X, at index %d".formatted((int) c, i));
            }
            i++;
        }
    }

    /**
     * Decodes bytes that must be UTF-8 as RFC 3629 has it: no overlong forms, no surrogates.
     *
     * <p>The JDK's fast decoder puts U+FFFD for whatever is malformed. It does so for EF BF BD, too, which the
     * sender may have meant: EF only ever begins a character, so no malformed sequence before it swallows it. So
     * all is well if the text has that character no more often than the bytes have that sequence.
     */
    static String decodeStrictly(byte[] bytes, int from, int to) throws FramingException {
        String text = decodeLeniently(bytes, from, to);
        int at = from;
        for (int i = text.indexOf(REPLACEMENT); i >= 0; i = text.indexOf(REPLACEMENT, i + 1)) {
            at = afterReplacement(bytes, at, to);
            if (at < 0) {
                throw new FramingException(
                        FramingException.Kind.INVALID_UTF8,
                        "the message is not valid UTF-8",
                        Guess.of(bytes, from, to));
            }
        }
        return text;
    }

    /** Decodes bytes, with U+FFFD for every malformed sequence. */
    static String decodeLeniently(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The offset behind the next EF BF BD, or -1. */
    private static int afterReplacement(byte[] bytes, int from, int to) {
        int at = from - 1;
        do {
            at = Bytes.indexOf((byte) 0xEF, bytes, at + 1, to);
        } while (at >= 0 && !(at + 2 < to && bytes[at + 1] == (byte) 0xBF && bytes[at + 2] == (byte) 0xBD));
        return at < 0 ? -1 : at + 3;
    }

    /**
     * How many bytes at the end are the start of a sequence whose rest is missing: 0 to 3. Bytes that
     * no continuation could make valid are not counted; they are for the decoder to refuse.
     *
     * @param surrogates whether the start of a surrogate is counted all the same: the decoder puts one
     *     U+FFFD for all three bytes of it
     */
    static int incompleteTail(byte[] bytes, int from, int to, boolean surrogates) {
        for (int length = 1; length <= 3 && to - length >= from; length++) {
            int lead = bytes[to - length] & 0xFF;
            if (lead < 0x80) {
                return 0;
            }
            if (lead >= 0xC0) {
                boolean couldBecomeValid = length < sequenceLength(lead)
                        && (length == 1 || isSecondByte(lead, bytes[to - length + 1] & 0xFF, surrogates));
                return couldBecomeValid ? length : 0;
            }
        }
        return 0;
    }

    private static int sequenceLength(int lead) {
        if (lead < 0xC2 || lead > 0xF4) {
            return 0; // never a lead byte (RFC 3629, section 4)
        }
        return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }

    /** Whether the second byte of a longer sequence is within the bounds of RFC 3629, section 4. */
    private static boolean isSecondByte(int lead, int second, boolean surrogates) {
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED && !surrogates ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest;
    }
}
