package org.reactorserver.helper;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Three instances, HAProxy and NATS, by the script src/dist/cluster/cluster, on free ports; stopped when it is closed. */
public final class Cluster implements AutoCloseable {
    public static final List<String> INSTANCES = List.of("one", "two", "three");

    private static final Path SCRIPT = Path.of("src", "dist", "cluster", "cluster");

    private final Path home;
    private final int port = Ports.freeTcp();
    private final Map<String, String> environment;

    /** One that does not run yet; the test is skipped where what it needs is missing. */
    public Cluster(Path home) throws IOException {
        for (String[] program : new String[][] {
            {"haproxy", "-v"}, {"nats-server", "--version"}, {"openssl", "version"}, {"curl", "--version"}
        }) {
            assumeTrue(Shell.has(program), "skipped: " + program[0] + " is not installed");
        }
        this.home = home;
        this.environment = Map.of(
                "CLUSTER_HOME", home.toString(),
                "CLUSTER_PORT", Integer.toString(port),
                "CLUSTER_FIRST_PORT", Integer.toString(Ports.freeTcpRow(INSTANCES.size())),
                "CLUSTER_FIRST_ADMIN_PORT", Integer.toString(Ports.freeTcpRow(INSTANCES.size())),
                "CLUSTER_NATS_PORT", Integer.toString(Ports.freeTcp()),
                "CLUSTER_JAR", Programs.jar());
    }

    /** Runs the script to its end. Returns what it printed; fails if it failed. */
    public String run(String command) throws IOException, InterruptedException {
        Path out = home.resolveSibling(home.getFileName() + "." + command);
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile()); // a pipe would be held open by what it starts
        builder.environment().putAll(environment);
        int exit = builder.start().waitFor();
        String printed = Files.readString(out);
        if (exit != 0) {
            throw new AssertionError("cluster " + command + " failed: " + printed);
        }
        return printed;
    }

    /** Has clients speak in clear, from the next start on: for crowds, of which each member would need a handshake. */
    public void withoutTls() throws IOException {
        Path file = home.resolve("haproxy.cfg");
        Files.writeString(file, Files.readString(file).replaceAll(" ssl crt .*", ""));
    }

    /** Where clients connect. */
    public int port() {
        return port;
    }

    /** The authority of the certificate that they are shown. */
    public Path authority() {
        return home.resolve("ca.pem");
    }

    /** What one of the processes has written to its log. */
    public String log(String name) throws IOException {
        return Files.readString(home.resolve(name + ".log"));
    }

    /** As kill -9 does. It has ended when this returns, whether somebody has waited for its end or not. */
    public void kill(String name) throws IOException {
        long pid = Long.parseLong(Files.readString(home.resolve(name + ".pid")).trim());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        Await.until(
                "the end of " + name,
                ChildProcess.PATIENCE,
                () -> !Files.exists(stat) || Files.readString(stat).contains(") Z "));
    }

    @Override
    public void close() throws IOException {
        try {
            run("stop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
