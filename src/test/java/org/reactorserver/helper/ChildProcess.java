package org.reactorserver.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Another program, started by a test. What is awaited is awaited for a bounded time, what fails shows what
 * the process has printed, and closing kills the process.
 */
public class ChildProcess implements AutoCloseable {
    /** Far more than anything here takes; it only ends a test that hangs. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int LAST_LINES = 200;

    private final String commandLine;
    private final PrintedLines out = new PrintedLines("stdout");
    private final PrintedLines err = new PrintedLines("stderr");
    private final Process process;

    ChildProcess(ProcessBuilder builder) {
        commandLine = String.join(" ", builder.command());
        try {
            process = builder.redirectOutput(out.file().toFile())
                    .redirectError(err.file().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(commandLine, e);
        }
    }

    /** The program and its arguments; what it prints is UTF-8. */
    public static ChildProcess start(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new ChildProcess(builder);
    }

    // -- what it says
    // ------------------------------------------------------------------------------

    /** The first line on stdout like this, when it is there. */
    public final String awaitOut(Predicate<String> like) {
        return await(out, 1, like).get(0);
    }

    /** So many lines on stdout like this, when they are there. */
    public final List<String> awaitOut(int count, Predicate<String> like) {
        return await(out, count, like);
    }

    /** The first line on stderr like this, when it is there. */
    public final String awaitErr(Predicate<String> like) {
        return await(err, 1, like).get(0);
    }

    /** So many lines on stderr like this, when they are there. */
    public final List<String> awaitErr(int count, Predicate<String> like) {
        return await(err, count, like);
    }

    private List<String> await(PrintedLines stream, int count, Predicate<String> like) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            boolean ended = !process.isAlive(); // asked first: what it has printed before its end is there then
            List<String> found = stream.soFar(ended).stream().filter(like).toList();
            if (found.size() >= count) {
                return found;
            }
            if (ended || System.nanoTime() > end) {
                throw new AssertionError("%d of %d awaited lines on %s%s: %s"
                        .formatted(
                                found.size(),
                                count,
                                stream,
                                ended ? " of a process that has ended" : " within " + PATIENCE,
                                this));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** What it has printed so far; all of it once {@link #exitCode} has returned. */
    public final List<String> out() {
        return out.soFar(!process.isAlive());
    }

    /** The same of stderr. */
    public final List<String> err() {
        return err.soFar(!process.isAlive());
    }

    /** What is known about it, for the message of a failure. */
    @Override
    public final String toString() {
        return "%s%n%s%n-- stdout%n%s%n-- stderr%n%s"
                .formatted(
                        commandLine,
                        process.isAlive() ? "is running" : "ended with " + process.exitValue(),
                        last(out()),
                        last(err()));
    }

    private static String last(List<String> lines) {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** Writes a line to its stdin. */
    public final void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError("it does not listen: " + this, e);
        }
    }

    // -- how it ends
    // -------------------------------------------------------------------------------

    public final long pid() {
        return process.pid();
    }

    public final boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM. */
    public final ChildProcess terminate() {
        process.destroy();
        return this;
    }

    /** Any other signal, by its name without SIG. */
    public final void signal(String name) {
        Shell.run("kill", "-" + name, Long.toString(pid()));
    }

    /** Waits for its end. */
    public final int exitCode() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("has not ended within " + PATIENCE + ": " + this);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public final void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        out.delete();
        err.delete();
    }
}
