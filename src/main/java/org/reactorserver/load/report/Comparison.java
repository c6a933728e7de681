package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.reactorserver.load.text.Units;
import org.reactorserver.text.Printable;

/**
 * Two results side by side, or several of each kind. Of two, a difference is taken for noise if it is no larger than a
 * given share, or than twice the scatter that the figure has from one tenth of a run to the next. Of several, medians
 * are compared, and a difference is one if it would come by chance in at most one of a hundred cases. Immutable.
 */
public final class Comparison {
    private static final double SCATTERS = 2;
    private static final List<String> COUNTS = List.of("mismatched", "late", "unanswered", "lost");
    private static final List<String> SAME = List.of(
            "framing",
            "connections",
            "rate",
            "rateAtFirst",
            "arrivals",
            "depth",
            "messageBytes",
            "message",
            "send",
            "expect",
            "replyEnd",
            "scenario",
            "thinkSeconds",
            "misbehave",
            "requestsPerConnection",
            "seconds",
            "messages",
            "timeoutSeconds");

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

    private final List<StoredResult> a;
    private final List<StoredResult> b;
    private final double floor;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private Comparison(List<StoredResult> a, List<StoredResult> b, double floor) {
        this.a = a;
        this.b = b;
        this.floor = floor;
    }

    /**
     * Compares.
     *
     * @param a one result, or several of the same kind
     * @param b likewise
     * @param floor the share by which figures may differ in any case
     * @throws IllegalArgumentException if a result is invalid: it shows its client and not the server
     */
    public static Comparison of(List<StoredResult> a, List<StoredResult> b, double floor) {
        for (StoredResult result : concat(a, b)) {
            if (result.invalidity() != null) {
                throw new IllegalArgumentException("a run that is INVALID shows its client and not the server, so there"
                        + " is nothing to compare: " + Printable.escape(result.invalidity()));
            }
        }
        Comparison comparison = new Comparison(List.copyOf(a), List.copyOf(b), floor);
        comparison.compare();
        return comparison;
    }

    private static List<StoredResult> concat(List<StoredResult> a, List<StoredResult> b) {
        List<StoredResult> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    /** Whether B is worse than A beyond the noise. */
    public boolean isWorse() {
        return rows.stream().anyMatch(row -> row.finding() == Finding.WORSE);
    }

    private boolean isOfSeveral() {
        return a.size() > 1 || b.size() > 1;
    }

    private void compare() {
        for (String key : SAME) {
            Object first = a.get(0).at("plan", key);
            concat(a, b).stream()
                    .filter(result -> !Objects.equals(first, result.at("plan", key)))
                    .findFirst()
                    .ifPresent(other -> remarks.add("not the same run: " + key + " is " + printable(first)
                            + " in A and " + printable(other.at("plan", key)) + " in B"));
        }
        if (isOfSeveral() && Significance.ways(a.size(), b.size()) * Significance.LEVEL < 2) {
            remarks.add(a.size() + " and " + b.size() + " runs are too few for a level of "
                    + Units.percent(Significance.LEVEL) + ", so nothing is claimed; 5 and 5 are enough");
        }
        compareVerdicts();
        addMeasured("answered a second", "answered", true, "answeredPerSecond");
        for (String kind : List.of("response", "service")) {
            addMeasured(kind + " p50", kind + "P50", false, kind + "Micros", "p50");
            addMeasured(kind + " p90", null, false, kind + "Micros", "p90");
            addMeasured(kind + " p99", kind + "P99", false, kind + "Micros", "p99");
            addMeasured(kind + " p99.9", null, false, kind + "Micros", "p999");
            addMeasured(kind + " max", null, false, kind + "Micros", "max");
        }
        addMeasured("client CPU a message", null, false, "generator", "cpuMicrosPerMessage");
        boolean resets = "reset".equals(a.get(0).at("plan", "misbehave"));
        for (String key : COUNTS) {
            if (!key.equals("lost") || !resets) { // which the client has done itself
                addCount(key, sum(a, key), sum(b, key));
            }
        }
        addCount("errors", errors(a), errors(b));
    }

    private static String printable(Object value) {
        return Printable.escape(String.valueOf(value));
    }

    private void compareVerdicts() {
        String before = worst(a);
        String after = worst(b);
        boolean worse = after.equals("FAIL") && !before.equals("FAIL");
        boolean better = !before.equals(after) && after.equals("PASS");
        Finding finding = worse ? Finding.WORSE : better ? Finding.BETTER : Finding.SAME;
        rows.add(new Row("verdict", printable(before), printable(after), "", "", finding));
    }

    private static String worst(List<StoredResult> results) {
        List<String> verdicts =
                results.stream().map(result -> (String) result.at("verdict")).toList();
        return verdicts.contains("FAIL") ? "FAIL" : verdicts.contains("PARTIAL") ? "PARTIAL" : verdicts.get(0);
    }

    private static double[] numbers(List<StoredResult> results, String... path) {
        return results.stream().mapToDouble(result -> result.number(path)).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted); // what is no number comes last
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private void addMeasured(String name, String seriesKey, boolean moreIsBetter, String... path) {
        double[] allBefore = numbers(a, path);
        double[] allAfter = numbers(b, path);
        double before = median(allBefore);
        double after = median(allAfter);
        boolean comparable = Arrays.stream(allBefore).allMatch(value -> value > 0)
                && Arrays.stream(allAfter).allMatch(value -> value > 0);
        if (!comparable) {
            return;
        }
        double factor = Math.abs(Math.log(after / before)); // as much to the better as to the worse
        Finding different = after > before == moreIsBetter ? Finding.BETTER : Finding.WORSE;
        String noise;
        Finding finding;
        if (isOfSeveral()) {
            double probability = Significance.ofRanks(allBefore, allAfter);
            boolean enough = Significance.ways(a.size(), b.size()) * Significance.LEVEL >= 2;
            boolean isOne = probability <= Significance.LEVEL && factor > Math.log1p(floor);
            noise = "p " + Units.percent(probability);
            finding = !enough ? Finding.NO_CLAIM : isOne ? different : Finding.NOISE;
        } else {
            double share = Math.max(floor, SCATTERS * scatter(seriesKey));
            boolean known = !Double.isNaN(share);
            noise = known ? String.format(Locale.ROOT, "±%.1f %%", share * 100) : "unknown";
            finding = !known ? Finding.NO_CLAIM : factor <= Math.log1p(share) ? Finding.NOISE : different;
        }
        String unit = name.startsWith("answered") ? "" : "µs";
        String change = String.format(Locale.ROOT, "%+.1f %%", (after / before - 1) * 100);
        rows.add(new Row(name, shown(before, unit), shown(after, unit), change, noise, finding));
    }

    /** Of one run of each; of replies a second it is at least that of the count, if nothing else tells. */
    private double scatter(String seriesKey) {
        if (seriesKey == null) {
            return Double.NaN;
        }
        double scatter =
                Math.sqrt((square(a.get(0).scatter(seriesKey)) + square(b.get(0).scatter(seriesKey))) / 2);
        return Double.isNaN(scatter) && seriesKey.equals("answered")
                ? Math.sqrt(1 / a.get(0).number("answered") + 1 / b.get(0).number("answered"))
                : scatter;
    }

    private static String shown(double value, String unit) {
        return unit.isEmpty() ? Units.perSecond(value) : Units.nanos(Math.round(value * 1e3));
    }

    private static double square(double value) {
        return value * value;
    }

    private static double sum(List<StoredResult> results, String key) {
        return results.stream()
                .mapToDouble(result -> result.number(key))
                .filter(value -> value > 0)
                .sum();
    }

    private static double errors(List<StoredResult> results) {
        return results.stream().mapToDouble(result -> result.sum("errors")).sum();
    }

    /** Beside how many were sent: of ten times as many messages, ten times as many fail. None and one differ. */
    private void addCount(String name, double before, double after) {
        if (before == 0 && after == 0) {
            return;
        }
        double sentBefore = Math.max(1, sum(a, "sent"));
        double sentAfter = Math.max(1, sum(b, "sent"));
        double change = after / sentAfter - before / sentBefore;
        boolean worse = change > 0;
        double probability = worse
                ? Significance.ofCounts((long) (before + after), (long) after, sentAfter / (sentBefore + sentAfter))
                : Significance.ofCounts((long) (before + after), (long) before, sentBefore / (sentBefore + sentAfter));
        boolean isOne = before == 0 || after == 0 || probability <= Significance.LEVEL;
        Finding finding = change == 0 ? Finding.SAME : !isOne ? Finding.NOISE : worse ? Finding.WORSE : Finding.BETTER;
        rows.add(new Row(
                name,
                Units.count((long) before),
                Units.count((long) after),
                "",
                before == 0 || after == 0 ? "none" : "p " + Units.percent(probability),
                finding));
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
                .append(Printable.escape(nameOfA))
                .append("\n  B ")
                .append(Printable.escape(nameOfB))
                .append('\n');
        remarks.forEach(remark -> out.append("  note: ").append(remark).append('\n'));
        String form = "%-21s %12s %12s %10s %10s  %s%n";
        out.append('\n').append(String.format(Locale.ROOT, form, "", "A", "B", "change", "noise", ""));
        for (Row row : rows) {
            out.append(String.format(
                    Locale.ROOT, form, row.name(), row.a(), row.b(), row.change(), row.noise(), row.finding().text));
        }
        if (isOfSeveral()) {
            out.append("\nMedians of ").append(a.size()).append(" and ").append(b.size());
            out.append(" runs. p: how often a difference like this comes by chance; it is one if that is\n"
                    + "at most 1 %, and it is more than ");
            out.append(Units.percent(floor)).append(".\n");
        } else {
            out.append("\nNoise: ").append(Units.percent(floor));
            out.append(" in any case, or twice the scatter from one tenth of a run to the next, if that"
                    + " is more;\nwhere the scatter is unknown, nothing is claimed. Counts: p, how often"
                    + " it comes by chance.\n");
        }
        return out.toString();
    }
}
