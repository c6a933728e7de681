package org.reactorserver.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the operating system knows of a process.
 *
 * <p>Two clocks for CPU time, because each has a flaw that the other one lacks. {@link #cpu} is the
 * process's own total ({@code utime + stime}): it includes threads that have ended, costs one read,
 * and steps by 10 ms, which is half a percent of a busy two-second window. {@link #fineCpu} adds up
 * the nanoseconds that the scheduler notes for each living thread: it forgets a thread that ends
 * and costs a read per thread, but it can see the 0.1 % of a core that an idle server takes.
 */
public final class Proc {

    private Proc() {}

    public static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Nanoseconds by thread; empty where there is no {@code /proc/PID/task/TID/schedstat}. */
    public static Map<Path, Long> fineCpu(long pid) {
        return fineCpu(threads(pid));
    }

    /** The same of some of its threads. */
    static Map<Path, Long> fineCpu(List<Path> threads) {
        Map<Path, Long> nanos = new HashMap<>();
        for (Path thread : threads) {
            String line = read(thread.resolve("schedstat"));
            if (!line.isEmpty()) {
                nanos.put(thread, Long.parseLong(line.substring(0, line.indexOf(' '))));
            }
        }
        return nanos;
    }

    /** The nanoseconds between two looks, of threads that are there at the second. */
    public static long growth(Map<Path, Long> before, Map<Path, Long> after) {
        return after.entrySet().stream()
                .mapToLong(now -> now.getValue() - before.getOrDefault(now.getKey(), 0L))
                .sum();
    }

    /** What a thread calls itself: the first 15 bytes. */
    static String name(Path thread) {
        return read(thread.resolve("comm")).strip();
    }

    static List<Path> threads(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid, "task"))) {
            return threads.toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Empty if it cannot be read, for instance because the thread has just ended. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** Resident memory in MiB, or NaN where there is no {@code /proc}. */
    public static double residentMiB(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid, "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
