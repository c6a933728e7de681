package org.reactorserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.reactorserver.bench.helper.Hello;
import org.reactorserver.bench.process.Child;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * From the start of the process to the ready line; for the hello-world program, which is what a JVM
 * alone costs, to its end.
 */
record StartScenario(List<Contestant> contestants, double quickSeconds) implements Scenario {

    static final String HELLO = "hello";
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(20);

    @Override
    public String id() {
        return "start";
    }

    @Override
    public String title() {
        return "Start: process to ready line";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.START);
    }

    @Override
    public void run(Run run, Results results) throws InterruptedException {
        List<String> command = run.contestants.java(run.settings.java(), Hello.class);
        List<Contestant> all = new ArrayList<>(contestants);
        all.add(Contestant.of(HELLO, "hello-world in Java, to its end", command));
        alternate(run, results, all, quickSeconds, (c, round) -> sample(run, c, round));
    }

    private Sample sample(Run run, Contestant contestant, int round) throws InterruptedException {
        try {
            boolean isHello = contestant.id().equals(HELLO);
            double nanos = isHello ? toItsEnd(run, contestant) : toReadyLine(run, contestant);
            return Sample.of(id(), contestant.id(), round, Map.of(Metric.START, nanos / 1e6));
        } catch (IOException e) {
            return Sample.failed(id(), contestant.id(), round, e.getMessage());
        }
    }

    private static long toItsEnd(Run run, Contestant hello) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Child.start(hello.command(), Map.of(), run.settings.log("hello.log")).waitFor(HELLO_LIMIT);
        return System.nanoTime() - start;
    }

    private static long toReadyLine(Run run, Contestant contestant) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Server server = Server.start(contestant, run.settings)) {
            return server.readyAt - start;
        }
    }
}
