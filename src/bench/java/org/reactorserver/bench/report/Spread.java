package org.reactorserver.bench.report;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Median and extremes of a few values: with five of them, anything finer would be pretence. From six
 * on there is an interval, too.
 *
 * @param low where the interval of the median begins: it contains the true median in at least 95 %
 *     of all cases, whatever the distribution, since the number of values below that is binomial;
 *     NaN with fewer than six values
 * @param high where it ends; NaN like {@code low}
 */
public record Spread(int n, double min, double median, double max, double low, double high) {

    private static final double TAIL = 0.025;

    public static Optional<Spread> of(DoubleStream values) {
        double[] sorted = values.filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return Optional.empty();
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
        int n = sorted.length;
        int cut = cut(n);
        double low = cut == 0 ? Double.NaN : sorted[cut - 1];
        double high = cut == 0 ? Double.NaN : sorted[n - cut];
        return Optional.of(new Spread(n, sorted[0], median, sorted[n - 1], low, high));
    }

    public boolean hasInterval() {
        return Double.isFinite(low);
    }

    /** The rank, from both ends, of the values that bound the interval; 0 if n is too small. */
    private static int cut(int n) {
        int cut = 0;
        double probability = Math.pow(0.5, n); // that exactly cut values lie below the true median
        for (double below = probability; below <= TAIL; below += probability) {
            probability *= (n - cut) / (cut + 1.0);
            cut++;
        }
        return cut;
    }
}
