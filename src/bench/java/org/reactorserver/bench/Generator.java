package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.reactorserver.bench.process.Child;
import org.reactorserver.bench.process.CpuTrace;
import org.reactorserver.bench.report.Metric;

/**
 * A program that loads a server, in a process of its own, and what can be seen from outside while
 * it does.
 *
 * <p>CPU per message is CPU used inside the generator's measured window divided by the messages
 * answered in it, for the server and for the generator alike. The alternative for a generator, its
 * whole run minus a run of no length, would charge it for its warm-up, where a JVM compiles, and
 * would subtract two large noisy numbers.
 */
abstract class Generator {

    /** Beyond warm-up and measurement: a JVM's start, thousands of connects, the drain. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    /** Percent of a server's CPU above which it was not measured as it will run. */
    private static final double MUCH_COMPILING = 10;

    /**
     * What a generator says of its run.
     *
     * @param answered messages in the whole run, warm-up included
     * @param from when the measured window began, of {@link System#nanoTime} in this process
     * @param until when it ended; equal to its beginning if that is not known, and then there are no
     *     figures for CPU
     * @param note what a reader must know; null if nothing
     */
    record Report(
            double perSecond,
            double answered,
            double p50,
            double p99,
            double p999,
            long from,
            long until,
            String note) {}

    /**
     * What came of a run.
     *
     * @param from when the measured window began, as in {@link Report}
     * @param until when it ended; equal to its beginning if that is not known
     */
    record Outcome(Map<Metric, Double> values, double answered, long from, long until, String note) {}

    abstract String name();

    /** Why it cannot make this load, or null. */
    abstract String refusal(Load load);

    abstract List<String> command(Load load, int port, double warmUp, double seconds, Path reportFile);

    abstract Map<String, String> environment(Load load, double warmUp);

    /** Fails if the run was no measurement, for instance because replies were missing. */
    abstract Report read(Child finished, int exitCode, double seconds, Path reportFile) throws IOException;

    /** Fails if it cannot make this load. */
    final void check(Load load) throws IOException {
        String refusal = refusal(load);
        if (refusal != null) {
            throw new IOException(refusal);
        }
    }

    final Outcome run(Load load, double warmUp, double seconds, Server server, Path log)
            throws IOException, InterruptedException {
        Path reportFile = log.resolveSibling(log.getFileName() + ".json");
        Files.deleteIfExists(reportFile); // an old one must not pass for this run's
        Duration limit = SLACK.plusMillis((long) (1000 * (warmUp + seconds)));
        List<String> command = command(load, server.port, warmUp, seconds, reportFile);
        try (CpuTrace serverCpu = new CpuTrace(server.pid());
                Child child = Child.start(command, environment(load, warmUp), log);
                CpuTrace clientCpu = new CpuTrace(child.pid())) {
            int exitCode = child.waitFor(limit);
            Report report = read(child, exitCode, seconds, reportFile);
            if (!(report.perSecond > 0)) {
                throw new IOException("no message was answered" + server.complaint());
            }
            if (!server.isAlive()) {
                throw new IOException("the server ended" + server.complaint());
            }
            Map<Metric, Double> values = values(report, serverCpu, clientCpu);
            return new Outcome(values, report.answered, report.from, report.until, note(report, values));
        }
    }

    private static Map<Metric, Double> values(Report report, CpuTrace serverCpu, CpuTrace clientCpu) {
        double seconds = (report.until - report.from) / (double) TimeUnit.SECONDS.toNanos(1);
        double messages = report.perSecond * seconds;
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.THROUGHPUT, report.perSecond);
        values.put(Metric.P50, report.p50);
        values.put(Metric.P99, report.p99);
        values.put(Metric.P999, report.p999);
        if (messages > 0) {
            double server = serverCpu.microsBetween(report.from, report.until);
            double client = clientCpu.microsBetween(report.from, report.until);
            values.put(Metric.CPU, server / messages);
            double compiling = serverCpu.compilingMicrosBetween(report.from, report.until);
            values.put(Metric.COMPILING, 100 * compiling / server);
            values.put(Metric.CLIENT_CPU, client / messages);
            double driving = clientCpu.drivingMicrosBetween(report.from, report.until);
            values.put(Metric.DRIVING_CPU, driving / messages);
        }
        values.put(Metric.RSS, serverCpu.residentMiBAt(report.until));
        values.values().removeIf(value -> value.isNaN());
        return values;
    }

    private static String note(Report report, Map<Metric, Double> values) {
        if (values.getOrDefault(Metric.COMPILING, 0.0) < MUCH_COMPILING) {
            return report.note;
        }
        String cold = "the server was still compiling its code; try a longer --warm-up";
        return report.note == null ? cold : report.note + "; " + cold;
    }
}
