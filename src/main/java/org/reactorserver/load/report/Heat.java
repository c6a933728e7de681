package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.text.Units;

/** How latencies are spread: over time, as a heat map, and in all, as a histogram. */
final class Heat {
    private static final int COLUMNS = 120;
    private static final int SHADES = 8;

    private final List<Report.Point> series;
    private final long[] all; // of each band
    private final int first; // that has any
    private final int last;

    /** Of these stretches of time. */
    Heat(List<Report.Point> series) {
        this.series = series;
        int bands = series.isEmpty() ? 0 : series.get(0).bands().size();
        this.all = new long[bands];
        series.forEach(point -> {
            for (int i = 0; i < bands; i++) {
                all[i] += point.bands().get(i);
            }
        });
        this.first =
                IntStream.range(0, bands).filter(i -> all[i] > 0).findFirst().orElse(-1);
        this.last = IntStream.range(0, bands).filter(i -> all[i] > 0).max().orElse(-1);
    }

    boolean isEmpty() {
        return first < 0;
    }

    /** Each column is a stretch of time, each row a band of latencies: the darker, the more there are. */
    Chart map(Axis time) {
        Chart chart = new Chart("How latencies are spread, over time", time, axis());
        int joined = (series.size() + COLUMNS - 1) / COLUMNS;
        for (int i = 0; i < series.size(); i += joined) {
            List<Report.Point> column = series.subList(i, Math.min(series.size(), i + joined));
            Report.Point end = column.get(column.size() - 1);
            long[] counts = new long[all.length];
            column.forEach(point -> {
                for (int band = 0; band < counts.length; band++) {
                    counts[band] += point.bands().get(band);
                }
            });
            long sum = LongStream.of(counts).sum();
            for (int band = first; band <= last; band++) {
                if (counts[band] > 0) {
                    double from = column.get(0).atStart();
                    double to = end.atStart() + end.seconds();
                    chart.cell(shade(counts[band], sum), from, to, Samples.bandFrom(band), Samples.bandFrom(band + 1));
                }
            }
        }
        return chart;
    }

    /** By decades of shares: one in ten thousand can be seen, and one in two is darker. */
    private static String shade(long count, long sum) {
        double share = (double) count / sum;
        return "heat" + (int) Math.max(1, Math.min(SHADES, Math.round(SHADES + 2 * Math.log10(share))));
    }

    private Axis axis() {
        return Axis.logarithmic(
                Samples.bandFrom(first), Samples.bandFrom(last + 1), nanos -> Units.nanos(Math.round(nanos)));
    }

    /** How many there are in each band. */
    Chart histogram() {
        List<Axis.Tick> ticks = new ArrayList<>();
        long most = LongStream.of(all).max().orElse(1);
        for (long power = 1; power <= most; power *= 10) {
            ticks.add(new Axis.Tick(Math.log10(power) + 1, Units.count(power)));
        }
        Chart chart = new Chart(
                "How many replies took how long, both axes logarithmic",
                axis(),
                Axis.with(0, Math.log10(most) + 1.1, ticks));
        for (int band = first; band <= last; band++) {
            double from = Samples.bandFrom(band);
            double to = Samples.bandFrom(band + 1);
            if (all[band] > 0) {
                chart.cell("bar", from, to, 0, Math.log10(all[band]) + 1);
            }
            chart.detail(
                    from,
                    to,
                    Units.nanos(Math.round(from)) + " to " + Units.nanos(Math.round(to)) + ": " + Units.count(all[band])
                            + " replies");
        }
        return chart;
    }
}
