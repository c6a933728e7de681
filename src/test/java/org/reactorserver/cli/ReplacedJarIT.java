package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A build writes over the jar from which a server runs. */
@Timeout(120)
class ReplacedJarIT {
    private static final int SIGTERM = 128 + 15;

    @TempDir
    Path directory;

    @Test
    void aServerWhoseJarIsReplacedKnowsWhatToDoAboutErrorsAndAtItsEnd() throws Exception {
        Path jar = directory.resolve("server.jar");
        Files.copy(Path.of(System.getProperty("reactor.jar")), jar);
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + directory.resolve("loaded") + "::filecount=0",
                        "-jar",
                        jar.toString(),
                        "--port",
                        "0",
                        "--framing",
                        "line",
                        "--max-message",
                        "64")
                .start();
        try {
            BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
            BufferedReader err = new BufferedReader(new InputStreamReader(server.getErrorStream(), UTF_8));
            String ready = out.readLine();
            int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
            awaitThatAllIsLoaded(directory.resolve("loaded"));
            overwrite(jar);
            assertThat(conversation(port, new byte[] {(byte) 0xFF, '\n'})).startsWith("error: ");
            assertThat(conversation(port, "x".repeat(100).getBytes(UTF_8))).startsWith("error: ");
            assertThat(conversation(port, "hello\n".getBytes(UTF_8))).isEqualTo("收到客户端信息\n");
            server.toHandle().destroy();
            List<String> said = err.lines().toList();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said).anyMatch(line -> line.contains("INFO drained 0 sessions"));
            assertThat(said).noneMatch(line -> line.contains("Error") || line.contains("Exception"));
            assertThat(server.exitValue()).isEqualTo(SIGTERM);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** The last class of the jar is loaded last. */
    private static void awaitThatAllIsLoaded(Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.readString(log).contains(" org.slf4j.spi.SLF4JServiceProvider ")
                || !Files.readString(log).contains(" org.reactorserver.wire.Transport ")) {
            assertThat(System.nanoTime() - end).as("waits for the classes").isNegative();
            TimeUnit.MILLISECONDS.sleep(5); // nothing tells the end of it
        }
    }

    private static void overwrite(Path jar) throws IOException {
        byte[] garbage = new byte[(int) Files.size(jar)];
        java.util.Arrays.fill(garbage, (byte) 0x5A);
        try (OutputStream out = Files.newOutputStream(jar, StandardOpenOption.WRITE)) { // the same file, as cp does
            out.write(garbage);
        }
    }

    private static String conversation(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
