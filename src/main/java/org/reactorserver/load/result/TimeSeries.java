package org.reactorserver.load.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.measure.Slice;

/**
 * What happened when, in a bounded number of points: when there are too many, neighbours are joined two
 * by two, and each shows the worst of what it is made of. Reporting thread only.
 */
final class TimeSeries {
    /** Most points that are kept. */
    static final int MOST = 600;

    private final List<Report.Point> points = new ArrayList<>();
    private int slicesPerPoint = 1;
    private int slicesInLast = Integer.MAX_VALUE;

    void add(Slice slice, long start) {
        Report.Point point = of(slice, start);
        Report.Point last = points.isEmpty() ? null : points.get(points.size() - 1);
        if (slicesInLast < slicesPerPoint && last.phase().equals(point.phase())) {
            points.set(points.size() - 1, join(last, point));
            slicesInLast++;
            return;
        }
        if (points.size() == MOST) {
            joinNeighbours();
        }
        points.add(point);
        slicesInLast = 1;
    }

    /** Whether a point is made of several slices. */
    boolean isJoined() {
        return slicesPerPoint > 1;
    }

    List<Report.Point> points() {
        return List.copyOf(points);
    }

    private void joinNeighbours() {
        List<Report.Point> all = List.copyOf(points);
        points.clear();
        for (int i = 0; i < all.size(); i++) {
            boolean hasPartner = i + 1 < all.size()
                    && all.get(i).phase().equals(all.get(i + 1).phase());
            points.add(hasPartner ? join(all.get(i), all.get(++i)) : all.get(i));
        }
        slicesPerPoint *= 2;
    }

    private static Report.Point of(Slice slice, long start) {
        boolean warmUp = slice.phase == Slice.Phase.WARM_UP;
        Samples service = warmUp ? slice.warmUp : slice.service;
        long max = Math.max(
                service.count() == 0 ? -1 : service.max(), slice.response.count() == 0 ? -1 : slice.response.max());
        return new Report.Point(
                slice.phase.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                (slice.from - start) / 1e9,
                slice.seconds(),
                slice.sent,
                slice.answered,
                slice.errors,
                slice.connections,
                slice.backlog,
                Latency.claim(service, 0.5),
                Latency.claim(service, 0.99),
                Latency.claim(slice.response, 0.5),
                Latency.claim(slice.response, 0.99),
                max,
                slice.lag.count() == 0 ? -1 : slice.lag.max(),
                bands(slice.response.count() > 0 ? slice.response : service));
    }

    private static List<Long> bands(Samples samples) {
        return Arrays.stream(samples.bands()).boxed().toList();
    }

    private static Report.Point join(Report.Point a, Report.Point b) {
        return new Report.Point(
                a.phase(),
                a.atStart(),
                a.seconds() + b.seconds(),
                a.sent() + b.sent(),
                a.answered() + b.answered(),
                a.errors() + b.errors(),
                b.connections(),
                b.backlog(),
                Math.max(a.serviceP50(), b.serviceP50()),
                Math.max(a.serviceP99(), b.serviceP99()),
                Math.max(a.responseP50(), b.responseP50()),
                Math.max(a.responseP99(), b.responseP99()),
                Math.max(a.max(), b.max()),
                Math.max(a.lagMax(), b.lagMax()),
                IntStream.range(0, a.bands().size())
                        .mapToObj(i -> a.bands().get(i) + b.bands().get(i))
                        .toList());
    }
}
