package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.reactorserver.load.text.Json;
import org.reactorserver.load.text.Units;

/**
 * Two results side by side. A difference is taken for noise if it is no larger than a given share, or
 * than twice the scatter that the figure has from one tenth of a run to the next.
 * Immutable.
 */
public final class Comparison {
    private static final int LEAST_POINTS = 5;
    private static final int PARTS = 10;
    private static final double SCATTERS = 2;
    private static final List<String> COUNTS = List.of("mismatched", "late", "unanswered", "lost");
    private static final List<String> SAME =
            List.of("framing", "connections", "rate", "depth", "messageBytes", "message", "expect");

    /** How B stands to A in one figure. */
    enum Finding {
        BETTER("better"),
        WORSE("WORSE"),
        SAME("the same"),
        NOISE("within the noise"),
        NO_CLAIM("no claim");

        final String text;

        Finding(String text) {
            this.text = text;
        }
    }

    private record Row(String name, String a, String b, String change, String noise, Finding finding) {}

    /** A result that was read from a file. */
    public static final class Result {
        private static final String BEGIN = "<script type=\"application/json\" id=\"result\">";
        private static final String END = "</script>";

        private final Map<?, ?> map;

        private Result(Map<?, ?> map) {
            this.map = map;
        }

        /**
         * Reads a result, as JSON or as the page in which it is embedded.
         *
         * @throws IllegalArgumentException if the text is neither; says why
         */
        public static Result parse(String text) {
            String json = text;
            int begin = text.indexOf(BEGIN);
            if (begin >= 0) {
                int from = begin + BEGIN.length();
                int end = text.indexOf(END, from);
                json = text.substring(from, end < 0 ? text.length() : end);
            } else if (text.stripLeading().startsWith("<")) {
                throw new IllegalArgumentException("the page has no result embedded");
            }
            if (Json.read(json) instanceof Map<?, ?> map && map.get("verdict") != null) {
                return new Result(map);
            }
            throw new IllegalArgumentException("it has no key 'verdict'");
        }

        private Object at(String... path) {
            Object value = map;
            for (String key : path) {
                value = value instanceof Map<?, ?> inner ? inner.get(key) : null;
            }
            return value;
        }

        private double number(String... path) {
            return at(path) instanceof Number number ? number.doubleValue() : Double.NaN;
        }

        /** How much a figure differs from one tenth of the run to the next: scatter by mean. */
        private double scatter(String key) {
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
            double squares =
                    Arrays.stream(parts).map(v -> (v - mean) * (v - mean)).sum();
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
    }

    private final Result a;
    private final Result b;
    private final double floor;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private Comparison(Result a, Result b, double floor) {
        this.a = a;
        this.b = b;
        this.floor = floor;
    }

    /**
     * Compares.
     *
     * @param floor the share by which figures may differ in any case
     */
    public static Comparison of(Result a, Result b, double floor) {
        Comparison comparison = new Comparison(a, b, floor);
        comparison.compare();
        return comparison;
    }

    /** Whether B is worse than A beyond the noise. */
    public boolean isWorse() {
        return rows.stream().anyMatch(row -> row.finding() == Finding.WORSE);
    }

    private void compare() {
        for (String key : SAME) {
            if (!Objects.equals(a.at("plan", key), b.at("plan", key))) {
                remarks.add("not the same run: " + key + " is " + a.at("plan", key) + " in A and " + b.at("plan", key)
                        + " in B");
            }
        }
        compareVerdicts();
        addMeasured("answered a second", "answered", true, "answeredPerSecond");
        for (String kind : List.of("response", "service")) {
            boolean inBoth = a.at(kind + "Micros") != null && b.at(kind + "Micros") != null;
            if (inBoth) {
                addMeasured(kind + " p50", kind + "P50", false, kind + "Micros", "p50");
                addMeasured(kind + " p90", null, false, kind + "Micros", "p90");
                addMeasured(kind + " p99", kind + "P99", false, kind + "Micros", "p99");
                addMeasured(kind + " p99.9", null, false, kind + "Micros", "p999");
                addMeasured(kind + " max", null, false, kind + "Micros", "max");
            }
        }
        addMeasured("client CPU a message", null, false, "generator", "cpuMicrosPerMessage");
        COUNTS.forEach(this::addCount);
        addErrors();
    }

    private void compareVerdicts() {
        String before = String.valueOf(a.at("verdict"));
        String after = String.valueOf(b.at("verdict"));
        boolean worse = !before.equals(after)
                && (after.equals("FAIL") || after.equals("INVALID"))
                && (before.equals("PASS") || before.equals("PARTIAL"));
        boolean better = !before.equals(after) && after.equals("PASS");
        Finding finding = worse ? Finding.WORSE : better ? Finding.BETTER : Finding.SAME;
        rows.add(new Row("verdict", before, after, "", "", finding));
        if (before.equals("INVALID") || after.equals("INVALID")) {
            remarks.add("an INVALID run shows the client and not the server");
        }
    }

    private void addMeasured(String name, String seriesKey, boolean moreIsBetter, String... path) {
        double before = a.number(path);
        double after = b.number(path);
        if (Double.isNaN(before) || Double.isNaN(after) || before <= 0) {
            return;
        }
        double change = after / before - 1;
        double scatter = seriesKey == null
                ? Double.NaN
                : Math.sqrt((square(a.scatter(seriesKey)) + square(b.scatter(seriesKey))) / 2);
        double noise = Math.max(floor, SCATTERS * scatter);
        boolean known = !Double.isNaN(noise);
        Finding finding;
        if (!known) {
            finding = Finding.NO_CLAIM;
        } else if (Math.abs(change) <= noise) {
            finding = Finding.NOISE;
        } else {
            finding = change > 0 == moreIsBetter ? Finding.BETTER : Finding.WORSE;
        }
        String unit = name.startsWith("answered") ? "" : "µs";
        rows.add(new Row(
                name,
                shown(before, unit),
                shown(after, unit),
                String.format(Locale.ROOT, "%+.1f %%", change * 100),
                known ? String.format(Locale.ROOT, "±%.1f %%", noise * 100) : "unknown",
                finding));
    }

    private static String shown(double value, String unit) {
        return unit.isEmpty() ? Units.perSecond(value) : Units.nanos(Math.round(value * 1e3));
    }

    private static double square(double value) {
        return value * value;
    }

    private void addCount(String key) {
        addCount(key, a.number(key), b.number(key));
    }

    private void addErrors() {
        addCount("errors", sum(a), sum(b));
    }

    private static double sum(Result result) {
        return result.at("errors") instanceof Map<?, ?> errors
                ? errors.values().stream()
                        .mapToDouble(count -> count instanceof Number n ? n.doubleValue() : 0)
                        .sum()
                : 0;
    }

    private void addCount(String name, double before, double after) {
        Finding finding = after > before ? Finding.WORSE : after < before ? Finding.BETTER : Finding.SAME;
        if (before > 0 || after > 0) {
            rows.add(new Row(name, Units.count((long) before), Units.count((long) after), "", "none", finding));
        }
    }

    /** The comparison as lines of text, the conclusion first. */
    public String text(String nameOfA, String nameOfB) {
        StringBuilder out = new StringBuilder();
        long worse = rows.stream().filter(row -> row.finding() == Finding.WORSE).count();
        long better =
                rows.stream().filter(row -> row.finding() == Finding.BETTER).count();
        out.append(worse > 0 ? "B IS WORSE" : better > 0 ? "B is better" : "No difference")
                .append(worse > 0 ? " in " + Units.plural(worse, "figure") : "")
                .append(worse == 0 && better > 0 ? " in " + Units.plural(better, "figure") : "")
                .append(worse + better == 0 ? " beyond the noise" : ", beyond the noise")
                .append("\n  A ")
                .append(nameOfA)
                .append("\n  B ")
                .append(nameOfB)
                .append('\n');
        remarks.forEach(remark -> out.append("  note: ").append(remark).append('\n'));
        String form = "%-21s %12s %12s %10s %10s  %s%n";
        out.append('\n').append(String.format(Locale.ROOT, form, "", "A", "B", "change", "noise", ""));
        for (Row row : rows) {
            out.append(String.format(
                    Locale.ROOT, form, row.name(), row.a(), row.b(), row.change(), row.noise(), row.finding().text));
        }
        out.append("\nNoise: ").append(Units.percent(floor));
        out.append(" in any case, or twice the scatter from one tenth of a run to the next, if that"
                + " is more;\nwhere the scatter is unknown, nothing is claimed.\n");
        return out.toString();
    }
}
