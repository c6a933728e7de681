package org.reactorserver.load.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that people have written. */
final class TextFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF"; // with which some programs begin a file in UTF-8

    private TextFile() {}

    /**
     * The text of a file in UTF-8.
     *
     * @throws IOException if it cannot be read; the message says why, to go on after "cannot be read:"
     * @throws Tokens.Misread if it is something else
     */
    static String read(Path file) throws IOException {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (AccessDeniedException e) {
            throw new IOException("permission denied", e);
        }
        CharBuffer text = CharBuffer.allocate(bytes.remaining()); // no character takes less than a byte
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        boolean isWrong = decoder.decode(bytes, text, true).isError();
        String read = text.flip().toString();
        if (isWrong) {
            int lines = (int) read.chars().filter(c -> c == '\n').count();
            int column = read.length() - read.lastIndexOf('\n');
            throw new Tokens.Misread(lines + 1, column, "this is no text in UTF-8");
        }
        return read.startsWith(BYTE_ORDER_MARK) ? read.substring(1) : read;
    }
}
