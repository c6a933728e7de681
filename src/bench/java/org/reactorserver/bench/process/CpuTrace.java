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

    private record Point(long at, long cpu, long compiling, double residentMiB) {}

    private final ProcessHandle process;
    private final List<Path> compilers;
    private final Map<Path, Long> compiledBefore;
    private final List<Point> points = new ArrayList<>(); // guarded by itself
    private volatile boolean closed;

    public CpuTrace(long pid) {
        process = ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException("it has ended"));
        compilers = Proc.compilers(pid);
        compiledBefore = Proc.fineCpu(compilers);
        note();
        Thread thread = new Thread(this::trace, "cpu-trace-" + pid);
        thread.setDaemon(true);
        thread.start();
    }

    /** CPU time in microseconds used between two moments of {@link System#nanoTime}. */
    public double microsBetween(long from, long until) {
        return (at(until, Point::cpu) - at(from, Point::cpu)) / 1e3;
    }

    /** The part of that time in which a JVM compiled its program. */
    public double compilingMicrosBetween(long from, long until) {
        return (at(until, Point::compiling) - at(from, Point::compiling)) / 1e3;
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
        long compiling = Proc.growth(compiledBefore, Proc.fineCpu(compilers));
        double resident = Proc.residentMiB(process.pid());
        synchronized (points) {
            points.add(new Point(now, cpu.toNanos(), compiling, resident));
        }
    }
}
