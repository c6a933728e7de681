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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
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
            awaitThatAllIsLoaded(jar, directory.resolve("loaded"));
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

    private static void awaitThatAllIsLoaded(Path jar, Path log) throws IOException, InterruptedException {
        List<String> classes;
        try (JarFile file = new JarFile(jar.toFile())) {
            classes = file.stream()
                    .map(JarEntry::getName)
                    // of other commands, and of a library that is not beside this copy of the jar
                    .filter(name -> name.matches("org/(slf4j|reactorserver/(?!load/|client/|nats/)).*\\.class"))
                    .map(name -> name.replace(".class", "").replace('/', '.'))
                    .toList();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Set<String> loaded = Set.of();
        while (!loaded.containsAll(classes)) {
            List<String> missing = new ArrayList<>(classes);
            missing.removeAll(loaded);
            assertThat(System.nanoTime() - end).as("waits for %s", missing).isNegative();
            TimeUnit.MILLISECONDS.sleep(5); // nothing tells the end of it
            loaded = Files.readAllLines(log).stream()
                    .map(line -> line.split(" "))
                    .filter(words -> words.length > 1)
                    .map(words -> words[words[0].endsWith("]") ? 1 : 0])
                    .collect(Collectors.toSet());
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
