package org.reactorserver.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The results as Markdown tables, for people. */
public final class Markdown {

    private final Results results;
    private final String rows;
    private final StringBuilder text = new StringBuilder();

    /** With a heading, what the rows of its tables are, and where and how it was measured. */
    public Markdown(Results results, String title, String rows, Map<String, String> facts) {
        this.results = results;
        this.rows = rows;
        line("# " + title);
        line("");
        facts.forEach((name, value) -> line("- " + name + ": " + value));
        line("");
        line("A cell is the median over the rounds, its ratio to the first row, and in brackets the"
                + " least and the greatest ratio of a round (in the first row: value). Ratios are"
                + " taken within each round, before the median.");
        line("");
    }

    /** A table with a row for each server. */
    public void scenario(String id, String title, List<Metric> metrics, Comparison comparison) {
        List<String> servers = results.servers(id).stream()
                .filter(server -> belongs(comparison, server))
                .collect(Collectors.toCollection(ArrayList::new));
        if (servers.isEmpty()) {
            return;
        }
        if (servers.remove(comparison.baseline())) {
            servers.add(0, comparison.baseline());
        }
        line("## " + title + (comparison.title().isEmpty() ? "" : ": " + comparison.title()));
        line("");
        row(
                rows,
                metrics.stream()
                        .map(metric -> metric.title + ", " + metric.unit)
                        .toList());
        row("---", metrics.stream().map(metric -> "---:").toList());
        for (String server : servers) {
            row(results.label(server), cells(id, server, metrics, comparison.baseline()));
        }
        line("");
    }

    /** The values of a server, or why there is none. */
    private List<String> cells(String id, String server, List<Metric> metrics, String baseline) {
        List<String> cells = metrics.stream()
                .map(metric -> cell(id, server, baseline, metric))
                .collect(Collectors.toCollection(ArrayList::new));
        if (cells.stream().allMatch(String::isEmpty)) {
            results.problem(id, server).ifPresent(why -> cells.set(0, "*" + escape(why) + "*"));
        }
        return cells;
    }

    /** A table with a row for each value of what was swept; scenarios are called axis/value. */
    public void sweep(String axis, String title, List<Metric> metrics, String baseline) {
        Map<Integer, String> points = results.points(axis);
        if (points.isEmpty()) {
            return;
        }
        List<String> servers = results.servers(points.values().iterator().next());
        List<String> heads = new ArrayList<>();
        metrics.forEach(metric ->
                servers.forEach(server -> heads.add(results.label(server) + ": " + metric.title + ", " + metric.unit)));
        line("## Cost against " + title);
        line("");
        row(axis, heads);
        row("---:", heads.stream().map(head -> "---:").toList());
        points.forEach((value, scenario) -> {
            List<String> cells = new ArrayList<>();
            metrics.forEach(metric -> servers.forEach(server -> cells.add(cell(scenario, server, baseline, metric))));
            row("%,d".formatted(value), cells);
        });
        line("");
    }

    /** What was promised, what was measured. */
    public void promise(String what, Metric metric, double limit, Optional<Spread> measured, boolean met) {
        String sign = metric == Metric.THROUGHPUT ? "≥ " : "≤ ";
        String found = measured.map(s -> "%.2f (%.2f–%.2f)".formatted(s.median(), s.min(), s.max()))
                .orElse("not measured");
        String verdict = measured.isEmpty() ? "–" : met ? "met" : "**missed**";
        row(what, List.of(sign + "%.2f".formatted(limit), found, verdict));
    }

    public void promisesHead() {
        line("## Targets");
        line("");
        row("ours ÷ the other's, or ours alone", List.of("target", "median (least–greatest)", ""));
        row("---", List.of("---:", "---:", "---"));
    }

    public void intervalsHead() {
        line("## The present build ÷ the older one");
        line("");
        line("The 95 % interval is that of the median, from order statistics.");
        line("");
        row("scenario: metric", List.of("median of the ratios", "95 % interval", "least–greatest", "rounds"));
        row("---", List.of("---:", "---:", "---:", "---:"));
    }

    /** A row for each metric of which both have values; after {@link #intervalsHead}. */
    public void intervals(String scenario, List<Metric> metrics, String server, String to) {
        for (Metric metric : metrics) {
            results.ratios(scenario, server, to, metric)
                    .ifPresent(ratio -> row(
                            scenario + ": " + metric.title,
                            List.of(
                                    "%.3f".formatted(ratio.median()),
                                    ratio.hasInterval() ? "%.3f–%.3f".formatted(ratio.low(), ratio.high()) : "–",
                                    "%.3f–%.3f".formatted(ratio.min(), ratio.max()),
                                    Integer.toString(ratio.n()))));
        }
    }

    /** Everything that failed or needs a word, each once. */
    public void remarks() {
        Map<String, Set<String>> places = new LinkedHashMap<>();
        results.remarkable().forEach(sample -> {
            String what = sample.problem() != null ? sample.problem() : sample.note();
            String where = sample.scenario() + " " + sample.server();
            places.computeIfAbsent(what, w -> new LinkedHashSet<>()).add(where);
        });
        if (places.isEmpty()) {
            return;
        }
        line("");
        line("## What failed, and what to bear in mind");
        line("");
        places.forEach((what, where) -> line("- " + escape(what) + ": " + String.join(", ", where)));
    }

    public void line(String line) {
        text.append(line).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private String cell(String scenario, String server, String baseline, Metric metric) {
        Optional<Spread> values = results.values(scenario, server, metric);
        if (values.isEmpty()) {
            return "";
        }
        String median = metric.format(values.get().median());
        if (server.equals(baseline)) {
            return median + range(values.get(), metric);
        }
        return results.ratios(scenario, server, baseline, metric)
                .map(ratio -> median + " = " + times(ratio))
                .orElse(median + range(values.get(), metric));
    }

    private static String range(Spread spread, Metric metric) {
        return spread.n() == 1 ? "" : " (" + metric.format(spread.min()) + "–" + metric.format(spread.max()) + ")";
    }

    private static String times(Spread ratio) {
        String median = "%.2f×".formatted(ratio.median());
        return ratio.n() == 1 ? median : median + " (%.2f–%.2f)".formatted(ratio.min(), ratio.max());
    }

    private void row(String first, List<String> rest) {
        line("| " + first + " | " + String.join(" | ", rest) + " |");
    }

    private static boolean belongs(Comparison comparison, String server) {
        return comparison.servers() == null || comparison.servers().contains(server);
    }

    private static String escape(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
