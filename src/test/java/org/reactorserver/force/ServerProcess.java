package org.reactorserver.force;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged jar as a process of its own. What it prints goes into files, since it may be a lot.
 * Whatever is awaited is awaited for a bounded time; closing kills it.
 */
final class ServerProcess implements AutoCloseable {
    /** Far more than anything takes; it only keeps a hanging test from hanging for ever. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern READY = Pattern.compile("reactor-server listening on [0-9.]+:([0-9]+)");

    private final Process process;
    private final Path out;
    private final Path err;
    private final int port;

    private ServerProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.port = awaitPort();
    }

    /** Starts to describe one. */
    static Command command() {
        return new Command();
    }

    /** {@code serve} with these options, connectable when this returns. */
    static ServerProcess serve(String... options) {
        return command().serve(options);
    }

    /** How it is started, if not in the usual way. */
    static final class Command {
        private final List<String> before = new ArrayList<>();
        private final List<String> jvm = new ArrayList<>();

        /** What stands before {@code java}: {@code prlimit}, {@code strace}. */
        Command under(String... command) {
            before.addAll(List.of(command));
            return this;
        }

        Command jvm(String... options) {
            jvm.addAll(List.of(options));
            return this;
        }

        ServerProcess serve(String... options) {
            List<String> words = new ArrayList<>(before);
            words.add(Programs.jdk("java"));
            words.addAll(jvm);
            words.addAll(List.of("-cp", Programs.classPath()));
            words.addAll(List.of("org.reactorserver.cli.Main", "serve"));
            if (!List.of(options).contains("--port")) {
                words.addAll(List.of("--port", "0"));
            }
            words.addAll(List.of(options));
            try {
                Path out = Files.createTempFile("server", ".out");
                Path err = Files.createTempFile("server", ".err");
                out.toFile().deleteOnExit();
                err.toFile().deleteOnExit();
                ProcessBuilder builder =
                        new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
                builder.environment().keySet().removeIf(name -> name.startsWith("REACTOR_"));
                builder.environment().put("LC_ALL", "C.UTF-8");
                Process process = builder.start();
                try {
                    return new ServerProcess(process, out, err);
                } catch (AssertionError e) {
                    process.destroyForcibly();
                    throw e;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    int port() {
        return port;
    }

    /** The process id of the JVM itself. */
    long pid() {
        return process.descendants().findFirst().map(ProcessHandle::pid).orElse(process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<String> out() {
        return lines(out);
    }

    List<String> err() {
        return lines(err);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int awaitPort() {
        String line = awaitLine(out, READY.asMatchPredicate());
        Matcher matcher = READY.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError(line);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** The first line on stderr like this, when it is there. */
    String awaitErr(Predicate<String> like) {
        return awaitLine(err, like);
    }

    private String awaitLine(Path file, Predicate<String> like) {
        List<String> found = new ArrayList<>();
        Await.until("a line in what it prints: " + this, PATIENCE, () -> {
            boolean ended = !process.isAlive();
            lines(file).stream().filter(like).findFirst().ifPresent(found::add);
            if (ended && found.isEmpty()) {
                throw new AssertionError("it has ended: " + this);
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** SIGTERM. */
    ServerProcess terminate() {
        signal("TERM");
        return this;
    }

    /** Any other signal. */
    void signal(String name) {
        Shell.run("kill", "-" + name, Long.toString(pid()));
    }

    /** Waits for its end. */
    int exitCode() {
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
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The end of what it has printed, for the message of a failure. */
    @Override
    public String toString() {
        List<String> lines = err();
        return (process.isAlive() ? "running" : "ended with " + process.exitValue())
                + "\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }
}
