package org.reactorserver.bench;

import java.util.List;
import java.util.Optional;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Spread;

/** What this project promises of its speed, so that each run says what became of it. */
final class Targets {

    /**
     * A promise.
     *
     * @param to the server whose value ours is divided by; null for the value itself
     * @param limit the most, or for throughput the least, that is promised
     */
    record Target(String scenario, Metric metric, String server, String to, double limit) {

        boolean isMet(Spread measured) {
            return metric == Metric.THROUGHPUT ? measured.median() >= limit : measured.median() <= limit;
        }

        String describe(Results results) {
            String ratio = to == null ? "" : " ÷ " + results.label(to);
            return "%s: %s, %s%s".formatted(scenario, metric.title, results.label(server), ratio);
        }

        Optional<Spread> measured(Results results) {
            return to == null ? results.values(scenario, server, metric) : results.ratios(scenario, server, to, metric);
        }
    }

    private static final String NETTY = "netty-executor2";

    static final List<Target> ALL = List.of(
            new Target("50x1", Metric.CPU, "ours", NETTY, 0.40),
            new Target("50x1", Metric.CPU, "ours", EchoScenario.LIMIT, 1.35),
            new Target("50x16", Metric.CPU, "ours", NETTY, 0.25),
            new Target("50x16", Metric.CPU, "ours", EchoScenario.LIMIT, 1.6),
            new Target("1000x1", Metric.CPU, "ours", NETTY, 0.40),
            new Target("1000x1", Metric.CPU, "ours", EchoScenario.LIMIT, 1.35),
            new Target("50x1", Metric.THROUGHPUT, "ours", NETTY, 1.8),
            new Target("50x16", Metric.THROUGHPUT, "ours", NETTY, 1.8),
            new Target("1000x1", Metric.THROUGHPUT, "ours", NETTY, 1.8),
            new Target("50x1", Metric.CPU, "ours-loop", "netty-loop", 0.95),
            new Target("50x16", Metric.CPU, "ours-loop", "netty-loop", 0.5),
            new Target("tls-50x1", Metric.CPU, "ours-tls", "ours", 1.35),
            new Target("tls-50x1", Metric.CPU, "ours-tls", NETTY + "-tls", 0.65),
            new Target("open", Metric.P999, "ours", NETTY, 0.6),
            new Target("idle", Metric.HEAP, "ours", null, 900),
            new Target("idle", Metric.HEAP, "ours-tls", null, 10_000),
            new Target("idle", Metric.IDLE_CPU, "ours", null, 0.5),
            new Target("python", Metric.THROUGHPUT, "ours-chunk", "python", 2.5),
            new Target("python", Metric.CPU, "ours-chunk", "python", 0.33),
            new Target("allocation", Metric.ALLOCATION_BEYOND, "ours", null, 32),
            new Target("start", Metric.START, "ours-as-it-is", StartScenario.HELLO, 5),
            new Target("start", Metric.START, "ours", StartScenario.HELLO, 5),
            new Target("slow", Metric.P99, "ours-disturbed", "ours-slow", 2),
            new Target(FairScenario.ID, Metric.P99, "ours", EchoScenario.LIMIT, 2.5),
            new Target(NeverReadersScenario.ID, Metric.P99, "ours-first", "ours-alone", 8),
            new Target(NeverReadersScenario.ID, Metric.P99, "ours-later", "ours-alone", 8),
            new Target("before-50x16", Metric.CPU, "ours", Contestants.BEFORE, 1.03),
            new Target("before-50x16", Metric.THROUGHPUT, "ours", Contestants.BEFORE, 0.97),
            new Target("before-fair", Metric.THROUGHPUT, "ours", Contestants.BEFORE, 0.97),
            new Target("c-50x1", Metric.DRIVING_CPU, "load", "lines", 1.3),
            new Target("c-50x16", Metric.DRIVING_CPU, "load", "lines", 1.5),
            new Target("c-50x16", Metric.CLIENT_CPU, "load-2", "load", 1.1));

    private Targets() {}
}
