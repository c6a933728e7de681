package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.AttackerProcess;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.ColdServer;
import org.reactorserver.helper.GoodClients;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Programs;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Shell;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.helper.TlsClients;
import org.reactorserver.helper.Vitals;

/** Handshakes beside plain clients, clients who shake no hands, and keys that are replaced under load. */
class TlsForce {
    /** Connects, with TLS or without, asks once, all at one moment; OpenSSL's half of a handshake costs little. */
    private static final String TOGETHER = """
            import socket, ssl, sys, threading, time

            port, count, way, at = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            took = []

            def visit():
                time.sleep(max(0, at - time.monotonic_ns()) / 1e9)
                with socket.create_connection(('127.0.0.1', port), 60) as plain:
                    s = context.wrap_socket(plain) if way == 'tls' else plain
                    s.sendall(b'good\\n')
                    assert s.recv(100) == b'good\\n'
                    took.append((time.monotonic_ns() - at) // 1000000)

            threads = [threading.Thread(target=visit) for i in range(count)]
            for t in threads: t.start()
            for t in threads: t.join()
            print('%d answered within %d ms' % (len(took), max(took)))
            """;

    private static final int TOGETHER_COUNT = 100;
    private static final Duration WINDOW = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private record Window(GoodClients.Experience plain, String others, List<String> threads) {}

    @Test
    void cold_handshakes_leave_the_loop_and_plain_clients_alone() throws Exception {
        assumeTrue(Shell.has("python3", "-c", "import ssl, threading"), "there is no python3");
        List<Double> ratios = new ArrayList<>();
        List<Window> beside = new ArrayList<>();
        List<Window> shaking = new ArrayList<>();
        for (int round = 0; round < (Results.QUICK ? 1 : 5); round++) {
            beside.add(window("plain"));
            shaking.add(window("tls"));
            ratios.add(shaking.get(round).plain.p99Millis()
                    / beside.get(round).plain.p99Millis());
        }
        Results.row(
                "49",
                "100 clients shake hands together with a new JVM; 100 plain ones at another port, in the %d s from there, %d times"
                        .formatted(WINDOW.toSeconds(), ratios.size()),
                "handshakes on the threads %s; p99 of the plain %s ms, beside 100 that connect in clear %s ms, ratio %s; the 100: %s",
                shaking.stream()
                        .flatMap(window -> window.threads.stream())
                        .distinct()
                        .toList(),
                spread(shaking.stream().map(window -> window.plain.p99Millis()).toList()),
                spread(beside.stream().map(window -> window.plain.p99Millis()).toList()),
                spread(ratios),
                shaking.get(0).others);
        for (Window window : shaking) {
            assertThat(window.threads).isNotEmpty().allMatch(thread -> thread.startsWith("tls-"));
            assertThat(window.plain.failed()).isZero();
        }
    }

    private Window window(String way) throws Exception {
        String classPath = Programs.jar() + System.getProperty("path.separator") + Programs.testClasses();
        Path program = Files.writeString(directory.resolve("together.py"), TOGETHER);
        try (ChildProcess server =
                ChildProcess.start(Programs.jdk("java"), "-cp", classPath, ColdServer.class.getName())) {
            int plain = port(server, "plain");
            GoodClients.use(plain, WINDOW); // so that what they measure is compiled, here and there
            long at = System.nanoTime() + 1_500_000_000L; // Python's clock counts the same
            try (ChildProcess others = ChildProcess.start(
                    "python3",
                    program.toString(),
                    Integer.toString(port(server, way)),
                    Integer.toString(TOGETHER_COUNT),
                    way,
                    Long.toString(at))) {
                TimeUnit.NANOSECONDS.sleep(at - System.nanoTime());
                GoodClients.Experience experience = GoodClients.use(plain, WINDOW);
                assertThat(others.exitCode()).as("%s", others).isZero();
                List<String> threads = server.out().stream()
                        .filter(line -> line.startsWith("handshake="))
                        .map(line -> line.substring(line.indexOf('=') + 1))
                        .toList();
                return new Window(experience, others.out().get(0), threads);
            }
        }
    }

    private static int port(ChildProcess server, String way) {
        return Integer.parseInt(
                server.awaitOut(line -> line.startsWith(way + "=")).substring(way.length() + 1));
    }

    private static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return "%.2f (%.2f–%.2f)"
                .formatted(sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    private static JarProcess serve(Path certificate, Path key) {
        return JarProcess.measured()
                .serve(
                        "--framing",
                        "line",
                        "--echo",
                        "--transcript",
                        "off",
                        "--tls-cert",
                        certificate.toString(),
                        "--tls-key",
                        key.toString());
    }

    @Test
    void those_who_shake_no_hands_keep_nobody_out() throws Exception {
        int count = Results.QUICK ? 1_500 : 5_000;
        TlsClients clients = new TlsClients();
        try (JarProcess server = serve(TestKeys.certificate("server"), TestKeys.key("server"))) {
            Vitals vitals = new Vitals(server);
            visits(clients, server.port(), 200);
            long heap = vitals.liveHeapKib();
            int files = vitals.files();
            String before = visits(clients, server.port(), 100);
            String during;
            long again;
            long heapDuring;
            int filesDuring;
            try (AttackerProcess silent = AttackerProcess.start("silent", server.port(), count)) {
                assertThat(silent.figure("connected")).isEqualTo(count);
                during = visits(clients, server.port(), 100);
                silent.goOn();
                again = silent.figure("again");
                heapDuring = vitals.liveHeapKib();
                filesDuring = vitals.files();
            }
            Await.until("the files are released", ChildProcess.PATIENCE, () -> vitals.files() <= files);
            Results.row(
                    "50",
                    "%d clients connect to the TLS port and are silent; who is hung up on comes again within a second"
                            .formatted(count),
                    "100 others, one by one, connect, shake hands and are answered: before %s, meanwhile %s, 0 failed; %d came again by then; live heap %d KiB before, %d meanwhile, %d after; files %d, %d, %d",
                    before,
                    during,
                    again,
                    heap,
                    heapDuring,
                    vitals.liveHeapKib(),
                    files,
                    filesDuring,
                    vitals.files());
            assertThat(vitals.liveHeapKib()).isLessThan(heap + 512);
        }
    }

    /** With a full handshake each. */
    private static String visits(TlsClients clients, int port, int count) throws IOException {
        Histogram nanos = new Histogram(3);
        for (int i = 0; i < count; i++) {
            long began = System.nanoTime();
            clients.visit(port, "client-" + began);
            nanos.recordValue(System.nanoTime() - began);
        }
        return "p50 %.1f ms, p99 %.1f ms"
                .formatted(nanos.getValueAtPercentile(50) / 1e6, nanos.getValueAtPercentile(99) / 1e6);
    }

    /**
     * By turns as Kubernetes does it, by a link to another directory, and by files that are overwritten one after the
     * other, so that key and certificate do not fit in between.
     */
    @Test
    void keys_that_are_replaced_disturb_nobody() throws Exception {
        int count = Results.QUICK ? 1_000 : 20_000;
        Path link = directory.resolve("current");
        List<String> names = List.of("server", "other");
        install(link, names.get(0));
        AtomicInteger next = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        Map<String, Integer> shown = new ConcurrentHashMap<>();
        TlsClients clients = new TlsClients();
        try (JarProcess server = serve(link.resolve("tls.crt"), link.resolve("tls.key"))) {
            int port = server.port();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String resuming = "client-of-" + i;
                Thread thread = new Thread(() -> {
                    int number;
                    while ((number = next.getAndIncrement()) < count) {
                        try {
                            String name = number % 2 == 0 ? resuming : "client-" + number;
                            shown.merge(clients.visit(port, name), 1, Integer::sum);
                        } catch (IOException e) {
                            failed.incrementAndGet();
                            e.printStackTrace();
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            int swaps = 0;
            while (next.get() < count) {
                swaps++;
                String name = names.get(swaps % 2);
                if (swaps % 4 < 2) {
                    install(link, name);
                } else {
                    Files.write(link.resolve("tls.key"), Files.readAllBytes(TestKeys.key(name)));
                    server.signal("HUP");
                    TimeUnit.MILLISECONDS.sleep(20); // for a look at those that do not fit
                    Files.write(link.resolve("tls.crt"), Files.readAllBytes(TestKeys.certificate(name)));
                }
                server.signal("HUP");
                TimeUnit.MILLISECONDS.sleep(300); // the time between two swaps
            }
            for (Thread thread : threads) {
                thread.join();
            }
            Results.row(
                    "51",
                    "%d TLS connections, half of them resumed if they can be, while the keys are replaced and SIGHUP is sent"
                            .formatted(count),
                    "%d failed; %d swaps, of which the server told %d, and %d times that certificate and key do not fit; certificates seen: %s",
                    failed.get(),
                    swaps,
                    told(server, "new connections use the certificates"),
                    told(server, "stay as they were"),
                    shown);
            assertThat(failed).hasValue(0);
            assertThat(shown).hasSize(2);
        }
    }

    private static long told(JarProcess server, String what) {
        return server.err().stream().filter(line -> line.contains(what)).count();
    }

    /** In a new directory, to which the link leads then. */
    private void install(Path link, String name) throws IOException {
        Path to = Files.createTempDirectory(directory, "keys");
        Files.copy(TestKeys.certificate(name), to.resolve("tls.crt"));
        Files.copy(TestKeys.key(name), to.resolve("tls.key"));
        Path next = directory.resolve("next");
        Files.createSymbolicLink(next, to);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
    }
}
