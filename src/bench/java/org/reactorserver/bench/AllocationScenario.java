package org.reactorserver.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.reactorserver.bench.Generator.Outcome;
import org.reactorserver.bench.process.Jvm;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * Heap allocated per message, asked of the server's JVM before and after a run without warm-up, so
 * that every message of the run is counted; the server has been warmed by another run before.
 *
 * <p>What nobody can avoid who hands the handler a {@link String} and makes bytes of its reply is
 * shown apart: for a line of 63 Latin-1 characters a String of 24 B with its array of 16 + 63 → 80
 * B, and an array of 16 + 64 = 80 B for the reply, under compressed class pointers.
 */
record AllocationScenario(Load load, List<Contestant> contestants, Generator generator, double quickSeconds)
        implements Scenario {

    private static final double STRING_AND_REPLY = 24 + 80 + 80;

    @Override
    public String id() {
        return "allocation";
    }

    @Override
    public String title() {
        return "Heap allocated per message, %d connections × depth %d".formatted(load.connections(), load.depth());
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ALLOCATION, Metric.ALLOCATION_BEYOND);
    }

    @Override
    public void run(Run run, Results results) throws InterruptedException {
        alternate(run, results, contestants, quickSeconds, (c, round) -> sample(run, c, round));
    }

    private Sample sample(Run run, Contestant contestant, int round) throws InterruptedException {
        double seconds = run.settings.seconds();
        var log = run.settings.log("allocation-" + contestant.id());
        try (Server server = Server.start(contestant, run.settings)) {
            generator.check(load);
            generator.run(load, 0, run.settings.heat(), server, log);
            long before = Jvm.allocated(server.pid());
            Outcome outcome = generator.run(load, 0, seconds, server, log);
            double perMessage = (Jvm.allocated(server.pid()) - before) / outcome.answered();
            return Sample.of(
                    id(),
                    contestant.id(),
                    round,
                    Map.of(Metric.ALLOCATION, perMessage, Metric.ALLOCATION_BEYOND, perMessage - STRING_AND_REPLY));
        } catch (IOException e) {
            return Sample.failed(id(), contestant.id(), round, e.getMessage());
        }
    }
}
