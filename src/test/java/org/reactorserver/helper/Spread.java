package org.reactorserver.helper;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What several rounds have shown: the median, the least and the greatest. */
public record Spread(double median, double least, double greatest) {

    /** Of one figure of each round. */
    public static <T> Spread of(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return new Spread(middle(sorted), sorted[0], sorted[sorted.length - 1]);
    }

    private static double middle(double... sorted) {
        return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                .average()
                .orElseThrow();
    }

    /** The median, and in brackets the other two; each as this format of a number says. */
    public String as(String format) {
        return (format + " (" + format + "–" + format + ")").formatted(median, least, greatest);
    }
}
