package org.reactorserver.wire;

import java.io.IOException;
import java.nio.file.Path;

/** A file cannot be used for TLS; the message is one line that names the file, what is wrong and the remedy. */
public final class TlsFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    TlsFileException(Path file, String problem, Throwable cause) {
        super(file + " " + problem.lines().findFirst().orElse(""), cause);
        this.file = file;
    }

    /** Which file. */
    public Path file() {
        return file;
    }
}
