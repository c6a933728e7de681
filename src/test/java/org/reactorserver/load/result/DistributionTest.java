package org.reactorserver.load.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.measure.Slice;

/** What is claimed of many samples: percentiles, and points over time. */
class DistributionTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aPercentileWithFewerThanTenSamplesBeyondIsNotClaimed() {
        Samples samples = new Samples();
        for (int i = 1; i < 100; i++) {
            samples.record(i);
        }
        assertThat(Latency.of(samples).p90()).isEqualTo(-1);
        samples.record(100);
        assertThat(Latency.of(samples).p90()).isEqualTo(90);
        assertThat(Latency.of(samples).p99()).isEqualTo(-1);
        assertThat(Latency.of(samples).max()).isEqualTo(100);
        assertThat(Latency.of(new Samples())).isEqualTo(Latency.NONE);
    }

    @Test
    void aTimeSeriesIsBoundedAndLosesNothing() {
        TimeSeries series = new TimeSeries();
        Slice slice = new Slice();
        for (int i = 0; i < 10_000; i++) {
            slice.begin(i < 10 ? Slice.Phase.WARM_UP : Slice.Phase.MEASURED, i * SECOND);
            slice.to = (i + 1) * SECOND;
            slice.answered = i;
            slice.service.record(i == 5_000 ? 999 : 10);
            series.add(slice, 10 * SECOND);
        }
        assertThat(series.points()).hasSizeLessThanOrEqualTo(TimeSeries.MOST);
        assertThat(series.points().stream().mapToLong(Report.Point::answered).sum())
                .isEqualTo(10_000L * 9_999 / 2);
        assertThat(series.points().get(0).atStart()).isEqualTo(-10);
        assertThat(series.points().stream().mapToDouble(Report.Point::seconds).sum())
                .isEqualTo(10_000);
        assertThat(series.points().stream().mapToLong(Report.Point::max).max()).hasValue(999);
        assertThat(series.isJoined()).isTrue();
    }
}
