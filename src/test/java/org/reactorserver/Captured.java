package org.reactorserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** What is logged while it is open: the log goes to System.err, which it replaces. */
final class Captured implements AutoCloseable {
    private final PrintStream real = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Captured() {
        System.setErr(new PrintStream(bytes, true, UTF_8));
    }

    /** The lines so far that contain this. */
    List<String> lines(String part) {
        return bytes.toString(UTF_8).lines().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void close() {
        System.setErr(real);
        real.print(bytes.toString(UTF_8));
    }
}
