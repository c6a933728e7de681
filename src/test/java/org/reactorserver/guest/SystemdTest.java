package org.reactorserver.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.ServerObserver;
import org.reactorserver.helper.Shell;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopProbe;

@Timeout(120)
class SystemdTest {
    private static final long SECOND = 1_000_000_000;

    private final LinkedBlockingQueue<List<String>> said = new LinkedBlockingQueue<>();
    private long now;

    private List<String> next() throws InterruptedException {
        List<String> next = said.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("a message within a minute").isNotNull();
        return next;
    }

    private EventLoop loop() throws IOException {
        return new EventLoop(SelectorProvider.provider(), () -> now, ServerObserver.NONE);
    }

    @Test
    void whatIsSaid() throws InterruptedException {
        Systemd systemd = Systemd.of(Map.of(), said::add);
        systemd.ready("listening at\n127.0.0.1:8888");
        assertThat(next()).containsExactly("READY=1", "STATUS=listening at 127.0.0.1:8888");
        long before = System.nanoTime() / 1_000;
        systemd.reloading("reading certificates");
        List<String> reloading = next();
        assertThat(reloading.get(0)).isEqualTo("RELOADING=1");
        assertThat(Long.parseLong(reloading.get(1).replace("MONOTONIC_USEC=", "")))
                .isBetween(before, System.nanoTime() / 1_000);
        systemd.status("3 sessions");
        assertThat(next()).containsExactly("STATUS=3 sessions");
        systemd.stopping("draining");
        systemd.close();
        assertThat(said).containsExactly(List.of("STOPPING=1", "STATUS=draining"));
    }

    @Test
    void withoutASocketNothingIsDone() throws IOException {
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "1000000"));
        try (var ends = closing(loop())) {
            systemd.ready("here");
            systemd.watch(ends.loop);
            assertThat(LoopProbe.nextDeadline(ends.loop)).isEqualTo(Long.MAX_VALUE);
        }
    }

    /** As long as passes are made, and no longer. */
    @Test
    void theWatchdogHearsTheLoop() throws Exception {
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "10000000"), said::add);
        try (var ends = closing(loop())) {
            systemd.watch(ends.loop);
            assertThat(next()).containsExactly("WATCHDOG=1");
            for (int i = 0; i < 3; i++) {
                now += 5 * SECOND - 1;
                ends.loop.execute(() -> {}); // so that the pass does not wait
                ends.loop.pass();
                assertThat(said).isEmpty();
                now += 1;
                ends.loop.pass();
                assertThat(next()).containsExactly("WATCHDOG=1");
            }
        }
    }

    @Test
    void aSlowSystemdIsToldOnceAtATime() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "2"), message -> {
            said.add(message);
            heard.await();
        });
        try (var ends = closing(loop())) {
            systemd.watch(ends.loop);
            assertThat(next()).containsExactly("WATCHDOG=1");
            for (int i = 0; i < 100; i++) {
                now += SECOND;
                ends.loop.pass();
            }
            heard.countDown();
            systemd.close();
            assertThat(said).containsExactly(List.of("WATCHDOG=1")); // what waited meanwhile
        }
    }

    @Test
    void anotherProcesssWatchdogIsNotOurs() throws IOException {
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "1000000", "WATCHDOG_PID", "1"), said::add);
        try (var ends = closing(loop())) {
            systemd.watch(ends.loop);
            assertThat(LoopProbe.nextDeadline(ends.loop)).isEqualTo(Long.MAX_VALUE);
        }
    }

    /** Through the program, at a socket such as systemd has. */
    @Test
    void itIsHeard() throws Exception {
        assumeTrue(Shell.has("python3", "--version") && Shell.has("systemd-notify", "--version"), "not to be had here");
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "notify");
        Path socket = directory.resolve("s");
        Process listener = new ProcessBuilder(
                        "python3",
                        "-uc",
                        "import socket, sys\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\n"
                                + "print('bound')\nwhile True: print(s.recv(4096).decode().strip().replace('\\n', ' '))",
                        socket.toString())
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(listener.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("bound");
            List<String> command = new ArrayList<>(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("java.class.path"),
                    SystemdTest.class.getName()));
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("NOTIFY_SOCKET", socket.toString());
            assertThat(builder.start().waitFor()).isZero();
            assertThat(lines.lines().filter(line -> !line.startsWith("BARRIER")).findFirst())
                    .hasValue("READY=1 STATUS=here");
        } finally {
            listener.destroyForcibly().waitFor();
            Files.delete(socket);
            Files.delete(directory);
        }
    }

    /** The process of {@link #itIsHeard}: the environment of a running one cannot be changed. */
    public static void main(String[] args) {
        Systemd systemd = Systemd.of(System.getenv());
        systemd.ready("here");
        systemd.close();
    }

    private record Ends(EventLoop loop) implements AutoCloseable {
        @Override
        public void close() {
            loop.close();
        }
    }

    private static Ends closing(EventLoop loop) {
        return new Ends(loop);
    }
}
