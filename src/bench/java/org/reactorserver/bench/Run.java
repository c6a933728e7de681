package org.reactorserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Sample;

/** One run of the bench: its settings, the servers that are up, and the time that is left. */
final class Run implements AutoCloseable {

    /** A quick run must end within three minutes, the build that came before it included. */
    private static final Duration QUICK_LIMIT = Duration.ofSeconds(150);

    /** What is done once per alternation. */
    interface Round {
        void run(int number) throws InterruptedException;
    }

    /** A server that is up, and whether it has yet to compile its code. */
    record Lease(Contestant contestant, Server server, boolean fresh) {}

    final Settings settings;
    final Contestants contestants;
    private final Map<Contestant, Server> up = new HashMap<>();
    private final Set<String> wanted;
    private final long startedAt = System.nanoTime();

    Run(Settings settings, Contestants contestants) {
        this.settings = settings;
        this.contestants = contestants;
        this.wanted = new HashSet<>(settings.servers);
    }

    /** Ours are always wanted, as all else is compared to them; what is missing is said once. */
    boolean wants(Contestant contestant, int round) {
        String id = contestant.id();
        boolean named = wanted.isEmpty() || id.startsWith("ours") || wanted.contains(id);
        return named && (contestant.missing() == null || round == 1);
    }

    /**
     * A full run starts a new process for every sample, so that what one process happened to
     * compile, or where its memory happened to lie, is part of the spread. A quick run has no time
     * for that.
     */
    Lease take(Contestant contestant) throws IOException, InterruptedException {
        Server server = up.remove(contestant);
        if (server != null && server.isAlive()) {
            return new Lease(contestant, server, false);
        }
        return new Lease(contestant, Server.start(contestant, settings), true);
    }

    void giveBack(Lease lease, boolean sound) {
        if (settings.quick && sound) {
            up.put(lease.contestant, lease.server);
        } else {
            lease.server.close();
        }
    }

    /** As many rounds as asked for; in a quick run at least one, and more while they fit. */
    void rounds(double quickSeconds, Round body) throws InterruptedException {
        Duration limit = Duration.ofMillis((long) (1000 * quickSeconds));
        long start = System.nanoTime();
        for (int round = 1; round <= settings.rounds(); round++) {
            body.run(round);
            Duration used = Duration.ofNanos(System.nanoTime() - start);
            Duration next = used.dividedBy(round);
            if (settings.quick && (used.plus(next).compareTo(limit) > 0 || isLate(next))) {
                return;
            }
        }
    }

    /** Whether a quick run has no time for something that takes so long. */
    boolean isLate(Duration next) {
        return settings.quick && elapsed().plus(next).compareTo(QUICK_LIMIT) > 0;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    void say(String format, Object... arguments) {
        System.err.printf("[%4d s] %s%n", elapsed().toSeconds(), format.formatted(arguments));
    }

    void say(Sample sample, List<Metric> metrics) {
        String what = sample.problem() != null
                ? sample.problem()
                : metrics.stream()
                        .filter(sample.values()::containsKey)
                        .map(m -> m.title + " " + m.format(sample.values().get(m)))
                        .collect(Collectors.joining("  "));
        say("%s, round %d, %s: %s", sample.scenario(), sample.round(), sample.server(), what);
    }

    /** Stops the servers that a quick run kept. */
    @Override
    public void close() {
        up.values().forEach(Server::close);
        up.clear();
    }
}
