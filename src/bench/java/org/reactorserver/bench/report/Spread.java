package org.reactorserver.bench.report;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Median and extremes of a few values: with five of them, anything finer would be pretence. */
public record Spread(int n, double min, double median, double max) {

    public static Optional<Spread> of(DoubleStream values) {
        double[] sorted = values.filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return Optional.empty();
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
        return Optional.of(new Spread(sorted.length, sorted[0], median, sorted[sorted.length - 1]));
    }
}
