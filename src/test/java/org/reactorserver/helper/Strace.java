package org.reactorserver.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** strace at the selector thread of a server, whose system calls it has fail. */
public final class Strace implements AutoCloseable {
    private final Process process;
    private final Path log;

    private Strace(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Whether it is installed, and allowed to trace. */
    public static boolean works() {
        return Shell.has("strace", "-qqq", "true");
    }

    /** Traces when this returns. */
    public static Strace of(JarProcess server, String fault) {
        try {
            Path log = Files.createTempFile("strace", ".log");
            log.toFile().deleteOnExit();
            Process process = new ProcessBuilder(
                            "strace",
                            "-p",
                            new Vitals(server).threadId("selector"),
                            "-e",
                            "trace=" + fault.substring(0, fault.indexOf(':')),
                            "-e",
                            "inject=" + fault)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Await.until(
                    "strace is attached",
                    ChildProcess.PATIENCE,
                    () -> Files.readString(log).contains("attached"));
            return new Strace(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many calls have failed so far. */
    public int injected() {
        return (int)
                toString().lines().filter(line -> line.contains("(INJECTED)")).count();
    }

    @Override
    public String toString() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
