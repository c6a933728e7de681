package org.reactorserver.helper;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real nats-server on a free port, which can be killed and started again; ended when it is closed. */
public final class NatsServer implements AutoCloseable {
    private final Path directory;
    private final Path configuration;
    private final int port = Ports.freeTcp();
    private Process process;

    private NatsServer(Path directory, String configuration) throws IOException {
        this.directory = directory;
        this.configuration = Files.writeString(
                directory.resolve("nats.conf"), "host: 127.0.0.1\nport: %d\n%s\n".formatted(port, configuration));
    }

    /**
     * One that does not run yet; the test is skipped where none is installed.
     *
     * @param configuration what else is in its file
     */
    public static NatsServer in(Path directory, String configuration) throws IOException {
        assumeTrue(Shell.has("nats-server", "--version"), "skipped: nats-server is not installed");
        return new NatsServer(directory, configuration);
    }

    public NatsServer start() throws IOException {
        process = new ProcessBuilder(List.of("nats-server", "-c", configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        Await.until("nats-server listens", ChildProcess.PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("nats-server has ended: " + Files.readString(log()));
            }
            return answers();
        });
        return this;
    }

    /** What it has logged so far. */
    public String said() throws IOException {
        return Files.readString(log());
    }

    private Path log() {
        return directory.resolve("nats.log");
    }

    private boolean answers() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** As kill -9 does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Processor time used since it was started. */
    public double cpuSeconds() {
        return new Vitals(process.pid()).cpuSeconds();
    }

    public int port() {
        return port;
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
