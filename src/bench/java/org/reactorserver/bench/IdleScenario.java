package org.reactorserver.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.reactorserver.bench.helper.Holder;
import org.reactorserver.bench.process.Child;
import org.reactorserver.bench.process.Jvm;
import org.reactorserver.bench.process.Proc;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;

/**
 * What connections cost that have said something and now say nothing: heap for each, and CPU for
 * all.
 *
 * <p>Heap is what {@code jcmd GC.class_histogram} counts, which collects garbage first, minus the
 * same with no connection. Before that baseline a few hundred connections come and go, so that
 * classes and caches that exist once are not divided among the connections.
 */
record IdleScenario(List<Contestant> contestants, double quickSeconds) implements Scenario {

    private static final int FEW = 200;
    private static final int SPARE_DESCRIPTORS = 500;
    private static final Duration HOLD_LIMIT = Duration.ofMinutes(5);
    private static final Pattern HELD = Pattern.compile("held (\\d+)");

    @Override
    public String id() {
        return "idle";
    }

    @Override
    public String title() {
        return "Idle connections";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.HEAP, Metric.IDLE_CPU, Metric.RSS);
    }

    @Override
    public void run(Run run, Results results) throws InterruptedException {
        alternate(run, results, contestants, quickSeconds, (c, round) -> sample(run, c, round));
    }

    private Sample sample(Run run, Contestant contestant, int round) throws InterruptedException {
        String id = contestant.id();
        int count = affordable(run.settings.idleConnections());
        try (Server server = Server.start(contestant, run.settings)) {
            hold(run, contestant, server, FEW).close();
            long empty = liveHeap(run, server);
            try (Child holder = hold(run, contestant, server, count)) {
                long full = liveHeap(run, server);
                Map<Metric, Double> values = new EnumMap<>(Metric.class);
                values.put(Metric.HEAP, (full - empty) / (double) count);
                values.put(Metric.RSS, Proc.residentMiB(server.pid()));
                idleCpu(run, server).ifPresent(percent -> values.put(Metric.IDLE_CPU, percent));
                if (!holder.isAlive() || !server.isAlive()) {
                    throw new IOException("it ended early" + server.complaint());
                }
                return new Sample(id(), id, round, values, null, reduced(run, count));
            }
        } catch (IOException e) {
            return Sample.failed(id(), id, round, e.getMessage());
        }
    }

    private static Child hold(Run run, Contestant contestant, Server server, int count)
            throws IOException, InterruptedException {
        List<String> command = run.contestants.java(
                run.settings.java(),
                Holder.class,
                Integer.toString(server.port),
                Integer.toString(count),
                contestant.tls() ? "tls" : "plain");
        Child holder = Child.start(command, Map.of(), run.settings.log("holder.log"));
        try {
            holder.await(HELD, HOLD_LIMIT);
        } catch (IOException | InterruptedException e) {
            holder.close();
            throw e;
        }
        return holder;
    }

    private static long liveHeap(Run run, Server server) throws IOException, InterruptedException {
        return Jvm.liveHeap(run.settings.jdk, server.pid(), run.settings.log("jcmd.log"));
    }

    /** In percent of one core; the server is left alone for a second first. */
    private static OptionalDouble idleCpu(Run run, Server server) throws InterruptedException {
        Thread.sleep(1_000);
        Map<Path, Long> before = Proc.fineCpu(server.pid());
        long from = System.nanoTime();
        Thread.sleep(run.settings.quick ? 2_000 : 10_000);
        double used = Proc.growth(before, Proc.fineCpu(server.pid()));
        return before.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(100 * used / (System.nanoTime() - from));
    }

    /** The holder needs a file descriptor for each, and so does the server. */
    private static int affordable(int wanted) {
        var os = ManagementFactory.getOperatingSystemMXBean();
        long limit = os instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
        return (int) Math.min(wanted, limit - SPARE_DESCRIPTORS);
    }

    private static String reduced(Run run, int count) {
        int wanted = run.settings.idleConnections();
        return count == wanted ? null : count + " connections, not " + wanted + ": the limit on file descriptors";
    }
}
