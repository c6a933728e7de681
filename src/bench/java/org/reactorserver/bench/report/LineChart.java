package org.reactorserver.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A panel for each axis that was swept: one metric over it, a line for each server, both scales
 * logarithmic, so that the same factor is the same distance everywhere.
 */
public final class LineChart {

    private static final double MARGIN = 16;
    private static final double PANEL = 320;
    private static final double HEIGHT = 240;
    private static final double TOP = 64;
    private static final double LEFT = 48;

    private final Results results;
    private final Metric metric;
    private final Svg svg = new Svg();
    private final Map<String, String> legend = new LinkedHashMap<>();
    private int panels;

    public LineChart(Results results, Metric metric) {
        this.results = results;
        this.metric = metric;
    }

    /** Scenarios are called axis/value. */
    public void panel(String axis, String title) {
        Map<Integer, String> points = results.points(axis);
        if (points.size() < 2) {
            return;
        }
        List<String> servers = results.servers(points.values().iterator().next());
        double left = MARGIN + panels++ * PANEL + LEFT;
        Scale x = new Scale(left, left + PANEL - LEFT - MARGIN);
        Scale y = new Scale(TOP + HEIGHT, TOP);
        points.keySet().forEach(x::include);
        points.values().forEach(s -> servers.forEach(server -> y.include(value(s, server))));
        y.roundOut();

        svg.text("title", left, TOP - 14, "start", title);
        for (double tick : y.ticks()) {
            svg.line("grid", x.from, y.of(tick), x.to, y.of(tick));
            svg.text("dim", left - 6, y.of(tick) + 4, "end", compact(tick));
        }
        for (int value : points.keySet()) {
            svg.text("dim", x.of(value), y.from + 18, "middle", compact(value));
        }
        for (String server : servers) {
            legend.put(server, results.label(server));
            curve(points, server, x, y);
        }
    }

    private void curve(Map<Integer, String> points, String server, Scale x, Scale y) {
        double lastX = Double.NaN;
        double lastY = Double.NaN;
        for (Map.Entry<Integer, String> point : points.entrySet()) {
            double value = value(point.getValue(), server);
            if (!Double.isNaN(value)) {
                if (!Double.isNaN(lastX)) {
                    String style = "line " + Svg.style(server);
                    svg.line(style, lastX, lastY, x.of(point.getKey()), y.of(value));
                }
                lastX = x.of(point.getKey());
                lastY = y.of(value);
                svg.dot(Svg.style(server), lastX, lastY);
            }
        }
    }

    @Override
    public String toString() {
        double at = MARGIN + LEFT;
        svg.text("title", at, 24, "start", metric.title + ", " + metric.unit);
        at += 190;
        for (Map.Entry<String, String> entry : legend.entrySet()) {
            svg.dot(Svg.style(entry.getKey()), at, 20);
            svg.text("dim", at + 8, 24, "start", entry.getValue());
            at += 30 + 6.2 * entry.getValue().length();
        }
        double width = Math.max(at, 2 * MARGIN + panels * PANEL);
        return svg.finish(width, TOP + HEIGHT + 36, "How cost grows: " + metric.title);
    }

    private double value(String scenario, String server) {
        return results.values(scenario, server, metric).map(Spread::median).orElse(Double.NaN);
    }

    private static String compact(double value) {
        if (value >= 1024 && value % 1024 == 0) {
            return "%.0f Ki".formatted(value / 1024);
        }
        return value >= 1 ? "%,.0f".formatted(value) : "%.1f".formatted(value);
    }

    /** From values to places, by their logarithms. */
    private static final class Scale {

        private static final double[] STEPS = {1, 2, 5};

        private final double from;
        private final double to;
        private double least = Double.POSITIVE_INFINITY;
        private double greatest;

        Scale(double from, double to) {
            this.from = from;
            this.to = to;
        }

        void include(double value) {
            if (value > 0) {
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
        }

        /** To the next tick on both sides. */
        void roundOut() {
            double min = least;
            double max = greatest;
            least = steps().filter(step -> step <= min).max().orElse(min);
            greatest = steps().filter(step -> step >= max).min().orElse(max);
        }

        double of(double value) {
            double span = Math.log(greatest / least);
            return from + (to - from) * (span == 0 ? 0.5 : Math.log(value / least) / span);
        }

        double[] ticks() {
            return steps().filter(step -> step >= least && step <= greatest).toArray();
        }

        private static DoubleStream steps() {
            return IntStream.rangeClosed(-3, 9)
                    .mapToDouble(power -> Math.pow(10, power))
                    .flatMap(power -> DoubleStream.of(STEPS).map(step -> step * power));
        }
    }
}
