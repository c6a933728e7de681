package org.reactorserver.bench.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The CPU time of one process, noted every 50 ms from its own thread, so that the time used between
 * any two moments can be told afterwards.
 *
 * <p>Afterwards, because only a generator's report says when its measured part began and ended;
 * asking the process at the start and the end of the whole run would charge connecting, warm-up and
 * just-in-time compilation to the messages.
 */
public final class CpuTrace implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 50;

    /** In which a JVM compiles; none in other programs. */
    private static final String COMPILERS = "C[12] Compiler.*";

    /** Which send and receive, in our load client and in {@code lines.c}. */
    private static final String DRIVERS = "load(-\\d+)?|lines";

    private record Point(long at, long cpu, long compiling, long driving, double residentMiB) {}

    private final ProcessHandle process;
    private final Map<Path, Long> compiledBefore;
    private final List<Point> points = new ArrayList<>(); // guarded by itself
    private volatile boolean closed;

    public CpuTrace(long pid) {
        process = ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException("it has ended"));
        compiledBefore = of(COMPILERS);
        note();
        Thread thread = new Thread(this::trace, "cpu-trace-" + pid);
        thread.setDaemon(true);
        thread.start();
    }

    /** CPU time in microseconds used between two moments of {@link System#nanoTime}. */
    public double microsBetween(long from, long until) {
        return between(from, until, Point::cpu);
    }

    /** The part of that time in which a JVM compiled its program. */
    public double compilingMicrosBetween(long from, long until) {
        return between(from, until, Point::compiling);
    }

    /** The part of that time which a generator's threads took that send and receive. */
    public double drivingMicrosBetween(long from, long until) {
        return between(from, until, Point::driving);
    }

    /** Resident memory when the process was last looked at before that moment. */
    public double residentMiBAt(long moment) {
        synchronized (points) {
            return points.stream()
                    .filter(point -> point.at <= moment)
                    .reduce((first, second) -> second)
                    .map(Point::residentMiB)
                    .orElse(Double.NaN);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private double between(long from, long until, ToLongFunction<Point> nanos) {
        return (at(until, nanos) - at(from, nanos)) / 1e3;
    }

    private double at(long moment, ToLongFunction<Point> nanos) {
        synchronized (points) {
            Point before = points.get(0);
            for (Point after : points) {
                if (after.at >= moment) {
                    double span = Math.max(1, after.at - before.at);
                    double share = Math.max(0, (moment - before.at) / span);
                    long past = nanos.applyAsLong(before);
                    return past + share * (nanos.applyAsLong(after) - past);
                }
                before = after;
            }
            return nanos.applyAsLong(before);
        }
    }

    private void trace() {
        try {
            while (!closed && process.isAlive()) {
                Thread.sleep(INTERVAL_MILLIS);
                note();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; if somebody does, it is to end it.
        }
    }

    private void note() {
        Duration cpu = Proc.cpu(process);
        long now = System.nanoTime();
        if (cpu.isZero() && !points.isEmpty()) {
            return; // it ended between the two looks
        }
        long compiling = Proc.growth(compiledBefore, of(COMPILERS));
        long driven = Proc.growth(Map.of(), of(DRIVERS));
        double resident = Proc.residentMiB(process.pid());
        synchronized (points) {
            long before = points.isEmpty() ? 0 : points.get(points.size() - 1).driving;
            long driving = Math.max(before, driven); // they end before the process does, and with them what they used
            points.add(new Point(now, cpu.toNanos(), compiling, driving, resident));
        }
    }

    /** The CPU time of threads by their names. */
    private Map<Path, Long> of(String name) {
        List<Path> threads = Proc.threads(process.pid()).stream()
                .filter(thread -> Proc.name(thread).matches(name))
                .toList();
        return Proc.fineCpu(threads);
    }
}
