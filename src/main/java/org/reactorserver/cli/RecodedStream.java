package org.reactorserver.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Takes UTF-8 and passes it on in the charset of a terminal. What that does not have is put by what looks like it, else
 * by its number, {@code \}{@code u6536}: nothing becomes a question mark. Guarded by the stream above it.
 */
final class RecodedStream extends OutputStream {
    private static final Map<Integer, String> LOOK_ALIKE = Map.ofEntries(
            Map.entry((int) '→', "->"),
            Map.entry((int) '…', "..."),
            Map.entry((int) '─', "-"),
            Map.entry((int) '█', "#"),
            Map.entry((int) '░', "."),
            Map.entry((int) '▏', "|"),
            Map.entry((int) '“', "\""),
            Map.entry((int) '”', "\""),
            Map.entry((int) '–', "-"),
            Map.entry((int) '−', "-"),
            Map.entry((int) 'µ', "u"),
            Map.entry((int) '\uFFFD', "?"));

    private static final int CONTINUATION = 0b10_000000;
    private static final int CONTINUATION_MASK = 0b11_000000;
    private static final int LONGEST = 4;

    private final OutputStream out;
    private final Charset charset;
    private final CharsetEncoder encoder;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    RecodedStream(OutputStream out, Charset charset) {
        this.out = out;
        this.charset = charset;
        this.encoder = charset.newEncoder();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        pending.write(bytes, offset, length);
        byte[] all = pending.toByteArray();
        int whole = lengthOfWholeCharacters(all);
        pending.reset();
        pending.write(all, whole, all.length - whole);
        String text = new String(all, 0, whole, StandardCharsets.UTF_8);
        out.write((encoder.canEncode(text) ? text : expressed(text)).getBytes(charset));
    }

    /** Up to the last character, if that is not whole yet. */
    private static int lengthOfWholeCharacters(byte[] bytes) {
        int last = bytes.length - 1;
        while (last > 0 && bytes.length - last < LONGEST && (bytes[last] & CONTINUATION_MASK) == CONTINUATION) {
            last--;
        }
        boolean isAscii = last < 0 || bytes[last] >= 0;
        int needed = isAscii ? 1 : Integer.numberOfLeadingZeros(~(bytes[last] << Integer.SIZE - Byte.SIZE));
        return bytes.length - last >= needed ? bytes.length : last;
    }

    private String expressed(String text) {
        StringBuilder expressed = new StringBuilder();
        text.codePoints().forEach(c -> {
            String character = Character.toString(c);
            if (encoder.canEncode(character)) {
                expressed.append(character);
            } else if (LOOK_ALIKE.containsKey(c)) {
                expressed.append(LOOK_ALIKE.get(c));
            } else {
                character.chars().forEach(unit -> expressed.append("\\u%04x".formatted(unit)));
            }
        });
        return expressed.toString();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
