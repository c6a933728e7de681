package org.reactorserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** The text formats, line by line. */
class ExpositionTest {
    private final Exposition exposition = new Exposition();

    @Test
    void countersGaugesAndInformation() {
        exposition.counter("a_things", "Things.", () -> 3, "kind", "x");
        exposition.gauge("b_bytes", "Bytes.", () -> 0.5);
        exposition.counter("a_things", "Things.", () -> 1L << 60, "kind", "a\"b\\c\nd");
        exposition.info("c_build", "What it is.", "version", "1");
        assertThat(exposition.text(false)).isEqualTo("""
                # HELP a_things_total Things.
                # TYPE a_things_total counter
                a_things_total{kind="x"} 3
                a_things_total{kind="a\\"b\\\\c\\nd"} 1152921504606846976
                # HELP b_bytes Bytes.
                # TYPE b_bytes gauge
                b_bytes 0.5
                # HELP c_build_info What it is.
                # TYPE c_build_info gauge
                c_build_info{version="1"} 1
                """);
        assertThat(exposition.text(true)).isEqualTo("""
                # HELP a_things Things.
                # TYPE a_things counter
                a_things_total{kind="x"} 3
                a_things_total{kind="a\\"b\\\\c\\nd"} 1152921504606846976
                # HELP b_bytes Bytes.
                # TYPE b_bytes gauge
                # UNIT b_bytes bytes
                b_bytes 0.5
                # HELP c_build What it is.
                # TYPE c_build info
                c_build_info{version="1"} 1
                # EOF
                """);
    }

    @Test
    void aHistogramOfTimesIsInSecondsAndItsBucketsAddUp() {
        LongConsumer times = exposition.histogram("t_seconds", "Times.", Registry.Unit.SECONDS);
        times.accept(0);
        times.accept(10_000);
        times.accept(10_001);
        times.accept(1_000_000_000);
        times.accept(60_000_000_000L);
        assertThat(exposition.text(false).lines())
                .contains(
                        "# TYPE t_seconds histogram",
                        "t_seconds_bucket{le=\"0.00001\"} 2",
                        "t_seconds_bucket{le=\"0.000025\"} 3",
                        "t_seconds_bucket{le=\"0.5\"} 3",
                        "t_seconds_bucket{le=\"1.0\"} 4",
                        "t_seconds_bucket{le=\"10.0\"} 4",
                        "t_seconds_bucket{le=\"+Inf\"} 5",
                        "t_seconds_sum 61.000020001",
                        "t_seconds_count 5")
                .hasSize(2 + 19 + 1 + 2);
        assertThat(exposition.text(true)).contains("# UNIT t_seconds seconds\n");
    }

    @Test
    void aHistogramOfSizesIsInBytes() {
        LongConsumer sizes = exposition.histogram("s_bytes", "Sizes.", Registry.Unit.BYTES);
        sizes.accept(2_500);
        assertThat(exposition.text(false).lines())
                .contains(
                        "s_bytes_bucket{le=\"1000.0\"} 0",
                        "s_bytes_bucket{le=\"2500.0\"} 1",
                        "s_bytes_bucket{le=\"1000000000.0\"} 1",
                        "s_bytes_sum 2500.0");
    }
}
