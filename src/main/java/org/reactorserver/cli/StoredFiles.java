package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.reactorserver.load.report.StoredResult;

/** Reads what {@code load} has written. */
final class StoredFiles {
    private StoredFiles() {}

    /**
     * Reads results.
     *
     * @throws IllegalArgumentException if a file cannot be read or is no result; names it
     */
    static List<StoredResult> read(List<String> names) {
        return names.stream().map(name -> read(Path.of(name))).toList();
    }

    private static StoredResult read(Path file) {
        try {
            return StoredResult.parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + Failure.message(file, e));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + file + "' is no result of load: " + e.getMessage());
        }
    }
}
