package org.reactorserver.framing;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What framings must know of a charset. It is found out by trying its characters: a few milliseconds. */
final class Charsets {
    /** Every so many of the characters are tried: a byte that can be a part of one is a part of a hundred. */
    private static final int STRIDE = 7;

    private static final int LONG_STRIDE = 257; // beyond the first 65,536, whose bytes are like those before

    private Charsets() {}

    /** Whether the bytes of a text are those of its characters one after the other, and so for what is decoded. */
    static boolean isStateless(Charset charset) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return true;
        }
        boolean takesMarkAsText = new String("\uFEFFa".getBytes(charset), charset).length() == 2;
        return takesMarkAsText
                && all(charset, character -> {
                    byte[] once = character.getBytes(charset);
                    byte[] twice = (character + character).getBytes(charset);
                    return twice.length == 2 * once.length
                            && Arrays.equals(twice, 0, once.length, once, 0, once.length)
                            && Arrays.equals(twice, once.length, twice.length, once, 0, once.length);
                });
    }

    /** Whether a character is this byte and the byte that character, wherever it stands. */
    static boolean has(Charset charset, char character, byte expected) {
        return Arrays.equals(String.valueOf(character).getBytes(charset), new byte[] {expected})
                && isWhole(charset, expected);
    }

    /** Whether the bytes, wherever they stand in a text, are whole characters, or no characters at all. */
    static boolean isWhole(Charset charset, byte... wanted) {
        byte first = wanted[0];
        if (charset.equals(StandardCharsets.UTF_8) && wanted.length == 1 && first >= 0) {
            return true;
        }
        return new Text(charset, true).incompleteTail(wanted, 0, wanted.length) == 0
                && all(charset, character -> {
                    byte[] bytes = character.getBytes(charset);
                    return bytes.length < 2 || Bytes.indexOf(first, bytes, 1, bytes.length) < 0;
                });
    }

    /** Whether all of the characters that are tried meet the condition. */
    private static boolean all(Charset charset, Predicate<String> condition) {
        return charset.newEncoder().maxBytesPerChar() <= 1
                || IntStream.iterate(0, character -> character <= Character.MAX_CODE_POINT, Charsets::next)
                        .filter(character ->
                                character > Character.MAX_VALUE || !Character.isSurrogate((char) character))
                        .mapToObj(Character::toString)
                        .allMatch(condition);
    }

    private static int next(int character) {
        return character + (character < Character.MIN_SUPPLEMENTARY_CODE_POINT ? STRIDE : LONG_STRIDE);
    }
}
