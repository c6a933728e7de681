package org.reactorserver.load.measure;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process has used so far, and what it was not given: read twice, the difference tells how it fared. */
public final class Health {
    /**
     * A reading; nanoseconds but for the counts, -1 where the system does not tell.
     *
     * @param waited how long the loop's thread could have run and was given no processor
     * @param preempted how often a processor was taken from it
     * @param stolen time that the hypervisor gave to others, of all processors together
     */
    public record Reading(
            long processCpu,
            long loopCpu,
            long collections,
            long collecting,
            long waited,
            long preempted,
            long stolen) {
        public Reading minus(Reading earlier) {
            return new Reading(
                    difference(processCpu, earlier.processCpu),
                    difference(loopCpu, earlier.loopCpu),
                    collections - earlier.collections,
                    collecting - earlier.collecting,
                    difference(waited, earlier.waited),
                    difference(preempted, earlier.preempted),
                    difference(stolen, earlier.stolen));
        }

        /** Of two threads of one process: the busier one's time, and what both were not given. */
        Reading with(Reading other) {
            return new Reading(
                    Math.max(processCpu, other.processCpu),
                    Math.max(loopCpu, other.loopCpu),
                    Math.max(collections, other.collections),
                    Math.max(collecting, other.collecting),
                    waited < 0 ? -1 : waited + other.waited,
                    preempted < 0 ? -1 : preempted + other.preempted,
                    Math.max(stolen, other.stolen));
        }

        private static long difference(long later, long earlier) {
            return later < 0 || earlier < 0 ? -1 : later - earlier;
        }
    }

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_TICK = 10_000_000; // of /proc/stat: USER_HZ is 100 wherever Linux has Java

    private static final Path SCHEDULING = Path.of("/proc/thread-self/schedstat"); // ran, waited, how often
    private static final Pattern WAITED = Pattern.compile("\\d+ (\\d+) .*");
    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final Pattern PREEMPTED = Pattern.compile("nonvoluntary_ctxt_switches:\\s+(\\d+)");
    private static final Path PROCESSORS = Path.of("/proc/stat");
    private static final Pattern STOLEN = Pattern.compile("cpu (?: *\\d+){7} (\\d+)");

    private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();

    /** The loop's thread: its reading. */
    public Reading read() {
        long count = 0;
        long millis = 0;
        for (int i = 0; i < collectors.size(); i++) {
            count += collectors.get(i).getCollectionCount();
            millis += collectors.get(i).getCollectionTime();
        }
        long process = system instanceof com.sun.management.OperatingSystemMXBean os ? os.getProcessCpuTime() : -1;
        long loop = threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : -1;
        long ticks = find(PROCESSORS, STOLEN);
        return new Reading(
                process,
                loop,
                count,
                millis * NANOS_PER_MILLI,
                find(SCHEDULING, WAITED),
                find(STATUS, PREEMPTED),
                ticks < 0 ? -1 : ticks * NANOS_PER_TICK);
    }

    private static long find(Path file, Pattern pattern) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(file));
            return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
        } catch (IOException | NumberFormatException e) {
            return -1; // not Linux, or a kernel that does not tell
        }
    }
}
