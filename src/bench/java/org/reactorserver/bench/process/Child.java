package org.reactorserver.bench.process;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that the bench started: a server, a generator or a holder of connections. It never
 * outlives the bench: Ctrl-C kills all of them, and the peers also watch their standard input,
 * which ends with this process however it dies.
 *
 * <p>Its standard output is always read, so that it never blocks on a full pipe, but only the first
 * part is kept; standard error goes to a log file.
 */
public final class Child implements AutoCloseable {

    private static final int KEPT = 1024 * 1024; // a heap histogram is some 100 KB
    private static final Set<Child> ALIVE = ConcurrentHashMap.newKeySet();
    private static boolean ending; // guarded by ALIVE

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Child::endAll, "end-children"));
    }

    private final Process process;
    private final Path log;
    private final StringBuilder output = new StringBuilder(); // guarded by itself
    private final Thread pump;
    private volatile long lastOutputAt; // System.nanoTime

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.pump = new Thread(this::pump, "stdout-of-" + process.pid());
        pump.setDaemon(true);
        pump.start();
    }

    public static Child start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        synchronized (ALIVE) { // so that none is born while the others are being ended
            if (ending) {
                throw new IOException("the bench is ending");
            }
            Child child = new Child(builder.start(), log);
            ALIVE.add(child);
            return child;
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until its output matches; fails with what it wrote to standard error. */
    public Matcher await(Pattern pattern, Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (output) {
            while (true) {
                Matcher matcher = pattern.matcher(output);
                if (matcher.find()) {
                    return matcher;
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (!pump.isAlive() || left <= 0) {
                    String how = pump.isAlive() ? "not ready in " + limit.toSeconds() + " s" : "ended";
                    throw new IOException(how + complaint());
                }
                output.wait(Math.min(left, 100));
            }
        }
    }

    /** Waits for its end and returns its exit code; kills it when that takes too long. */
    public int waitFor(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
            throw new IOException("killed: not finished after " + limit.toSeconds() + " s" + complaint());
        }
        ALIVE.remove(this);
        pump.join(1_000);
        return process.exitValue();
    }

    /** Ends its standard input, which asks it to end. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** When it last wrote to standard output, of {@link System#nanoTime}. */
    public long lastOutputAt() {
        return lastOutputAt;
    }

    public String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    /** The first line on standard error, to be appended to a message; empty if there is none. */
    public String complaint() {
        try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
            return lines.filter(line -> !line.isBlank())
                    .findFirst()
                    .map(line -> ": " + line)
                    .orElse("");
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    /**
     * Kills it and whatever it started, and waits until it is gone: the next one wants the cores.
     */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ALIVE.remove(this);
    }

    private static void endAll() {
        synchronized (ALIVE) {
            ending = true;
            ALIVE.forEach(Child::close);
        }
    }

    private void pump() {
        try (var in = process.getInputStream()) {
            var reader = new InputStreamReader(in, StandardCharsets.UTF_8);
            char[] buffer = new char[8 * 1024];
            int kept = 0;
            for (int n = 0; n >= 0 && kept < KEPT; n = reader.read(buffer)) {
                kept += n;
                lastOutputAt = System.nanoTime();
                synchronized (output) {
                    output.append(buffer, 0, n);
                    output.notifyAll();
                }
            }
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The process was killed: what was read until then is all there is.
        }
    }
}
