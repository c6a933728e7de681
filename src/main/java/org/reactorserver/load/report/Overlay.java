package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.reactorserver.load.text.Units;

/** Several results in one page: their courses over time, and their latencies by percentile, one above the other. */
public final class Overlay {
    /** One line of a chart. */
    private record Course(String style, List<Chart.Point> points) {}

    private final List<StoredResult> a;
    private final List<StoredResult> b;
    private final StringBuilder out = new StringBuilder();

    private Overlay(List<StoredResult> a, List<StoredResult> b) {
        this.a = a;
        this.b = b;
    }

    /**
     * The page.
     *
     * @param text what the comparison says
     */
    public static String page(List<StoredResult> a, List<StoredResult> b, String text) {
        Overlay overlay = new Overlay(a, b);
        overlay.out
                .append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Comparison</title>\n<style>\n")
                .append(Html.styleSheet())
                .append("</style>\n</head>\n<body>\n<h1>Comparison</h1>\n<section>\n<pre>")
                .append(text.lines().map(Html::escape).collect(Collectors.joining("\n")))
                .append("</pre>\n</section>\n<section>\n<p class=\"legend\">"
                        + "<span><i class=\"key service\"></i>A</span> "
                        + "<span><i class=\"key response\"></i>B</span></p>\n");
        overlay.charts();
        return overlay.out.append("</section>\n</body>\n</html>\n").toString();
    }

    private void charts() {
        boolean open = a.get(0).at("responseMicros") != null;
        String kind = open ? "response" : "service";
        add(
                "Answered a second, over time",
                courses(point -> number(point, "answered") / number(point, "seconds")),
                false);
        add("Median of the " + kind + " time, over time", courses(point -> number(point, kind + "P50") * 1e3), true);
        add("p99 of the " + kind + " time, over time", courses(point -> number(point, kind + "P99") * 1e3), true);
        percentiles(kind);
    }

    private static double number(Map<?, ?> point, String key) {
        return point.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private List<Course> courses(ToDoubleFunction<Map<?, ?>> value) {
        List<Course> courses = new ArrayList<>();
        for (StoredResult run : all()) {
            List<Chart.Point> points = new ArrayList<>();
            if (run.at("series") instanceof List<?> series) {
                for (Object each : series) {
                    if (each instanceof Map<?, ?> point && "measured".equals(point.get("phase"))) {
                        double middle = number(point, "at") + number(point, "seconds") / 2;
                        points.add(new Chart.Point(middle, value.applyAsDouble(point)));
                    }
                }
            }
            courses.add(new Course(style(run), points));
        }
        return courses;
    }

    private List<StoredResult> all() {
        List<StoredResult> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private String style(StoredResult run) {
        return a.contains(run) ? "service" : "response";
    }

    private static List<Chart.Point> shown(List<Course> courses) {
        return courses.stream()
                .flatMap(course -> course.points().stream())
                .filter(point -> point.y() > 0)
                .toList();
    }

    private void add(String name, List<Course> courses, boolean isTime) {
        List<Chart.Point> all = shown(courses);
        if (all.isEmpty()) {
            return;
        }
        double end = all.stream().mapToDouble(Chart.Point::x).max().orElse(1);
        double least = all.stream().mapToDouble(Chart.Point::y).min().orElse(1);
        double most = all.stream().mapToDouble(Chart.Point::y).max().orElse(1);
        Axis up = isTime
                ? Axis.logarithmic(least, most, nanos -> Units.nanos(Math.round(nanos)))
                : Axis.fromZero(most, 4, Charts::rate);
        Axis time = Axis.linear(0, Math.max(end, 0.001), 10, seconds -> Math.round(seconds * 10) / 10.0 + " s");
        draw(name, new Chart(name, time, up), courses);
    }

    private void percentiles(String kind) {
        List<Course> courses = new ArrayList<>();
        for (StoredResult run : all()) {
            List<Chart.Point> points = new ArrayList<>();
            if (run.at(kind + "Curve") instanceof List<?> curve) {
                for (Object each : curve) {
                    if (each instanceof Map<?, ?> point && number(point, "share") < 1) {
                        double nines = -Math.log10(1 - number(point, "share"));
                        points.add(new Chart.Point(nines, number(point, "micros") * 1e3));
                    }
                }
            }
            courses.add(new Course(style(run), points));
        }
        List<Chart.Point> all = shown(courses);
        if (all.isEmpty()) {
            return;
        }
        double end = Math.max(1, all.stream().mapToDouble(Chart.Point::x).max().orElse(1));
        List<Axis.Tick> ticks = new ArrayList<>();
        for (int nines = 0; nines <= end; nines++) {
            double percent = 100 - 100 * Math.pow(10, -nines);
            ticks.add(new Axis.Tick(nines, Math.round(percent * 1e4) / 1e4 + " %"));
        }
        Axis up = Axis.logarithmic(
                all.stream().mapToDouble(Chart.Point::y).min().orElse(1),
                all.stream().mapToDouble(Chart.Point::y).max().orElse(1),
                nanos -> Units.nanos(Math.round(nanos)));
        String name = "The " + kind + " time by percentile";
        draw(name, new Chart(name, Axis.with(0, end, ticks), up), courses);
    }

    private void draw(String name, Chart chart, List<Course> courses) {
        courses.forEach(course -> chart.line(course.style(), course.points()));
        out.append("<h3>").append(Html.escape(name)).append("</h3>\n").append(chart.svg());
    }
}
