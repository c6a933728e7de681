package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Ports;

/** A server whose output is not read serves, and ends on a signal. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class NobodyReadsIT {
    private static final int SIGTERM = 128 + 15;

    @TempDir
    Path directory;

    private Path full;
    private RandomAccessFile holder;
    private Process server;

    /** A pipe that takes not a byte more. */
    @BeforeEach
    void fillAPipe() throws IOException, InterruptedException {
        full = directory.resolve("full");
        assertThat(new ProcessBuilder("mkfifo", full.toString()).start().waitFor())
                .isZero();
        holder = new RandomAccessFile(full.toFile(), "rw"); // its reader, which reads nothing
        Process filler = new ProcessBuilder("dd", "if=/dev/zero", "of=" + full, "oflag=nonblock", "bs=4096")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(filler.getInputStream().readAllBytes(), UTF_8)).contains("unavailable");
    }

    @AfterEach
    void kill() throws IOException, InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
        holder.close();
    }

    private static ProcessBuilder serve(String port, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-jar",
                System.getProperty("reactor.jar"),
                "--port",
                port,
                "--framing",
                "line",
                "--drain-timeout",
                "1s"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command);
    }

    private static String lineLike(Process process, String like, boolean error) throws IOException {
        BufferedReader lines = new BufferedReader(
                new InputStreamReader(error ? process.getErrorStream() : process.getInputStream(), UTF_8));
        String line;
        while ((line = lines.readLine()) != null) {
            if (line.contains(like)) {
                return line;
            }
        }
        throw new AssertionError("it has ended without " + like);
    }

    private static void converse(int port, int messages, String message) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            for (int i = 0; i < messages; i++) {
                socket.getOutputStream().write((message + "\n").getBytes(UTF_8));
                assertThat(replies.readLine()).isEqualTo("收到客户端信息");
            }
        }
    }

    private void assertEndsWhenToldTo() throws InterruptedException {
        server.toHandle().destroy();
        assertThat(server.waitFor(30, TimeUnit.SECONDS)).as("has ended").isTrue();
        assertThat(server.exitValue()).isEqualTo(SIGTERM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transcript=auto", "--trace"})
    void aStandardErrorThatIsFullFromTheStart(String option) throws Exception {
        server = serve("0", option).redirectError(full.toFile()).start();
        String ready = lineLike(server, "listening on", false);
        converse(Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1)), 2_000, "message");
        assertEndsWhenToldTo();
    }

    @Test
    void aStandardOutputThatIsFullFromTheStart() throws Exception {
        String port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
        server = serve(port, "--transcript=all").redirectOutput(full.toFile()).start();
        lineLike(server, "clients: ", true);
        converse(Integer.parseInt(port), 100, "message");
        assertEndsWhenToldTo();
    }

    /** The trace fills it. */
    @Test
    void aStandardErrorThatIsFilledLater() throws Exception {
        server = serve("0", "--trace", "--echo").start();
        String ready = lineLike(server, "listening on", false);
        int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            for (int i = 0; i < 5_000; i++) { // more steps than a pipe has room for
                socket.getOutputStream().write("message\n".getBytes(UTF_8));
                assertThat(replies.readLine()).isEqualTo("message");
            }
        }
        assertEndsWhenToldTo();
    }

    /** Who watches over it sees that it is well, though it can say nothing. */
    @Test
    void aStandardErrorThatIsFullIsNothingToTheAdminEndpoint() throws Exception {
        int admin = Ports.freeTcp();
        server = serve("0", "--admin=127.0.0.1:" + admin, "--trace")
                .redirectError(full.toFile())
                .start();
        String ready = lineLike(server, "listening on", false);
        converse(Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1)), 2_000, "message");
        URI health = URI.create("http://127.0.0.1:" + admin + "/healthz");
        Await.until("it answers", Duration.ofSeconds(60), () -> answers(health));
        assertEndsWhenToldTo();
    }

    private static boolean answers(URI health) throws IOException {
        try {
            return ((HttpURLConnection) health.toURL().openConnection()).getResponseCode() == 200;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Twice the heap of messages, and a transcript of all that waits to be printed. */
    @Test
    void aTranscriptOfAllThatNobodyReads() throws Exception {
        server = serve("0", "--transcript=all").start();
        String ready = lineLike(server, "listening on", false);
        int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
        converse(port, 2_000, "x".repeat(65_000));
        assertEndsWhenToldTo();
        lineLike(server, "drained 0 sessions", true); // which has somewhere to go
    }
}
