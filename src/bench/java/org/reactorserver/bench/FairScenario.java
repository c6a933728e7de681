package org.reactorserver.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.reactorserver.bench.Generator.Outcome;
import org.reactorserver.bench.report.Comparison;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * What {@link Polite} connections see while two hundred others have five hundred messages outstanding
 * each, and how much those get through. Percentiles are of the polite ones, all else is of the others.
 *
 * @param baseline the server to whose values those of its round are related
 */
record FairScenario(String id, List<Contestant> contestants, Generator generator, String baseline, double quickSeconds)
        implements Scenario {

    static final String ID = "fair";

    private static final Load BULK = Load.closed(200, 500);

    @Override
    public String title() {
        return "Ten polite connections beside %d × depth %d: their service time, the others' throughput"
                .formatted(BULK.connections(), BULK.depth());
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.P50, Metric.P99, Metric.THROUGHPUT, Metric.CPU);
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(Comparison.to(baseline));
    }

    @Override
    public void run(Run run, Results results) throws InterruptedException {
        alternate(run, results, contestants, quickSeconds, (c, round) -> sample(run, c, round));
    }

    private Sample sample(Run run, Contestant contestant, int round) throws InterruptedException {
        Settings settings = run.settings;
        String name = id + "-" + contestant.id() + "-" + round;
        try (Server server = Server.start(contestant, settings)) {
            generator.check(BULK);
            if (contestant.isJava()) {
                generator.run(BULK, 0, settings.heat(), server, settings.log(name));
            }
            try (Polite polite = Polite.start(run, server, name)) {
                Outcome bulk = generator.run(BULK, settings.warmUp(), settings.seconds(), server, settings.log(name));
                polite.end();
                Map<Metric, Double> values = new EnumMap<>(bulk.values());
                values.remove(Metric.P999); // of the others
                values.putAll(polite.between(bulk.from(), bulk.until()));
                return new Sample(id, contestant.id(), round, values, null, bulk.note());
            }
        } catch (IOException e) {
            return Sample.failed(id, contestant.id(), round, e.getMessage());
        }
    }
}
