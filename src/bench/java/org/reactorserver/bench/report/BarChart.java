package org.reactorserver.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A block for each scenario, a row for each server, a bar for each metric, with the least and the
 * greatest value of the rounds as a line across the bar's end.
 */
public final class BarChart {

    private static final double MARGIN = 16;
    private static final double LABELS = 340;
    private static final double COLUMN = 320;
    private static final double VALUE = 140; // room for the figure behind the longest bar
    private static final double ROW = 20;

    private final Results results;
    private final List<Metric> metrics;
    private final Svg svg = new Svg();
    private double y = MARGIN;

    public BarChart(Results results, List<Metric> metrics) {
        this.results = results;
        this.metrics = metrics;
    }

    public void block(String scenario, String title, String baseline, Set<String> leftOut) {
        List<String> servers = results.servers(scenario).stream()
                .filter(s -> !leftOut.contains(s))
                .toList();
        if (servers.isEmpty()) {
            return;
        }
        svg.text("title", MARGIN, y + 14, "start", title);
        for (int i = 0; i < metrics.size(); i++) {
            Metric metric = metrics.get(i);
            svg.text("dim", left(i), y + 32, "start", metric.title + ", " + metric.unit);
        }
        y += 40;
        for (String server : servers) {
            svg.text("", MARGIN + LABELS - 10, y + 14, "end", results.label(server));
            for (int i = 0; i < metrics.size(); i++) {
                bar(scenario, server, baseline, i);
            }
            y += ROW;
        }
        y += 18;
    }

    @Override
    public String toString() {
        double width = left(metrics.size());
        return svg.finish(width, y, "reactor-server beside its peers; medians, least and greatest");
    }

    private void bar(String scenario, String server, String baseline, int column) {
        Metric metric = metrics.get(column);
        Optional<Spread> found = results.values(scenario, server, metric);
        if (found.isEmpty()) {
            svg.text("dim", left(column), y + 14, "start", "not measured");
            return;
        }
        Spread spread = found.get();
        double scale = (COLUMN - VALUE) / greatest(scenario, metric);
        svg.bar(Svg.style(server), left(column), y + 3, spread.median() * scale, ROW - 7);
        double middle = y + ROW / 2 - 0.5;
        svg.line("range", left(column) + spread.min() * scale, middle, left(column) + spread.max() * scale, middle);
        String ratio = results.ratios(scenario, server, baseline, metric)
                .filter(r -> !server.equals(baseline))
                .map(r -> " = %.2f×".formatted(r.median()))
                .orElse("");
        double end = left(column) + spread.max() * scale + 6;
        svg.text("dim", end, y + 14, "start", metric.format(spread.median()) + ratio);
    }

    private double greatest(String scenario, Metric metric) {
        return results.servers(scenario).stream()
                .flatMap(server -> results.values(scenario, server, metric).stream())
                .mapToDouble(Spread::max)
                .max()
                .orElse(1);
    }

    private static double left(int column) {
        return MARGIN + LABELS + column * COLUMN;
    }
}
