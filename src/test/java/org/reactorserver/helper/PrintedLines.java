package org.reactorserver.helper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a stream of another process. The process writes them into a file, since they may be many: it
 * never waits for the test, and the test takes neither time nor memory for lines that it does not ask for.
 */
final class PrintedLines {
    private final String name;
    private final Path file;
    private final FileChannel channel;
    private final List<String> lines = new ArrayList<>(); // guarded by this, like the next one
    private final ByteArrayOutputStream unended = new ByteArrayOutputStream();

    /** An empty file, for the process to be started with. */
    PrintedLines(String name) {
        this.name = name;
        try {
            file = Files.createTempFile("process", "." + name);
            file.toFile().deleteOnExit();
            channel = FileChannel.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file() {
        return file;
    }

    /** All so far; without a line that is not ended yet, unless the process has ended. */
    synchronized List<String> soFar(boolean processHasEnded) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
            while (channel.isOpen() && channel.read(bytes.clear()) > 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    add(bytes.get());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (processHasEnded && unended.size() > 0) {
            endLine();
        }
        return List.copyOf(lines);
    }

    private void add(byte next) {
        if (next == '\n') {
            endLine();
        } else {
            unended.write(next);
        }
    }

    private void endLine() {
        lines.add(unended.toString(UTF_8));
        unended.reset();
    }

    /** Deletes the file. What has been read before is still there. */
    void delete() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
