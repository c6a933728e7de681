package org.reactorserver.metrics;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * How often a value was how large, in buckets with fixed bounds: 1, 2.5 and 5 times each power of ten. Any thread; to
 * record costs two uncontended additions and allocates nothing.
 */
final class Histogram implements LongConsumer {
    /** Of times: 10 µs to 10 s, in nanoseconds. */
    private static final long[] TIMES = bounds(10_000, 10_000_000_000L);

    /** Of sizes: 1 kB to 1 GB. */
    private static final long[] SIZES = bounds(1_000, 1_000_000_000);

    private final long[] bounds;
    private final LongAdder[] counts; // the last one of what is over every bound
    private final LongAdder sum = new LongAdder();

    private Histogram(long... bounds) {
        this.bounds = bounds;
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    static Histogram of(Registry.Unit unit) {
        return new Histogram(unit == Registry.Unit.SECONDS ? TIMES : SIZES);
    }

    private static long[] bounds(long first, long last) {
        long[] bounds = new long[3 * (int) Math.round(Math.log10((double) last / first)) + 1];
        for (int i = 0; i < bounds.length; i += 3) {
            bounds[i] = first * (long) Math.pow(10, i / 3);
            if (i + 2 < bounds.length) {
                bounds[i + 1] = bounds[i] / 2 * 5;
                bounds[i + 2] = bounds[i] * 5;
            }
        }
        return bounds;
    }

    @Override
    public void accept(long value) {
        int at = 0;
        while (at < bounds.length && value > bounds[at]) {
            at++;
        }
        counts[at].increment();
        sum.add(value);
    }

    /** The largest value that belongs into each bucket; the last bucket, which is not among these, has none. */
    long[] bounds() {
        return bounds.clone();
    }

    /** How many values there were in each bucket. */
    long[] counts() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return now;
    }

    /** All values together. */
    long sum() {
        return sum.sum();
    }
}
