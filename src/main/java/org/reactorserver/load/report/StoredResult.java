package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.text.Json;

/** A result that was read from a file. Immutable. */
public final class StoredResult {
    private static final String BEGIN = "<script type=\"application/json\" id=\"result\">";
    private static final String END = "</script>";
    private static final int LEAST_POINTS = 5;
    private static final int PARTS = 10;

    private final Map<?, ?> map;

    private StoredResult(Map<?, ?> map) {
        this.map = map;
    }

    /**
     * Reads a result, as JSON or as the page in which it is embedded.
     *
     * @throws IllegalArgumentException if the text is neither; says why
     */
    public static StoredResult parse(String text) {
        String json = text;
        int begin = text.indexOf(BEGIN);
        if (begin >= 0) {
            int from = begin + BEGIN.length();
            int end = text.indexOf(END, from);
            json = text.substring(from, end < 0 ? text.length() : end);
        } else if (text.stripLeading().startsWith("<")) {
            throw new IllegalArgumentException("the page has no result embedded");
        }
        if (Json.read(json) instanceof Map<?, ?> map && map.get("verdict") instanceof String) {
            return new StoredResult(map);
        }
        throw new IllegalArgumentException("it has no key 'verdict'");
    }

    /** Why nothing can be said about the server from it; null if something can. */
    public String invalidity() {
        if (!"INVALID".equals(at("verdict"))) {
            return null;
        }
        return at("reasons") instanceof List<?> reasons && !reasons.isEmpty()
                ? String.valueOf(reasons.get(0))
                : "it does not say why";
    }

    /** The latencies of a kind, {@code service} or {@code response}; null if there are none. */
    Samples samples(String kind) {
        if (!(at(kind + "Histogram") instanceof String text) || !(number(kind + "Micros", "n") > 0)) {
            return null;
        }
        long outOfRange = (long) number(kind + "Micros", "outOfRange");
        Histogram histogram = Histograms.read(text);
        long min = nanos(number(kind + "Micros", "min"), histogram.getMinNonZeroValue());
        long max = nanos(number(kind + "Micros", "max"), histogram.getMaxValue());
        return Samples.of(histogram, min, max, outOfRange);
    }

    /** Of a server that did not keep up nothing but the histogram is told. */
    private static long nanos(double micros, long otherwise) {
        return Double.isNaN(micros) ? otherwise : Math.round(micros * 1e3);
    }

    /** What stands at a place; null if nothing does. */
    Object at(String... path) {
        Object value = map;
        for (String key : path) {
            value = value instanceof Map<?, ?> inner ? inner.get(key) : null;
        }
        return value;
    }

    /** The number at a place, not a number if there is none. */
    double number(String... path) {
        return at(path) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** The sum of the numbers in a map. */
    double sum(String key) {
        return at(key) instanceof Map<?, ?> counts
                ? counts.values().stream()
                        .mapToDouble(count -> count instanceof Number n ? n.doubleValue() : 0)
                        .sum()
                : 0;
    }

    /** How much a figure differs from one tenth of the run to the next: scatter by mean. */
    double scatter(String key) {
        List<Double> values = new ArrayList<>();
        if (at("series") instanceof List<?> series) {
            for (Object item : series) {
                if (item instanceof Map<?, ?> point && "measured".equals(point.get("phase"))) {
                    add(point, key, values);
                }
            }
        }
        if (values.size() < LEAST_POINTS) {
            return Double.NaN;
        }
        double[] parts = medians(values, Math.min(PARTS, values.size()));
        double mean = Arrays.stream(parts).average().orElseThrow();
        double squares = Arrays.stream(parts).map(v -> (v - mean) * (v - mean)).sum();
        return mean == 0 ? Double.NaN : Math.sqrt(squares / (parts.length - 1)) / mean;
    }

    /** The median of each part: one bad moment in it is not what it usually is. */
    private static double[] medians(List<Double> values, int parts) {
        double[] medians = new double[parts];
        for (int i = 0; i < parts; i++) {
            double[] part = values.subList(i * values.size() / parts, (i + 1) * values.size() / parts).stream()
                    .mapToDouble(v -> v)
                    .sorted()
                    .toArray();
            medians[i] = part[part.length / 2];
        }
        return medians;
    }

    private static void add(Map<?, ?> point, String key, List<Double> values) {
        if (point.get(key) instanceof Number value
                && point.get("seconds") instanceof Number seconds
                && seconds.doubleValue() > 0) {
            boolean isRate = key.equals("answered");
            values.add(value.doubleValue() / (isRate ? seconds.doubleValue() : 1));
        }
    }

    /** Whether it says the same, in whichever file: of two runs no two do. */
    boolean isSameRun(StoredResult other) {
        return map.equals(other.map);
    }
}
