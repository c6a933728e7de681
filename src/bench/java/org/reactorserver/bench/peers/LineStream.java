package org.reactorserver.bench.peers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines over blocking streams, with a limit on their length (which {@link java.io.BufferedReader}
 * does not have) and with the replies to one read leaving in one write: the output is flushed when
 * no complete line is left in the buffer, because that is when the next read may block.
 */
final class LineStream {

    private static final int INITIAL = 8 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final int maxFrame;
    private byte[] buffer = new byte[INITIAL];
    private int start; // of the next line
    private int end; // of what was read

    LineStream(InputStream in, OutputStream out, int maxFrame) {
        this.in = in;
        this.out = new BufferedOutputStream(out, INITIAL);
        this.maxFrame = maxFrame;
    }

    /** The next line without its delimiter, or null at the end of the stream. */
    String read() throws IOException {
        int scanned = start;
        while (true) {
            for (int i = scanned; i < end; i++) {
                if (buffer[i] == '\n') {
                    String line = new String(buffer, start, i - start, StandardCharsets.UTF_8);
                    start = i + 1;
                    return line;
                }
            }
            scanned = end - start;
            out.flush();
            makeRoom();
            int n = in.read(buffer, end, buffer.length - end);
            if (n < 0) {
                return null;
            }
            end += n;
        }
    }

    void write(String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    /** Moves the incomplete line to the front, and doubles the buffer when that line fills it. */
    private void makeRoom() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        if (end > maxFrame) {
            throw new IOException("line longer than " + maxFrame + " bytes");
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
    }
}
