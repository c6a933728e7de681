package org.reactorserver.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.load.measure.Samples;

/** Results of several machines, put together. */
class MergerTest {
    /** So many replies after 1 ms each, and one after a time of its own. */
    private static StoredResult part(String from, int replies, long longest, String verdict) {
        Samples samples = new Samples();
        for (int i = 0; i < replies; i++) {
            samples.record(1_000_000);
        }
        samples.record(longest);
        return StoredResult.parse("""
                {"verdict": "%s", "reasons": ["because\\u001b"], "target": "a:1", "measuredFrom": "%s", "seconds": 10,
                 "answered": %d, "answeredPerSecond": %d, "sent": %d, "backlogGrowthPerSecond": 0,
                 "connections": {"asked": 5, "opened": 5, "lost": 0, "reopened": 1}, "errors": {"reset": 2},
                 "responseMicros": null, "plan": {"framing": "line"},
                 "serviceMicros": {"n": %d, "min": 1000, "max": %d, "outOfRange": 0},
                 "serviceHistogram": "%s"}
                """.formatted(
                        verdict,
                        from,
                        replies + 1,
                        replies / 10,
                        replies,
                        replies + 1,
                        longest / 1_000,
                        Histograms.text(samples)));
    }

    private static Merger merge(StoredResult... parts) {
        return new Merger(List.of("a", "b").subList(0, parts.length), List.of(parts));
    }

    @Test
    void countsAndHistogramsAreAdded() {
        Merger merger = merge(
                part("2026-01-01T00:00:00Z", 999, 7_000_000, "PASS"),
                part("2026-01-01T00:00:00.5Z", 99, 50_000_000, "PASS"));
        StoredResult all = StoredResult.parse(merger.json());
        assertThat(all.number("answered")).isEqualTo(1_100);
        assertThat(all.number("answeredPerSecond")).isEqualTo(108);
        assertThat(all.number("connections", "opened")).isEqualTo(10);
        assertThat(all.sum("errors")).isEqualTo(4);
        assertThat(all.number("serviceMicros", "n")).isEqualTo(1_100);
        assertThat(all.number("serviceMicros", "max")).isEqualTo(50_000);
        assertThat(all.number("serviceMicros", "p99")).isCloseTo(1_000, within(1.0));
        assertThat(all.samples("service").count()).isEqualTo(1_100);
        assertThat(merger.text()).contains("together").contains("1,100").doesNotContain("\u001b", "note:");
    }

    @Test
    void theWorstVerdictCounts() {
        String from = "2026-01-01T00:00:00Z";
        assertThat(merge(part(from, 9, 9, "PASS"), part(from, 9, 9, "INVALID")).verdict())
                .isEqualTo("INVALID");
        assertThat(merge(part(from, 9, 9, "FAIL"), part(from, 9, 9, "INVALID")).verdict())
                .isEqualTo("FAIL");
    }

    @Test
    void clocksAreCompared() {
        StoredResult first = part("2026-01-01T00:00:00Z", 9, 9, "PASS");
        assertThat(merge(first, part("2026-01-01T00:00:05Z", 9, 9, "PASS")).text())
                .contains("note: by their clocks the runs have only 5.00 s of 10.0 s in common");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> merge(first, part("2026-01-01T00:00:13Z", 9, 9, "PASS")))
                .withMessageContaining("one began 3.00 s after another had ended");
    }

    @Test
    void whatHasNoHistogramIsRefused() {
        StoredResult old = StoredResult.parse(
                "{\"verdict\": \"PASS\", \"measuredFrom\": \"2026-01-01T00:00:00Z\", \"seconds\": 10}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> merge(old, part("2026-01-01T00:00:00Z", 9, 9, "PASS")))
                .withMessageContaining("a has no histogram");
    }

    @Test
    void whatCannotBeAddedIsRefused() {
        String from = "2026-01-01T00:00:00Z";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> merge(part(from, 9, 9, "PASS"), part(from, 9, 9, "PASS")))
                .withMessage("a and b are of one run, which would count twice; give each run once");
        StoredResult open = StoredResult.parse("{\"verdict\": \"PASS\", \"model\": \"open\"}");
        StoredResult closed = StoredResult.parse("{\"verdict\": \"PASS\", \"model\": \"closed\"}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> merge(open, closed))
                .withMessageStartingWith(
                        "a is of the open model and b of the closed one, whose times cannot be added;");
    }
}
