package org.reactorserver.exercise;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reactorserver.demo.Background;
import org.reactorserver.demo.Guest;

/** A student's server in a process of its own, with little memory. One thread. */
final class Trial implements AutoCloseable {
    /** How long a reply may take. */
    static final int PATIENCE_MILLIS = 5_000;

    private static final int START_PATIENCE_SECONDS = 30;
    private static final int EXIT_PATIENCE_SECONDS = 5;

    private final Process process;
    private final Path errors;
    private final int port;

    private Trial(Process process, Path errors, int port) {
        this.process = process;
        this.errors = errors;
        this.port = port;
    }

    /**
     * How a server has ended.
     *
     * @param said the first line that it printed of it; empty if it printed nothing
     */
    record End(int code, String said) {
        /** A fault with these values; where it printed nothing its text is another one. */
        Fault fault(String key) {
            return said.isEmpty() ? new Fault(key + ".silent", code) : new Fault(key, code, said);
        }
    }

    /** Starts {@code class Server} of the program, whose first line says at which port it listens. */
    static Trial start(Program program) throws IOException, Fault, InterruptedException {
        return start(program, START_PATIENCE_SECONDS);
    }

    /** The same, where that line may take so long. */
    static Trial start(Program program, int seconds) throws IOException, Fault, InterruptedException {
        Path errors = Files.createTempFile(program.classes(), "stderr", ".txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        program.classes().toString(),
                        Program.SERVER,
                        "0")
                .redirectError(errors.toFile())
                .start();
        Trial trial = null;
        try {
            trial = new Trial(process, errors, port(process, errors, seconds));
            return trial;
        } finally {
            if (trial == null) {
                kill(process);
            }
        }
    }

    private static int port(Process process, Path errors, int seconds) throws IOException, Fault, InterruptedException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        try {
            line = Background.call(out::readLine).get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Fault("fault.start.late", seconds);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        if (line == null) {
            process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        if (line == null && !process.isAlive()) {
            throw new End(process.exitValue(), firstLine(errors)).fault("fault.start");
        }
        if (line == null || !line.matches("[0-9]{1,5}")) {
            throw new Fault("fault.start.line", line == null ? "" : line);
        }
        Background.call(() -> out.transferTo(Writer.nullWriter())); // else what it prints would block it one day
        return Integer.parseInt(line);
    }

    /** A new client. */
    Guest client() throws IOException {
        return new Guest(port, PATIENCE_MILLIS);
    }

    /** The processor time that the server has used so far; zero where that cannot be told. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /**
     * That its port answers does not mean that it runs: another process may have taken the port.
     *
     * @throws IOException if it has exited
     */
    void requireRunning() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("the server has exited");
        }
    }

    /** How the server has ended; null if it runs and is not about to end. */
    End awaitEnd() throws IOException, InterruptedException {
        return process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS)
                ? new End(process.exitValue(), firstLine(errors))
                : null;
    }

    /** The JVM says on standard error which options it was given by the environment. */
    private static String firstLine(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("Picked up "))
                .findFirst()
                .orElse("");
    }

    private static void kill(Process process) {
        process.destroyForcibly().onExit().join(); // nothing is written into its directory any more
    }

    @Override
    public void close() {
        kill(process);
    }
}
