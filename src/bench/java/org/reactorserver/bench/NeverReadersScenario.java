package org.reactorserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.reactorserver.bench.helper.NeverReader;
import org.reactorserver.bench.process.Child;
import org.reactorserver.bench.report.Comparison;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * What {@link Polite} connections see alone, then in the first seconds beside two hundred clients
 * that send and never read, then when the buffers of those are full; all of it on one process of the
 * server. The buffers are the kernel's, more than a gigabyte together, so filling them takes some
 * seconds, in which both processors are busy.
 *
 * <p>Only servers that stop reading from who does not read take part: others go on until their memory
 * is full.
 */
record NeverReadersScenario(List<Contestant> contestants, Generator generator, double quickSeconds)
        implements Scenario {

    static final String ID = "never-readers";

    private static final int COUNT = 200;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    /** From when they begin; well within the 30 s after which ours ends who takes no reply. */
    private static final Duration STUCK_LIMIT = Duration.ofSeconds(20);

    private static final Pattern WRITING = Pattern.compile("writing");
    private static final Pattern STUCK = Pattern.compile("stuck");

    private enum Phase {
        ALONE("alone"),
        FIRST("first seconds"),
        LATER("later, their buffers full");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        String row(Contestant contestant) {
            return contestant.id() + "-" + name().toLowerCase();
        }
    }

    /** When the measured part of each phase began, of {@link System#nanoTime}. */
    private record Begins(long alone, long first, long later, String note) {
        long of(Phase phase) {
            return switch (phase) {
                case ALONE -> alone;
                case FIRST -> first;
                case LATER -> later;
            };
        }
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Ten polite connections beside %d that send and never read: service time".formatted(COUNT);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.P50, Metric.P99);
    }

    /** Each to itself alone, and then all in their first seconds. */
    @Override
    public List<Comparison> comparisons() {
        List<Comparison> comparisons = new ArrayList<>();
        for (Contestant contestant : contestants) {
            comparisons.add(new Comparison(contestant.label(), Phase.ALONE.row(contestant), rows(contestant)));
        }
        List<String> first = contestants.stream().map(Phase.FIRST::row).toList();
        comparisons.add(new Comparison(Phase.FIRST.label, first.get(first.size() - 1), first));
        return comparisons;
    }

    private static List<String> rows(Contestant contestant) {
        List<String> rows = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            rows.add(phase.row(contestant));
        }
        return rows;
    }

    @Override
    public void run(Run run, Results results) throws InterruptedException {
        for (Contestant contestant : contestants) {
            for (Phase phase : Phase.values()) {
                results.label(phase.row(contestant), contestant.label() + ": " + phase.label);
            }
        }
        inTurn(run, contestants, quickSeconds, (contestant, round) -> {
            for (Sample sample : samples(run, contestant, round)) {
                run.say(sample, metrics());
                results.add(sample);
            }
        });
    }

    private List<Sample> samples(Run run, Contestant contestant, int round) throws InterruptedException {
        Settings settings = run.settings;
        String name = ID + "-" + contestant.id() + "-" + round;
        List<Sample> samples = new ArrayList<>();
        try (Server server = Server.start(contestant, settings)) {
            if (contestant.isJava()) {
                generator.run(Load.closed(50, 16), 0, settings.heat(), server, settings.log(name));
            }
            try (Polite polite = Polite.start(run, server, name)) {
                Begins begins = phases(run, server);
                polite.end();
                for (Phase phase : Phase.values()) {
                    long from = begins.of(phase);
                    long until = from + nanos(settings.seconds());
                    Map<Metric, Double> values = polite.between(from, until);
                    samples.add(new Sample(ID, phase.row(contestant), round, values, null, begins.note));
                }
                return samples;
            }
        } catch (IOException e) {
            return rows(contestant).stream()
                    .map(row -> Sample.failed(ID, row, round, e.getMessage()))
                    .toList();
        }
    }

    private static Begins phases(Run run, Server server) throws IOException, InterruptedException {
        Settings settings = run.settings;
        pause(settings.warmUp());
        long alone = System.nanoTime();
        pause(settings.seconds());
        List<String> command = run.contestants.java(
                settings.java(), NeverReader.class, Integer.toString(server.port), Integer.toString(COUNT));
        try (Child neverReaders = Child.start(command, Map.of(), settings.log("never-readers.log"))) {
            neverReaders.await(WRITING, START_LIMIT);
            long first = System.nanoTime();
            pause(settings.seconds());
            String note = settings.quick ? null : awaitStuck(neverReaders, first);
            long later = System.nanoTime();
            pause(settings.seconds());
            if (!neverReaders.isAlive() || !server.isAlive()) {
                throw new IOException("it ended early" + neverReaders.complaint() + server.complaint());
            }
            return new Begins(alone, first, later, note);
        }
    }

    /** Returns what a reader must know, or null. */
    private static String awaitStuck(Child neverReaders, long first) throws InterruptedException {
        try {
            neverReaders.await(STUCK, STUCK_LIMIT.minusNanos(System.nanoTime() - first));
            return null;
        } catch (IOException e) {
            return "after %d s never-readers could still send".formatted(STUCK_LIMIT.toSeconds());
        }
    }

    private static void pause(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos(seconds));
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }
}
