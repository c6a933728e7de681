package org.reactorserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets this process may have open. */
final class FileDescriptors {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String NAME = "Max open files";

    private FileDescriptors() {}

    /** The limit in force, or {@link Integer#MAX_VALUE} where it is unlimited or cannot be told. */
    static int limit() {
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                if (line.startsWith(NAME)) {
                    return Integer.parseInt(line.substring(NAME.length()).trim().split("\\s+")[0]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Integer.MAX_VALUE; // not Linux, or "unlimited"
        }
        return Integer.MAX_VALUE;
    }
}
