package org.reactorserver.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What standard output and standard error lead to. */
public final class Terminal {
    /** The number of standard output. */
    public static final int OUT = 1;

    /** The number of standard error. */
    public static final int ERR = 2;

    private Terminal() {}

    /**
     * The terminal that a file of this process is, by its name; empty if it is none. Where there is no {@code /proc},
     * whether the console is one has to do.
     *
     * @param file its number
     */
    public static Optional<String> of(int file) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + file)).toString();
            boolean isOne =
                    target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            return isOne ? Optional.of(target) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() == null ? Optional.empty() : Optional.of("console");
        }
    }

    /**
     * Whether a terminal can do more than print one character behind the other.
     *
     * @param term its kind, {@code TERM} of the environment; null if that is not set
     */
    public static boolean isClever(String term) {
        return term != null && !term.isEmpty() && !term.equals("dumb");
    }
}
