package org.reactorserver.load.measure;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** What this process has used so far: read twice, the difference tells how hard a time it had. */
public final class Health {
    /** A reading; all in nanoseconds but the count, -1 if the system does not tell. */
    public record Reading(long processCpu, long loopCpu, long collections, long collecting) {
        public Reading minus(Reading earlier) {
            return new Reading(
                    processCpu - earlier.processCpu,
                    loopCpu - earlier.loopCpu,
                    collections - earlier.collections,
                    collecting - earlier.collecting);
        }
    }

    private static final long NANOS_PER_MILLI = 1_000_000;

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
        return new Reading(process, loop, count, millis * NANOS_PER_MILLI);
    }
}
