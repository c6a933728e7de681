package org.reactorserver.exercise;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.reactorserver.demo.Guest;

/** A student's server in a process of its own, with little memory. One thread. */
final class Trial implements AutoCloseable {
    /** How long a reply may take. */
    static final int PATIENCE_MILLIS = 5_000;

    private static final int EXIT_PATIENCE_SECONDS = 5;

    private final Process process;
    private final Path errors;
    private final int port;

    private Trial(Process process, Path errors, int port) {
        this.process = process;
        this.errors = errors;
        this.port = port;
    }

    /** Starts {@code class Server} of the program, whose first line says at which port it listens. */
    static Trial start(Program program) throws IOException, Fault {
        Path errors = Files.createTempFile(program.classes(), "stderr", ".txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        program.classes().toString(),
                        "Server",
                        "0")
                .redirectError(errors.toFile())
                .start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null || !line.matches("[0-9]{1,5}")) {
            process.destroyForcibly();
            throw new Fault("fault.start", line == null ? firstLine(errors) : "\"" + line + '"');
        }
        return new Trial(process, errors, Integer.parseInt(line));
    }

    /** A new client. */
    Guest client() throws IOException {
        return new Guest(port, PATIENCE_MILLIS);
    }

    /** The processor time that the server has used so far; zero where that cannot be told. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** How the server has ended, by the first line that it printed of it; null if it runs. */
    String death() throws IOException, InterruptedException {
        return process.isAlive() ? null : firstLine(errors);
    }

    /** The same for one that is about to end. */
    String awaitDeath() throws IOException, InterruptedException {
        process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
        return death();
    }

    private static String firstLine(Path file) throws IOException {
        return Files.readAllLines(file).stream().findFirst().orElse("it said nothing");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join(); // nothing is written into its directory any more
    }
}
