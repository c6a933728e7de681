package org.reactorserver.metrics;

import java.util.Comparator;

/** The long passes of the last minute. Any thread; the loop comes by only for a pass that was long. */
public final class LongPasses {
    /** From here on a pass is long: 10 ms. */
    public static final long LONG_NANOS = 10_000_000;

    private final LastMinute<Second> seconds = new LastMinute<>(Second::new);

    private static final class Second {
        private long nanos;
        private Pass longest;
    }

    LongPasses() {}

    synchronized void add(Pass pass, long now) {
        Second second = seconds.at(now);
        second.nanos += pass.nanos();
        second.longest = second.longest == null || pass.nanos() > second.longest.nanos() ? pass : second.longest;
    }

    /** How long they took together. */
    public synchronized long nanos(long now) {
        return seconds.recent(now).stream().mapToLong(each -> each.nanos).sum();
    }

    /** The longest one; null if there was none. */
    public synchronized Pass longest(long now) {
        return seconds.recent(now).stream()
                .map(each -> each.longest)
                .max(Comparator.comparingLong(Pass::nanos))
                .orElse(null);
    }
}
