package org.reactorserver.force;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.AttackerProcess;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.BadHandlers;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.GoodClients;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Visitors;
import org.reactorserver.helper.Vitals;

/** Clients that are slow, rude, greedy or mistaken, and what the good ones notice of them. */
class BadClientsForce {
    private static final Duration AS_USUAL = Duration.ofSeconds(Results.QUICK ? 2 : 10);

    private static JarProcess echo(String... more) {
        return JarProcess.measured().serve(options(more));
    }

    private static String[] options(String... more) {
        List<String> options = new ArrayList<>(List.of("--framing", "line", "--echo", "--transcript", "off"));
        options.addAll(List.of(more));
        return options.toArray(new String[0]);
    }

    /** What good clients may be made to wait: not much more than without the bad ones. */
    private static void assertBearable(GoodClients.Experience before, GoodClients.Experience meanwhile) {
        assertThat(meanwhile.failed()).isZero();
        assertThat(meanwhile.p99Millis()).isLessThan(250 + 5 * before.p99Millis());
    }

    @Test
    void slowloris() throws Exception {
        int count = Results.QUICK ? 1_000 : 5_000;
        int seconds = Results.QUICK ? 6 : 30;
        try (JarProcess server = echo("--message-timeout", seconds + "s")) {
            GoodClients.use(server.port(), AS_USUAL); // warm
            GoodClients.Experience before = GoodClients.use(server.port(), AS_USUAL);
            try (AttackerProcess slow = AttackerProcess.start("slowloris", server.port(), count)) {
                long held = slow.figure("connected");
                GoodClients.Experience meanwhile = GoodClients.use(server.port(), AS_USUAL);
                long told = slow.figure("told");
                long first = slow.figure("firstMillis");
                long last = slow.figure("lastMillis");
                Results.row(
                        "10",
                        "slowloris: a byte a second on each connection, message timeout %d s".formatted(seconds),
                        "%d held, %d told why and closed after %.1f to %.1f s; 100 good clients: p99 %.2f ms, before %.2f ms, %d failed",
                        held,
                        told,
                        first / 1e3,
                        last / 1e3,
                        meanwhile.p99Millis(),
                        before.p99Millis(),
                        meanwhile.failed());
                assertThat(told).isEqualTo(count);
                assertBearable(before, meanwhile);
            }
        }
    }

    @Test
    void never_readers() throws Exception {
        neverReaders("14a", "buffers as the kernel has them");
    }

    @Test
    void never_readers_with_bounded_send_buffers() throws Exception {
        neverReaders(
                "14b",
                "--send-buffer 64KiB --receive-buffer 64KiB",
                "--send-buffer",
                "64KiB",
                "--receive-buffer",
                "64KiB");
    }

    private void neverReaders(String row, String buffers, String... more) throws Exception {
        int count = Results.QUICK ? 200 : 1_000;
        int seconds = Results.QUICK ? 6 : 30;
        List<String> options = new ArrayList<>(List.of(more));
        options.addAll(List.of("--write-timeout", seconds + "s"));
        try (JarProcess server = echo(options.toArray(new String[0]))) {
            Vitals vitals = new Vitals(server);
            GoodClients.use(server.port(), AS_USUAL); // warm
            GoodClients.Experience before = GoodClients.use(server.port(), AS_USUAL);
            long heap = vitals.liveHeapKib();
            int files = vitals.files();
            long kernel = Vitals.kernelTcpKib();
            try (AttackerProcess greedy = AttackerProcess.start("never-read", server.port(), count)) {
                greedy.figure("connected");
                long stuck = greedy.figure("stuckMillis");
                GoodClients.Experience meanwhile = GoodClients.use(server.port(), AS_USUAL);
                long heapEach = (vitals.liveHeapKib() - heap) / count;
                long kernelEach = (Vitals.kernelTcpKib() - kernel) / count;
                greedy.figure("bytes");
                long first = greedy.figure("firstMillis");
                long last = greedy.figure("lastMillis");
                Results.row(
                        row,
                        "%d clients send requests and read no reply, write timeout %d s, %s"
                                .formatted(count, seconds, buffers),
                        "stuck after %.1f s, with %d KiB of heap and %d KiB of the kernel each; closed after %.1f to %.1f s; 100 good clients: p99 %.2f ms, before %.2f ms, ratio %.1f, %d failed",
                        stuck / 1e3,
                        heapEach,
                        kernelEach,
                        first / 1e3,
                        last / 1e3,
                        meanwhile.p99Millis(),
                        before.p99Millis(),
                        meanwhile.p99Millis() / before.p99Millis(),
                        meanwhile.failed());
                assertThat(heapEach).isLessThan(1024);
                assertBearable(before, meanwhile);
            }
            Await.until("files", ChildProcess.PATIENCE, () -> vitals.files() <= files);
        }
    }

    @Test
    void resets_in_every_phase() {
        int count = Results.QUICK ? 2_000 : 50_000;
        String[] phases = {"connected", "half", "sent", "replying", "lingering"};
        try (JarProcess server = echo()) {
            Vitals vitals = new Vitals(server);
            assertThat(GoodClients.isServed(server.port())).isTrue();
            vitals.liveHeapKib();
            int files = vitals.files();
            long heap = vitals.liveHeapKib();
            int linesBefore = server.err().size();
            for (String phase : phases) {
                try (AttackerProcess rude = AttackerProcess.start("reset", server.port(), count, phase)) {
                    rude.figure("done");
                }
            }
            Await.until("files", ChildProcess.PATIENCE, () -> vitals.files() <= files);
            List<String> said = server.err().subList(linesBefore, server.err().size());
            long traces = said.stream().filter(line -> line.startsWith("\tat ")).count();
            Results.row(
                    "18",
                    "%d resets in each phase: %s".formatted(count, String.join(", ", phases)),
                    "files %d before, %d after; live heap %d KiB before, %d KiB after; %d log lines, %d stack traces; serves on: %s",
                    files,
                    vitals.files(),
                    heap,
                    vitals.liveHeapKib(),
                    said.size(),
                    traces,
                    GoodClients.isServed(server.port()));
            assertThat(traces).isZero();
            assertThat(GoodClients.isServed(server.port())).isTrue();
        }
    }

    @Test
    void resets_in_the_backlog() throws IOException {
        int count = 500;
        try (JarProcess server = echo()) {
            Vitals vitals = new Vitals(server);
            assertThat(GoodClients.isServed(server.port())).isTrue();
            int files = vitals.files();
            server.signal("STOP");
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                socket.setSoLinger(true, 0);
                socket.close();
            }
            server.signal("CONT");
            boolean served = GoodClients.isServed(server.port());
            Await.until("files", ChildProcess.PATIENCE, () -> vitals.files() <= files);
            Results.row(
                    "19",
                    count + " resets of connections that wait in the backlog",
                    "files %d before, %d after; serves on: %s",
                    files,
                    vitals.files(),
                    served);
            assertThat(served).isTrue();
        }
    }

    @Test
    void an_endless_line() {
        endless("6a", "line");
    }

    @Test
    void an_endless_chunk() {
        endless("6b", "chunk");
    }

    private static void endless(String row, String framing) {
        int mebibytes = Results.QUICK ? 64 : 1024;
        try (JarProcess server = JarProcess.measured()
                .jvm("-Xmx64m")
                .serve("--framing", framing, "--reply", "", "--transcript", "off")) {
            Vitals vitals = new Vitals(server);
            long before = vitals.liveHeapKib();
            try (AttackerProcess endless = AttackerProcess.start("endless", server.port(), mebibytes)) {
                long told = endless.figure("told");
                long bytes = endless.figure("bytes");
                String end = told < 0 ? "then reset" : told > 0 ? "refused" : "taken";
                Results.row(
                        row,
                        "%d MiB without a line feed, %s framing, -Xmx64m".formatted(mebibytes, framing),
                        "%d MiB sent, %s; live heap %d KiB before, %d KiB after; peak of resident memory %d MiB",
                        bytes >> 20,
                        end,
                        before,
                        vitals.liveHeapKib(),
                        vitals.peakResidentKib() / 1024);
            }
            assertThat(vitals.liveHeapKib()).isLessThan(before + 2048);
        }
    }

    @Test
    void other_protocols() throws IOException {
        Map<String, byte[]> protocols = new LinkedHashMap<>();
        protocols.put("HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        protocols.put("TLS", clientHello());
        protocols.put("SSH", "SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII));
        protocols.put("Redis", "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII));
        protocols.put("memcached", new byte[] {(byte) 0x80, 0x0b, 0, 0, 0, 0, 0, 0});
        for (String framing : List.of("line", "length")) {
            List<String> figures = new ArrayList<>();
            try (JarProcess server = JarProcess.measured()
                    .serve("--framing", framing, "--transcript", "off", "--message-timeout", "4s")) {
                for (Map.Entry<String, byte[]> protocol : protocols.entrySet()) {
                    figures.add(protocol.getKey() + " " + send(server, protocol.getValue()));
                }
                assertThat(server.isAlive()).isTrue();
            }
            Results.row(
                    framing.equals("line") ? "9a" : "9b",
                    "other protocols, %s framing, message timeout 4 s".formatted(framing),
                    "%s",
                    String.join("; ", figures));
        }
    }

    private static String send(JarProcess server, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5_000);
            long began = System.nanoTime();
            socket.getOutputStream().write(bytes);
            ByteArrayOutputStream heard = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            try {
                for (int b = in.read(); b >= 0; b = in.read()) {
                    heard.write(b);
                }
            } catch (SocketTimeoutException e) {
                long replies = heard.toString(US_ASCII).lines().count();
                return "is " + replies + " messages, each answered";
            }
            return "hung up on after %.1f s".formatted((System.nanoTime() - began) / 1e9);
        }
    }

    /** The beginning of a TLS 1.2 ClientHello, with an extension of no meaning. */
    private static byte[] clientHello() {
        byte[] hello = new byte[300];
        Arrays.fill(hello, (byte) 0xAA);
        byte[] start = {0x16, 3, 1, 1, 39, 1, 0, 1, 35, 3, 3};
        System.arraycopy(start, 0, hello, 0, start.length);
        return hello;
    }

    /** Whatever the handler does, its session ends, the worker does not, and the log is bearable. */
    @Test
    void failing_handlers() throws Exception {
        int count = Results.QUICK ? 1_000 : 20_000;
        List<String> figures = new ArrayList<>();
        for (String word : List.of("throw", "overflow", "hoard")) {
            int sessions = word.equals("throw") ? count : 20;
            int atOnce = word.equals("hoard") ? 1 : 20;
            try (JarProcess server = JarProcess.measured()
                    .jvm("-Xmx48m")
                    .withTestClasses()
                    .serve(
                            "--framing",
                            "line",
                            "--transcript",
                            "off",
                            "--workers",
                            "4",
                            "--handler",
                            BadHandlers.Any.class.getName())) {
                long began = System.nanoTime();
                int told = 0;
                for (int done = 0; done < sessions; done += atOnce) {
                    try (Visitors visitors = Visitors.say(server.port(), atOnce, word)) {
                        told += visitors.awaitAnswers(atOnce).told("error: the handler failed");
                    }
                }
                double seconds = Math.max(1, (System.nanoTime() - began) / 1e9);
                boolean served = GoodClients.isServed(server.port());
                server.awaitErr(line -> line.contains("the handler failed"));
                String end = served ? "serves on" : "ended with " + server.exitCode();
                long lines = server.err().stream()
                        .filter(line -> line.contains("the handler failed"))
                        .count();
                figures.add("%s: %d of %d sessions told and ended, %.1f log lines a second, %s"
                        .formatted(word, told, sessions, lines / seconds, end));
                if (!served) { // the memory may be missing where the server needs it most
                    assertThat(word).isEqualTo("hoard");
                    assertThat(server.exitCode()).isEqualTo(70);
                    break;
                }
                assertThat(lines).isLessThanOrEqualTo(10 * Math.round(seconds + 2));
            }
        }
        Results.row(
                "33", "handlers that throw, overflow the stack or use up the heap", "%s", String.join("; ", figures));
    }
}
