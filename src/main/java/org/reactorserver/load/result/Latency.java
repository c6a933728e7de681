package org.reactorserver.load.result;

import org.reactorserver.load.measure.Samples;

/**
 * How durations are distributed, in nanoseconds. Least and greatest are exact, the rest is within 0.1
 * percent. A percentile that fewer than {@link #LEAST_BEYOND} samples exceed is -1: there is no claim.
 *
 * @param n how many samples
 * @param mean -1 if some are out of range
 * @param outOfRange how many of them are longer than an hour
 */
public record Latency(
        long n, long min, long mean, long p50, long p90, long p95, long p99, long p999, long max, long outOfRange) {
    /** As many samples must lie beyond a percentile. */
    public static final int LEAST_BEYOND = 10;

    /** Nothing was measured. */
    static final Latency NONE = new Latency(0, -1, -1, -1, -1, -1, -1, -1, -1, 0);

    /** How these are distributed. */
    public static Latency of(Samples samples) {
        if (samples.count() == 0) {
            return NONE;
        }
        return new Latency(
                samples.count(),
                samples.min(),
                samples.outOfRange() > 0 ? -1 : samples.mean(),
                claim(samples, 0.5),
                claim(samples, 0.9),
                claim(samples, 0.95),
                claim(samples, 0.99),
                claim(samples, 0.999),
                samples.max(),
                samples.outOfRange());
    }

    /** So many samples, of which nothing is to be said. */
    static Latency withheld(long n) {
        return new Latency(n, -1, -1, -1, -1, -1, -1, -1, -1, 0);
    }

    static long claim(Samples samples, double share) {
        boolean enough = samples.count() * (1 - share) >= LEAST_BEYOND - 1e-6;
        return enough ? samples.quantile(share) : -1;
    }
}
