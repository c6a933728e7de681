package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.AttackerProcess;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.GoodClients;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Shell;
import org.reactorserver.helper.Visitors;
import org.reactorserver.helper.Vitals;

/** More connections than usual, at once or at a time, and fewer files than they need. */
class ManyConnectionsForce {
    private static final String[] ECHO = {"--framing", "line", "--echo", "--transcript", "off"};

    @Test
    void holds_and_answers_19_000_connections() {
        int count = Results.QUICK ? 5_000 : 19_000;
        try (JarProcess server = JarProcess.measured().serve(ECHO)) {
            Vitals vitals = new Vitals(server);
            assertThat(GoodClients.isServed(server.port())).isTrue();
            long heap = vitals.liveHeapKib();
            int files = vitals.files(); // after the first jcmd, for which the JVM opens a socket
            try (AttackerProcess holder = AttackerProcess.start("hold", server.port(), count)) {
                long held = holder.figure("connected");
                long answered = holder.figure("answered");
                long heapEach = (vitals.liveHeapKib() - heap) * 1024 / count;
                int filesHeld = vitals.files();
                holder.goOn();
                answered += holder.figure("answered");
                Results.row(
                        "47a",
                        "connections held by one process, each asked twice",
                        "%d held, %d of %d requests answered; %d B of heap each, %d MiB resident, %d files",
                        held,
                        answered,
                        2 * count,
                        heapEach,
                        vitals.residentKib() / 1024,
                        filesHeld);
                assertThat(held).isEqualTo(count);
                assertThat(answered).isEqualTo(2L * count);
            }
            Await.until("the files are released", ChildProcess.PATIENCE, () -> vitals.files() <= files);
        }
    }

    @Test
    void takes_10_000_connections_within_a_second() {
        int count = Results.QUICK ? 3_000 : 10_000;
        try (JarProcess server = JarProcess.measured().serve(ECHO)) {
            long drops = Vitals.listenDrops();
            try (AttackerProcess burst = AttackerProcess.start("burst", server.port(), count, count / 10)) {
                long millis = burst.figure("millis");
                long answered = burst.figure("answered");
                drops = Vitals.listenDrops() - drops;
                Results.row(
                        "20",
                        "%d connections, evenly within %d ms".formatted(count, count / 10),
                        "connected within %d ms, %d answered, ListenDrops %d",
                        millis,
                        answered,
                        drops);
                assertThat(answered).isEqualTo(count);
            }
        }
    }

    /** With the limit known at the start, none is left in the backlog: all are admitted or get an error. */
    @Test
    void tells_those_for_whom_there_is_no_file() throws IOException {
        try (JarProcess server = JarProcess.measured().fileLimit(120).serve(ECHO)) {
            Visitors visitors = Visitors.say(server.port(), 300, "hello").awaitAnswers(300);
            int served = visitors.told("hello");
            int told = visitors.told("error: too many connections");
            int closed = visitors.told("");
            Results.row(
                    "21",
                    "300 clients, 120 files",
                    "%d served, %d told that there is no room, %d hung up on, none left waiting",
                    served,
                    told,
                    closed);
            assertThat(served).isEqualTo(120 - 32);
            assertThat(served + told + closed).isEqualTo(300);
            visitors.close();
        }
    }

    /** With the limit lowered while it runs, accept() fails. */
    @Test
    void recovers_from_a_lack_of_files() throws Exception {
        try (JarProcess server = JarProcess.measured().fileLimit(1000).serve(ECHO)) {
            Vitals vitals = new Vitals(server);
            assertThat(GoodClients.isServed(server.port())).isTrue();
            Shell.run("prlimit", "--pid=" + server.pid(), "--nofile=120:1000");
            Visitors visitors = Visitors.say(server.port(), 300, "hello");
            server.awaitErr(line -> line.contains("accept failed"));
            int linesBefore = server.err().size();
            double cpu = vitals.cpuSeconds();
            int seconds = Results.QUICK ? 3 : 10;
            TimeUnit.SECONDS.sleep(seconds); // this is what is measured
            double cpuPercent = 100 * (vitals.cpuSeconds() - cpu) / seconds;
            double linesPerSecond = (server.err().size() - linesBefore) / (double) seconds;
            int served = visitors.answered();
            visitors.stream().findFirst().orElseThrow().close();
            Duration recovery =
                    Await.until("one more is served", ChildProcess.PATIENCE, () -> visitors.answered() > served);
            Results.row(
                    "26",
                    "300 clients, the limit lowered to 120 files while it runs",
                    "%d served, the others wait; %.1f %% of a processor, %.1f log lines a second; the next one is served %d ms after a close",
                    served,
                    cpuPercent,
                    linesPerSecond,
                    recovery.toMillis());
            assertThat(cpuPercent).isLessThan(5);
            assertThat(linesPerSecond).isLessThanOrEqualTo(1.2);
            assertThat(recovery).isLessThan(Duration.ofSeconds(1));
            visitors.close();
        }
    }

    @Test
    void starts_again_after_kill_9_at_the_same_port() throws IOException {
        int times = Results.QUICK ? 5 : 50;
        JarProcess server = JarProcess.measured().serve(ECHO);
        String port = Integer.toString(server.port());
        long slowest = 0;
        int restarts = 0;
        try {
            for (; restarts < times; restarts++) {
                Visitors visitors = Visitors.say(server.port(), 20, "hello").awaitAnswers(20);
                server.signal("KILL");
                assertThat(server.exitCode()).isEqualTo(137);
                long began = System.nanoTime();
                server = JarProcess.measured().serve(withPort(port));
                slowest = Math.max(slowest, System.nanoTime() - began);
                visitors.close();
            }
            assertThat(GoodClients.isServed(server.port())).isTrue();
        } finally {
            server.close();
        }
        Results.row(
                "43",
                "kill -9 with 20 clients connected, and started again at the same port",
                "%d of %d times connectable again, after %d ms at most",
                restarts,
                times,
                slowest / 1_000_000);
    }

    private static String[] withPort(String port) {
        List<String> options = new ArrayList<>(List.of(ECHO));
        options.addAll(List.of("--port", port));
        return options.toArray(new String[0]);
    }

    @Test
    void caps_each_address_of_its_own() throws IOException {
        List<String> options = new ArrayList<>(List.of(ECHO));
        options.addAll(List.of("--max-connections-per-ip", "10"));
        try (JarProcess server = JarProcess.measured().serve(options.toArray(new String[0]))) {
            List<Integer> served = new ArrayList<>();
            List<Visitors> all = new ArrayList<>();
            for (int host = 2; host <= 9; host++) {
                byte[] hello = "hello\n".getBytes(StandardCharsets.UTF_8);
                Visitors visitors = new Visitors(server.port(), 30, "127.0.0." + host, hello);
                served.add(visitors.awaitAnswers(30).told("hello"));
                all.add(visitors);
            }
            Results.row("22", "30 clients from each of 127.0.0.2 to 127.0.0.9, 10 allowed", "served: %s", served);
            for (Visitors visitors : all) {
                visitors.close();
            }
            assertThat(served).containsOnly(10);
        }
    }
}
