package org.reactorserver.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Signals that processes inherit as ignored: SIGHUP under nohup. */
public final class IgnoredSignals {
    private IgnoredSignals() {}

    /** Whether this process, and so a child of it, ignores the signal of that number; false where that cannot be told. */
    public static boolean contain(int signal) {
        Path status = Path.of("/proc/self/status");
        try {
            return Files.exists(status)
                    && Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("SigIgn:"))
                            .anyMatch(line -> (Long.parseLong(line.substring(7).strip(), 16) >> (signal - 1) & 1) != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
