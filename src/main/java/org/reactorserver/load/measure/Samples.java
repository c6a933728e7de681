package org.reactorserver.load.measure;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Durations in nanoseconds: a histogram of fixed size, and beside it the exact least and greatest,
 * which a histogram rounds. What is out of the histogram's range is counted. One thread at a time.
 */
public final class Samples {
    /** One hour. */
    static final long HIGHEST = 3_600_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;

    private static final long LEAST_IN_BANDS = 1_000;
    private static final int BANDS_PER_DECADE = 6;
    private static final int BANDS = 8 * BANDS_PER_DECADE; // up to 100 s

    private final Histogram histogram = new Histogram(1, HIGHEST, SIGNIFICANT_DIGITS);
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;
    private long outOfRange;

    /** What was recorded elsewhere. */
    public static Samples of(Histogram histogram, long min, long max, long outOfRange) {
        Samples samples = new Samples();
        samples.histogram.add(histogram);
        samples.min = min;
        samples.max = max;
        samples.outOfRange = outOfRange;
        return samples;
    }

    public void record(long nanos) {
        record(nanos, 1);
    }

    /** Records as if so many had taken as long. */
    public void record(long nanos, int count) {
        if (nanos < min) {
            min = nanos;
        }
        if (nanos > max) {
            max = nanos;
        }
        if (nanos >= 0 && nanos <= HIGHEST) {
            histogram.recordValueWithCount(nanos, count);
        } else {
            outOfRange += count;
        }
    }

    /**
     * Records how late something was that happens again and again: what would have come in the meantime would have
     * been late by the rest.
     *
     * @param interval from one to the next, in nanoseconds
     */
    public void recordEach(long nanos, long interval) {
        for (long late = nanos; late > 0 || late == nanos; late -= interval) {
            record(Math.max(0, late));
        }
    }

    /** How many there are in each band: from {@link #bandFrom} of it to that of the next. */
    public long[] bands() {
        long[] bands = new long[BANDS];
        for (HistogramIterationValue each : histogram.recordedValues()) {
            double decades = Math.log10(Math.max(LEAST_IN_BANDS, each.getValueIteratedTo()) / (double) LEAST_IN_BANDS);
            bands[Math.min(BANDS - 1, (int) (decades * BANDS_PER_DECADE))] += each.getCountAtValueIteratedTo();
        }
        bands[BANDS - 1] += outOfRange;
        return bands;
    }

    /** Where a band begins, in nanoseconds; the first one has what is shorter, too, and the last what is longer. */
    public static double bandFrom(int band) {
        return LEAST_IN_BANDS * Math.pow(10, (double) band / BANDS_PER_DECADE);
    }

    /** How many are no shorter than this. */
    public long countFrom(long nanos) {
        long among = nanos > HIGHEST ? 0 : histogram.getCountBetweenValues(nanos, HIGHEST);
        return among + outOfRange;
    }

    /** Adds what another has recorded. */
    public void add(Samples other) {
        if (other.count() == 0) {
            return;
        }
        histogram.add(other.histogram);
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        outOfRange += other.outOfRange;
    }

    void reset() {
        if (count() == 0) {
            return;
        }
        histogram.reset();
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
        outOfRange = 0;
    }

    public long count() {
        return histogram.getTotalCount() + outOfRange;
    }

    public long outOfRange() {
        return outOfRange;
    }

    /** Exact; only if there is a sample. */
    public long min() {
        return min;
    }

    /** Exact; only if there is a sample. */
    public long max() {
        return max;
    }

    /** Only if there is a sample and none is out of range. */
    public long mean() {
        return Math.round(histogram.getMean());
    }

    public Histogram histogram() {
        return histogram;
    }

    /**
     * The value that this share of the samples does not exceed, 0 to 1; -1 if it is out of range or
     * there is no sample.
     */
    public long quantile(double share) {
        long rank = (long) Math.ceil(share * count());
        if (count() == 0 || rank > histogram.getTotalCount()) {
            return -1;
        }
        long value = histogram.getValueAtPercentile(100.0 * rank / histogram.getTotalCount());
        return Math.max(min, Math.min(max, value));
    }
}
