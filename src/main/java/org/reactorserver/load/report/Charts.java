package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.text.Units;

/** The charts of a report. */
final class Charts {
    private static final double SHORTEST = 0.01;
    private static final int TIMES = 10;
    private static final int RATES = 4;
    private static final double MICRO = 1e3;

    private final Report report;
    private final List<Report.Point> series;
    private final Axis time;

    Charts(Report report) {
        this.report = report;
        this.series = report.series().stream()
                .filter(point -> point.seconds() >= SHORTEST) // what is shorter has no rate
                .toList();
        Report.Point last = series.isEmpty() ? null : series.get(series.size() - 1);
        double from = last == null ? 0 : series.get(0).atStart();
        double to = last == null ? 1 : last.atStart() + last.seconds();
        this.time = Axis.linear(from, Math.max(to, from + 0.001), TIMES, Charts::seconds);
    }

    boolean haveTimes() {
        return series.size() > 1;
    }

    // -- latency by percentile
    // ----------------------------------------------------------------------

    String percentiles() {
        List<Report.CurvePoint> all = new ArrayList<>(report.serviceCurve());
        all.addAll(report.responseCurve());
        long most = Math.max(report.service().n(), 1);
        double end = Math.max(1, Math.ceil(Math.log10(most) * 2) / 2);
        List<Axis.Tick> ticks = new ArrayList<>();
        ticks.add(new Axis.Tick(0, "0 %"));
        ticks.add(new Axis.Tick(Math.log10(2), "50 %"));
        for (int nines = 1; nines <= end; nines++) {
            ticks.add(new Axis.Tick(nines, nines(nines)));
        }
        long least = all.stream().mapToLong(Report.CurvePoint::nanos).min().orElse(1);
        long greatest = Math.max(report.service().max(), greatest(report.response()));
        Chart chart = new Chart(
                "Latency by percentile, both axes logarithmic",
                Axis.with(0, end, ticks),
                Axis.logarithmic(Math.max(1, least), Math.max(10, greatest), Charts::nanos));
        if (report.response() != null) {
            curve(chart, "response", "response", report.responseCurve(), report.response());
        }
        curve(chart, "service", "service", report.serviceCurve(), report.service());
        return chart.svg();
    }

    private static long greatest(Latency latency) {
        return latency == null ? 0 : latency.max();
    }

    private static void curve(Chart chart, String style, String name, List<Report.CurvePoint> curve, Latency latency) {
        if (curve.isEmpty()) {
            return;
        }
        List<Chart.Point> points = curve.stream()
                .map(point -> new Chart.Point(-Math.log10(1 - point.share()), point.nanos()))
                .toList();
        chart.line(style, points);
        Chart.Point max = new Chart.Point(Math.log10(latency.n()), latency.max());
        chart.line(style + " unsure", List.of(points.get(points.size() - 1), max));
        chart.dot(
                style,
                max,
                "longest " + name + " time of " + Units.count(latency.n()) + ": " + Units.nanos(latency.max()));
    }

    private static String nines(int count) {
        return switch (count) {
            case 1 -> "90 %";
            case 2 -> "99 %";
            default -> "99." + "9".repeat(count - 2) + " %";
        };
    }

    // -- over time
    // ----------------------------------------------------------------------------------

    String throughput() {
        double greatest = series.stream()
                .mapToDouble(point -> Math.max(rate(point.sent(), point), rate(point.answered(), point)))
                .max()
                .orElse(1);
        Axis rates = Axis.fromZero(greatest, RATES, Charts::rate);
        Chart chart = new Chart("Messages sent and answered a second, over time", time, rates);
        mark(chart);
        chart.area("answered", points(point -> rate(point.answered(), point)));
        chart.line("sent", points(point -> rate(point.sent(), point)));
        details(chart);
        return chart.svg();
    }

    private static double rate(long count, Report.Point point) {
        return point.seconds() > 0 ? count / point.seconds() : 0;
    }

    String latencies() {
        double least = values().min().orElse(MICRO);
        double greatest = values().max().orElse(MICRO);
        Axis nanos = Axis.logarithmic(Math.max(1, least), Math.max(10, greatest), Charts::nanos);
        Chart chart = new Chart("Latency over time, median and p99", time, nanos);
        mark(chart);
        chart.line("service median", points(latency(Report.Point::serviceP50)));
        chart.line("service", points(latency(Report.Point::serviceP99)));
        if (report.response() != null) {
            chart.line("response median", points(latency(Report.Point::responseP50)));
            chart.line("response", points(latency(Report.Point::responseP99)));
        }
        details(chart);
        return chart.svg();
    }

    /** How latencies are spread over time; null if there are none. */
    String heat() {
        Heat heat = new Heat(series);
        if (heat.isEmpty()) {
            return null;
        }
        Chart chart = heat.map(time);
        details(chart);
        return chart.svg();
    }

    /** How many latencies of the measured span are how long; null if there are none. */
    String histogram() {
        Heat heat = new Heat(series.stream()
                .filter(point -> !point.phase().equals("warm up"))
                .toList());
        return heat.isEmpty() ? null : heat.histogram().svg();
    }

    /** What was open, and what had no reply. */
    String connections() {
        double greatest = series.stream()
                .mapToDouble(point -> Math.max(point.connections(), point.backlog()))
                .max()
                .orElse(1);
        Chart chart = new Chart(
                "Open connections, and messages without a reply, over time",
                time,
                Axis.fromZero(greatest, RATES, value -> Units.count(Math.round(value))));
        mark(chart);
        chart.line("answered", points(Report.Point::connections));
        chart.line("sent", points(Report.Point::backlog));
        for (Report.Point point : series) {
            if (point.errors() > 0) {
                double middle = point.atStart() + point.seconds() / 2;
                chart.dot("error", new Chart.Point(middle, 0), Units.plural(point.errors(), "error"));
            }
        }
        details(chart);
        return chart.svg();
    }

    /** How late this client was itself; null if that is not known. */
    String lag() {
        long greatest = series.stream().mapToLong(Report.Point::lagMax).max().orElse(-1);
        if (greatest <= 0) {
            return null;
        }
        Chart chart = new Chart(
                "How late this client was itself at most, over time",
                time,
                Axis.logarithmic(1e4, Math.max(1e6, greatest), Charts::nanos));
        mark(chart);
        chart.line("lag", points(latency(Report.Point::lagMax)));
        details(chart);
        return chart.svg();
    }

    private DoubleStream values() {
        return series.stream()
                .flatMapToDouble(point -> DoubleStream.of(
                        point.serviceP50(), point.serviceP99(), point.responseP50(), point.responseP99()))
                .filter(nanos -> nanos > 0);
    }

    private static ToDoubleFunction<Report.Point> latency(ToLongFunction<Report.Point> nanos) {
        return point -> nanos.applyAsLong(point) > 0 ? nanos.applyAsLong(point) : Double.NaN;
    }

    /** A value for each stretch of time, at its middle. */
    private List<Chart.Point> points(ToDoubleFunction<Report.Point> value) {
        return series.stream()
                .map(point -> new Chart.Point(point.atStart() + point.seconds() / 2, value.applyAsDouble(point)))
                .toList();
    }

    private void mark(Chart chart) {
        for (Report.Point point : series) {
            if (!point.phase().equals("measured")) {
                double end = point.atStart() + point.seconds();
                chart.band("unmeasured", point.atStart(), end, point.phase());
            }
        }
        for (Report.Stall stall : report.stalls()) {
            chart.band(
                    stall.isOwnFault() ? "stall own" : "stall",
                    stall.atStart(),
                    stall.atEnd(),
                    Phrases.stall(stall, report));
        }
    }

    private void details(Chart chart) {
        for (Report.Point point : series) {
            double end = point.atStart() + point.seconds();
            chart.detail(point.atStart(), end, detail(point, end));
        }
    }

    private static String detail(Report.Point point, double end) {
        String latency = point.responseP99() >= 0
                ? ", response p50 " + Units.nanos(point.responseP50()) + ", p99 " + Units.nanos(point.responseP99())
                : "";
        String service = point.serviceP99() >= 0
                ? ", service p50 " + Units.nanos(point.serviceP50()) + ", p99 " + Units.nanos(point.serviceP99())
                : "";
        return String.format(
                Locale.ROOT,
                "%.2f–%.2f s (%s): %s sent, %s answered a second%s%s; %s connections, %s without a reply, %s; client late"
                        + " by up to %s",
                point.atStart(),
                end,
                point.phase(),
                Units.perSecond(Math.round(rate(point.sent(), point))),
                Units.perSecond(Math.round(rate(point.answered(), point))),
                latency,
                service,
                Units.count(point.connections()),
                Units.count(point.backlog()),
                Units.plural(point.errors(), "error"),
                Phrases.duration(point.lagMax()));
    }

    // -- labels
    // -------------------------------------------------------------------------------------

    private static String seconds(double seconds) {
        String form = seconds == Math.rint(seconds) ? "%.0f s" : "%.1f s";
        return String.format(Locale.ROOT, form, seconds + 0.0);
    }

    private static String nanos(double nanos) {
        return Units.nanos(Math.round(nanos)).replaceAll("\\.0+ ", " ");
    }

    /** A number a second, short enough for an axis. */
    static String rate(double rate) {
        if (rate >= 1e6) {
            return trimmed(rate / 1e6) + "M/s";
        }
        return rate >= 1e3 ? trimmed(rate / 1e3) + "k/s" : trimmed(rate) + "/s";
    }

    private static String trimmed(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }
}
