package org.reactorserver.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * What who wants to change something has to know: the first line of a file. It is read each time, so that it can be
 * changed while the server runs. Any thread.
 */
final class Token {
    /** Shorter ones can be guessed. */
    private static final int LEAST_LENGTH = 16;

    private static final String SCHEME = "Bearer ";

    private final Path file; // null: nothing can be changed

    Token(Path file) {
        this.file = file;
    }

    /**
     * Reads it once, to see that it can be.
     *
     * @throws IOException with what is wrong with the file
     */
    void check() throws IOException {
        if (file != null) {
            read();
        }
    }

    private String read() throws IOException {
        String line;
        try (var lines = Files.lines(file)) {
            line = lines.findFirst().orElse("").strip();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new IOException("the token in %s cannot be read: %s".formatted(file, e), e);
        }
        if (line.length() < LEAST_LENGTH) {
            throw new IOException(
                    "the token in %s has %d characters, of at least %d: head -c 24 /dev/urandom | base64 makes one"
                            .formatted(file, line.length(), LEAST_LENGTH));
        }
        return line;
    }

    /** Whether something can be changed at all. */
    boolean isThere() {
        return file != null;
    }

    /**
     * Whether a request with this {@code Authorization} may change something. Takes as long whatever is wrong.
     *
     * @throws IOException if the file cannot be read any more
     */
    boolean permits(String authorization) throws IOException {
        String given = authorization != null && authorization.startsWith(SCHEME)
                ? authorization.substring(SCHEME.length())
                : "";
        return MessageDigest.isEqual(bytes(read()), bytes(given.strip()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
