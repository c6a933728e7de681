package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.bench.process.CProgram;
import org.reactorserver.bench.process.Child;
import org.reactorserver.bench.process.Proc;
import org.reactorserver.bench.report.Comparison;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * One line to two thousand subscribers, so many times a second: the server's CPU for each that is delivered. Publisher
 * and subscribers are {@code subscribers.c}, a process of its own. Throughput is of deliveries, from the first publication
 * to the last delivery: a server that does not keep up takes longer.
 */
record FanoutScenario(int rate, List<Contestant> contestants, double quickSeconds) implements Scenario {

    private static final int SUBSCRIBERS = 2_000;
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration END_LIMIT = Duration.ofSeconds(90);
    private static final Pattern MEASURING = Pattern.compile("measuring");
    private static final Pattern RESULT = Pattern.compile("published (\\d+), delivered (\\d+), in (\\d+) us");

    @Override
    public String id() {
        return "fan-out-" + rate;
    }

    @Override
    public String title() {
        return "Fan-out: %,d subscribers, 64 bytes, %d publications a second".formatted(SUBSCRIBERS, rate);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.CPU, Metric.THROUGHPUT);
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(Comparison.to(contestants.get(1).id()));
    }

    @Override
    public void run(Run run, Results results) throws InterruptedException {
        alternate(run, results, contestants, quickSeconds, (c, round) -> sample(run, c, round));
    }

    private Sample sample(Run run, Contestant contestant, int round) throws InterruptedException {
        Settings settings = run.settings;
        String id = contestant.id();
        try (Server server = Server.start(contestant, settings);
                Child subscribers = subscribers(run, server)) {
            subscribers.await(MEASURING, START_LIMIT);
            Map<Path, Long> before = Proc.fineCpu(server.pid());
            Matcher result = subscribers.await(RESULT, END_LIMIT);
            long used = Proc.growth(before, Proc.fineCpu(server.pid()));
            long expected = Long.parseLong(result.group(1)) * SUBSCRIBERS;
            long delivered = Long.parseLong(result.group(2));
            double seconds = Long.parseLong(result.group(3)) / 1e6;
            Map<Metric, Double> values =
                    Map.of(Metric.CPU, used / 1e3 / delivered, Metric.THROUGHPUT, delivered / seconds);
            String note = delivered == expected ? null : "%,d of %,d delivered".formatted(delivered, expected);
            return new Sample(id(), id, round, values, null, note);
        } catch (IOException e) {
            return Sample.failed(id(), id, round, e.getMessage());
        }
    }

    private Child subscribers(Run run, Server server) throws IOException {
        String program = run.contestants.subscribers;
        if (program == null) {
            throw new IOException("subscribers.c: " + CProgram.NO_COMPILER);
        }
        Settings settings = run.settings;
        List<String> command = List.of(
                program,
                Integer.toString(server.port),
                Integer.toString(SUBSCRIBERS),
                Integer.toString(rate),
                Double.toString(settings.warmUp() + settings.heat()),
                Double.toString(settings.seconds()));
        return Child.start(command, Map.of(), settings.log("subscribers.log"));
    }
}
