package org.reactorserver.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another server as Debian installs it, on a free port of this machine; ended when it is closed. */
public final class RealServer implements AutoCloseable {
    private final Process process;
    private final int port;

    private RealServer(Process process, int port) throws Exception {
        this.process = process;
        this.port = port;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!answers()) {
            assertThat(process.isAlive()).as("%s is running", process.info()).isTrue();
            assertThat(System.nanoTime() - end).as("it listens in time").isNegative();
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static RealServer start(int port, Path directory, String program, String... arguments) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed, so this is not tried");
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        return new RealServer(process, port);
    }

    public static RealServer redis(Path directory) throws Exception {
        int port = Ports.freeTcp();
        String listen = Integer.toString(port);
        return start(port, directory, "/usr/bin/redis-server", "--port", listen, "--bind", "127.0.0.1", "--save", "");
    }

    public static RealServer memcached(Path directory) throws Exception {
        int port = Ports.freeTcp();
        String listen = Integer.toString(port);
        return start(port, directory, "/usr/bin/memcached", "-l", "127.0.0.1", "-p", listen, "-U", "0", "-u", "nobody");
    }

    /** Serves a file of so many bytes. */
    public static RealServer nginx(Path directory, int bytes) throws Exception {
        int port = Ports.freeTcp();
        Files.writeString(directory.resolve("index.html"), "x".repeat(bytes));
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off; master_process off; pid nginx.pid; error_log error.log;
                events { }
                http {
                    access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
                    uwsgi_temp_path u; scgi_temp_path s; keepalive_requests 1000000;
                    server { listen 127.0.0.1:%d; root %s; }
                }
                """.formatted(port, directory));
        return start(port, directory, "/usr/sbin/nginx", "-p", directory.toString(), "-c", configuration.toString());
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
