package org.reactorserver.admin;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.function.LongSupplier;
import org.reactorserver.metrics.LastMinute;

/**
 * Whether the process runs, and has memory: a clock that ticks on a thread of its own, and is late when nothing could run. A
 * process that is stopped while its selector thread sleeps has no pass that took long. Any thread may ask.
 */
final class Pulse implements Runnable {
    static final long TICK_MILLIS = 100;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier clock;
    private final LongSupplier collectionMillis;
    private final LastMinute<Second> seconds = new LastMinute<>(Second::new); // guarded by this
    private long before; // when it ticked last, or was made
    private long collectedBefore; // until then

    private static final class Second {
        private Stop longest = new Stop(0, 0);
    }

    /**
     * That nothing ran.
     *
     * @param nanos for how long
     * @param collecting how much of that was garbage collection
     */
    record Stop(long nanos, long collecting) {}

    /**
     * Is to tick for the first time after {@link #TICK_MILLIS}.
     *
     * @param clock in nanoseconds
     * @param collectionMillis how long garbage was collected so far, in milliseconds
     */
    Pulse(LongSupplier clock, LongSupplier collectionMillis) {
        this.clock = clock;
        this.collectionMillis = collectionMillis;
        this.before = clock.getAsLong();
        this.collectedBefore = collectionMillis.getAsLong();
    }

    /** Ticks. To be called every {@link #TICK_MILLIS}. */
    @Override
    public synchronized void run() {
        long now = clock.getAsLong();
        long collected = collectionMillis.getAsLong();
        long late = now - before - TICK_MILLIS * NANOS_PER_MILLI;
        if (late > seconds.at(now).longest.nanos) {
            long collecting = Math.min(late, (collected - collectedBefore) * NANOS_PER_MILLI);
            seconds.at(now).longest = new Stop(late, collecting);
        }
        before = now;
        collectedBefore = collected;
    }

    /** The longest time in the last minute for which nothing ran. */
    synchronized Stop longestStop() {
        Stop longest = new Stop(0, 0);
        for (Second each : seconds.recent(clock.getAsLong())) {
            longest = each.longest.nanos > longest.nanos ? each.longest : longest;
        }
        return longest;
    }

    /** How long this JVM has collected garbage, in milliseconds. */
    static long collectionMillis() {
        long sum = 0;
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            sum += Math.max(0, each.getCollectionTime());
        }
        return sum;
    }

    /** How much of the heap was in use after the last collection, in hundredths; 0 if that is not known. */
    static long heapPercent() {
        long used = 0;
        for (MemoryPoolMXBean each : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = each.getType() == MemoryType.HEAP ? each.getCollectionUsage() : null;
            used += usage == null ? 0 : usage.getUsed();
        }
        return 100 * used / Runtime.getRuntime().maxMemory();
    }
}
