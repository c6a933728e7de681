package org.reactorserver.force;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.AttackerProcess;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.HaProxy;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.RollingRestart;
import org.reactorserver.helper.Shell;
import org.reactorserver.helper.Visitors;

/** How the process ends: on a signal, and after an error. */
class EndForce {
    private static final int CLIENTS = 200;
    private static final int BATCH = 20;

    /** What clients saw of a server that was ended under load. */
    private static final class Load {
        final AtomicLong asked = new AtomicLong();
        final AtomicLong answered = new AtomicLong();
        final AtomicInteger outOfOrder = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
        final AtomicInteger resets = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();

        Load(int port) {
            for (int i = 0; i < CLIENTS; i++) {
                Thread thread = new Thread(() -> run(port));
                thread.start();
                threads.add(thread);
            }
        }

        private void run(int port) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) ChildProcess.PATIENCE.toMillis());
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                for (int next = 0; ; next += BATCH) {
                    if (!ask(socket.getOutputStream(), in, next)) {
                        ends.incrementAndGet();
                        return;
                    }
                }
            } catch (IOException e) {
                resets.incrementAndGet();
            }
        }

        /** Asks a batch of questions at once. Returns false at the end of the stream. */
        private boolean ask(OutputStream out, BufferedReader in, int first) throws IOException {
            StringBuilder batch = new StringBuilder();
            for (int i = 0; i < BATCH; i++) {
                batch.append(first + i).append('\n');
            }
            try {
                out.write(batch.toString().getBytes(UTF_8));
                asked.addAndGet(BATCH);
            } catch (IOException e) { // it has ended; what it has sent before is there to be read
                return in.readLine() != null;
            }
            for (int i = 0; i < BATCH; i++) {
                String reply = in.readLine();
                if (reply == null) {
                    return false;
                }
                answered.incrementAndGet();
                if (!reply.equals(Integer.toString(first + i))) {
                    outOfOrder.incrementAndGet();
                }
            }
            return true;
        }

        void awaitEnd() throws InterruptedException {
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void sigterm_under_load() throws Exception {
        try (JarProcess server = JarProcess.measured().serve("--framing", "line", "--echo", "--transcript", "off")) {
            Load load = new Load(server.port());
            Await.until("load", ChildProcess.PATIENCE, () -> load.answered.get() > 20L * CLIENTS);
            long began = System.nanoTime();
            server.terminate();
            int code = server.exitCode();
            long millis = (System.nanoTime() - began) / 1_000_000;
            load.awaitEnd();
            String report = server.awaitErr(line -> line.contains("drained"));
            Results.row(
                    "40",
                    "SIGTERM while %d clients ask without a pause".formatted(CLIENTS),
                    "exit code %d after %d ms; %d replies, %d out of order; %d streams ended in order, %d reset; `%s`",
                    code,
                    millis,
                    load.answered.get(),
                    load.outOfOrder.get(),
                    load.ends.get(),
                    load.resets.get(),
                    report.substring(report.indexOf("drained")));
            assertThat(code).isEqualTo(143);
            assertThat(load.outOfOrder.get()).isZero();
            assertThat(report).contains("0 messages and 0 replies dropped, 0 sessions forced");
        }
    }

    @Test
    void sigterm_twice_with_a_handler_that_hangs() throws Exception {
        try (JarProcess server =
                        JarProcess.measured().serve("--work", "1h", "--workers", "1", "--drain-timeout", "3s");
                Visitors visitor = Visitors.say(server.port(), 1, "hello")) {
            long began = System.nanoTime();
            String warning = server.awaitErr(line -> line.contains("busy with session"));
            double warned = (System.nanoTime() - began) / 1e9;
            began = System.nanoTime();
            server.terminate();
            server.terminate();
            int code = server.exitCode();
            double took = (System.nanoTime() - began) / 1e9;
            String report = server.awaitErr(line -> line.contains("drained"));
            Results.row(
                    "41",
                    "SIGTERM twice while the handler hangs, drain timeout 3 s",
                    "warned after %.1f s: `%s`; exit code %d after %.1f s; `%s`",
                    warned,
                    warning.substring(warning.indexOf("worker-")),
                    code,
                    took,
                    report.substring(report.indexOf("drained")));
            assertThat(code).isEqualTo(143);
            assertThat(took).isBetween(3.0, 5.0);
            visitor.answered();
        }
    }

    @Test
    void out_of_memory_on_the_selector_thread() throws Exception {
        int times = Results.QUICK ? 1 : 10;
        List<Integer> codes = new ArrayList<>();
        long slowest = 0;
        for (int i = 0; i < times; i++) {
            try (JarProcess server = JarProcess.measured()
                            .jvm("-Xmx24m")
                            .serve("--framing", "line", "--max-message", "1GiB", "--request-memory", "1GiB");
                    AttackerProcess endless = AttackerProcess.start("endless", server.port(), 1024)) {
                long began = System.nanoTime();
                codes.add(server.exitCode());
                slowest = Math.max(slowest, System.nanoTime() - began);
                endless.figure("told");
            }
        }
        Results.row(
                "35",
                "a line of 1 GiB is allowed, --request-memory too, and sent, -Xmx24m: no memory on the selector thread",
                "%d times exit code 70, %d times another; after %d ms at most",
                codes.stream().filter(code -> code == 70).count(),
                codes.stream().filter(code -> code != 70).count(),
                slowest / 1_000_000);
        assertThat(codes).containsOnly(70);
    }

    @Test
    void listens_to_this_machine_only() {
        try (JarProcess server = JarProcess.measured().serve()) {
            String sockets = Shell.run("ss", "-Hltnp");
            List<String> listeners = sockets.lines()
                    .filter(line -> line.contains("pid=" + server.pid() + ","))
                    .map(line -> line.trim().split("\\s+")[3].replace("" + server.port(), "PORT"))
                    .toList();
            Results.row("44", "started without --host", "listens at %s", listeners);
            assertThat(listeners).hasSize(1);
            assertThat(listeners.get(0)).contains("127.0.0.1").endsWith(":PORT");
        }
    }

    /** As in RollingRestartIT; here without telling the balancer first. */
    @Test
    void rolling_restart_by_sigterm_alone() throws Exception {
        assumeTrue(HaProxy.isInstalled(), "skipped: haproxy is not installed");
        int restarts = Results.QUICK ? 4 : 40;
        for (boolean drains : new boolean[] {true, false}) {
            RollingRestart rolling = new RollingRestart(drains, restarts, restarts * 2_000L);
            rolling.run();
            Results.row(
                    drains ? "42a" : "42b",
                    "%d restarts behind HAProxy, a connection for each request, %s"
                            .formatted(restarts, drains ? "drained at the balancer first" : "by SIGTERM alone"),
                    "%d requests answered, %d lost",
                    rolling.answered(),
                    rolling.lost().size());
            if (drains) {
                assertThat(rolling.lost()).isEmpty();
            } else {
                assertThat(rolling.lost()).hasSizeLessThan(restarts);
            }
        }
    }
}
