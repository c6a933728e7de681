package org.reactorserver.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is to be written at the end: whether it can be is said at the start. */
final class OutputFile {
    private OutputFile() {}

    /** Why it cannot be written, as it goes on after the option; null if nothing is in the way. */
    static String problem(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            return "'" + file + "' is a directory; name a file";
        } else if (!Files.isDirectory(parent)) {
            return "'" + file + "': there is no directory " + parent;
        }
        return Files.isWritable(Files.exists(file) ? file : parent)
                ? null
                : "'" + file + "' cannot be written; name another";
    }
}
