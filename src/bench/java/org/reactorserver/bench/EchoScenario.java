package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reactorserver.bench.Generator.Outcome;
import org.reactorserver.bench.report.Comparison;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * The same load on several servers in turn: A B C, C B A, A B C …, so that a machine that slows
 * down or speeds up favours nobody. The limit, where it takes part, is measured before and after
 * all others of a round; if those two differ, the machine moved.
 *
 * @param quickSeconds the time for this scenario in a quick run
 * @param limit what is measured before and after; null for nothing
 */
record EchoScenario(
        String id,
        String title,
        Load load,
        double quickSeconds,
        List<Entry> entries,
        Entry limit,
        List<Metric> metrics,
        List<Comparison> comparisons)
        implements Scenario {

    static final String LIMIT = "c";
    private static final String LIMIT_BEFORE = "c-before";
    private static final String LIMIT_AFTER = "c-after";

    /** Its two measurements, for which a chart shows their mean. */
    static final Set<String> LIMIT_TWICE = Set.of(LIMIT_BEFORE, LIMIT_AFTER);

    private static final List<Metric> USUAL =
            List.of(Metric.THROUGHPUT, Metric.P50, Metric.P99, Metric.P999, Metric.CPU, Metric.RSS);

    /**
     * A row of the table.
     *
     * @param disturbed whether one more session keeps a handler busy for 50 ms at a time
     */
    record Entry(String id, String label, Contestant contestant, Generator generator, boolean disturbed) {

        static Entry of(Contestant contestant, Generator generator) {
            return new Entry(contestant.id(), contestant.label(), contestant, generator, false);
        }

        Entry as(String newId) {
            return new Entry(newId, label, contestant, generator, disturbed);
        }

        Entry disturbed(String newId, String suffix) {
            return new Entry(newId, label + suffix, contestant, generator, true);
        }
    }

    /**
     * A scenario with the usual metrics, without the limit, compared to the first of its entries.
     */
    static EchoScenario of(String id, String title, Load load, double quickSeconds, List<Entry> entries) {
        List<Comparison> comparisons = List.of(Comparison.to(entries.get(0).id));
        return new EchoScenario(id, title, load, quickSeconds, entries, null, USUAL, comparisons);
    }

    EchoScenario within(Entry newLimit) {
        return new EchoScenario(id, title, load, quickSeconds, entries, newLimit, metrics, comparisons);
    }

    EchoScenario showing(List<Metric> newMetrics) {
        return new EchoScenario(id, title, load, quickSeconds, entries, limit, newMetrics, comparisons);
    }

    EchoScenario comparing(Comparison... newComparisons) {
        return new EchoScenario(id, title, load, quickSeconds, entries, limit, metrics, List.of(newComparisons));
    }

    @Override
    public void run(Run run, Results results) throws InterruptedException {
        entries.forEach(entry -> results.label(entry.id, entry.label));
        if (limit != null) {
            results.label(LIMIT, limit.label);
            results.label(LIMIT_BEFORE, limit.label + ": before");
            results.label(LIMIT_AFTER, limit.label + ": after");
        }
        run.rounds(quickSeconds, round -> round(run, results, round));
    }

    private void round(Run run, Results results, int round) throws InterruptedException {
        List<Entry> order = new ArrayList<>(entries);
        if (round % 2 == 0) {
            Collections.reverse(order);
        }
        if (limit != null) {
            order.add(0, limit.as(LIMIT_BEFORE));
            order.add(limit.as(LIMIT_AFTER));
        }
        List<Sample> ofLimit = new ArrayList<>();
        for (Entry entry : order) {
            if (run.wants(entry.contestant, round)) {
                Sample sample = sample(run, entry, round);
                run.say(sample, metrics);
                results.add(sample);
                if (LIMIT_TWICE.contains(entry.id) && sample.problem() == null) {
                    ofLimit.add(sample);
                }
            }
        }
        if (!ofLimit.isEmpty()) {
            results.add(mean(ofLimit));
        }
    }

    private Sample sample(Run run, Entry entry, int round) throws InterruptedException {
        Run.Lease lease = null;
        boolean sound = false;
        try {
            entry.generator.check(load.to(entry.contestant));
            lease = run.take(entry.contestant);
            Path log = run.settings.log(logName(entry, round));
            Outcome outcome = load(run, entry, lease, log);
            sound = true;
            return new Sample(id, entry.id, round, outcome.values(), null, outcome.note());
        } catch (IOException | RuntimeException e) {
            return Sample.failed(id, entry.id, round, String.valueOf(e.getMessage()));
        } finally {
            if (lease != null) {
                run.giveBack(lease, sound);
            }
        }
    }

    private Outcome load(Run run, Entry entry, Run.Lease lease, Path log) throws IOException, InterruptedException {
        Load wanted = load.to(entry.contestant);
        Settings settings = run.settings;
        Server server = lease.server();
        if (lease.fresh() && entry.contestant.isJava()) {
            // Many messages in little time, so that all is compiled, and the young generation has
            // its size and its pages: touching those first would cost a tenth of what is measured.
            Load heat = load.fixedReply() ? wanted : Load.closed(50, 16).to(entry.contestant);
            entry.generator.run(heat, 0, settings.heat(), server, log);
        }
        double warmUp = settings.warmUp();
        double seconds = settings.seconds();
        if (!entry.disturbed) {
            return entry.generator.run(wanted, warmUp, seconds, server, log);
        }
        try (SlowCaller slow = new SlowCaller(server.port)) {
            Outcome outcome = entry.generator.run(wanted, warmUp, seconds, server, log);
            slow.check();
            return outcome;
        }
    }

    private String logName(Entry entry, int round) {
        return (id + "-" + entry.id + "-" + round).replace('/', '-');
    }

    private static Sample mean(List<Sample> samples) {
        Sample first = samples.get(0);
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (Metric metric : first.values().keySet()) {
            samples.stream()
                    .map(sample -> sample.values().getOrDefault(metric, Double.NaN))
                    .mapToDouble(value -> value)
                    .filter(Double::isFinite)
                    .average()
                    .ifPresent(mean -> values.put(metric, mean));
        }
        return Sample.of(first.scenario(), LIMIT, first.round(), values);
    }
}
