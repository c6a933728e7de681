package org.reactorserver.framing;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;

/**
 * What a text probably is that is not UTF-8: GBK, which is what programs on a Chinese Windows send.
 *
 * @param charset what it is probably in
 * @param text what it would be then, with … in place of what is cut off
 */
public record Guess(Charset charset, String text) {
    private static final int MOST_BYTES = 200;
    private static final int FIRST_ROW = 0xB0; // of the characters in GB 2312; the rows before it are signs
    private static final int LAST_ROW = 0xF7;
    private static final int SIGNS = 0xA1;

    /** Null if there is nothing to be guessed: every pair of bytes has to be a sign or a character of GB 2312. */
    static Guess of(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + MOST_BYTES);
        boolean hasCharacter = false;
        int at = from;
        while (at < end) {
            int first = bytes[at] & 0xFF;
            if (first < 0x80) {
                at++;
                continue;
            }
            if (at + 1 == end) {
                break; // half of one: chunk framing keeps what may begin a character of UTF-8
            }
            int second = bytes[at + 1] & 0xFF;
            boolean isCharacter = first >= FIRST_ROW && first <= LAST_ROW;
            boolean isSign = first >= SIGNS && first <= 0xA3;
            if (second < SIGNS || second == 0xFF || !(isCharacter || isSign)) {
                return null;
            }
            hasCharacter |= isCharacter;
            at += 2;
        }
        return hasCharacter ? inGbk(ByteBuffer.wrap(bytes, from, at - from), at < to) : null;
    }

    private static Guess inGbk(ByteBuffer bytes, boolean isCut) {
        if (!Charset.isSupported("GBK")) {
            return null; // it is in the module jdk.charsets
        }
        Charset gbk = Charset.forName("GBK");
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        gbk.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .decode(bytes, text, true);
        return new Guess(gbk, text.flip() + (isCut ? "…" : ""));
    }
}
