package org.reactorserver.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.result.RateStep;
import org.reactorserver.load.result.Verdict;

class RateReportTest {
    private static RateStep step(double rate, Verdict verdict) {
        return new RateStep(rate, rate, null, verdict, "because");
    }

    /** A client that was late at the lowest rate, too, knows nothing of the server. */
    @Test
    void aSearchThatWasNoMeasurementSaysNothingOfTheServer() {
        List<String> objectives = List.of("p99<5ms");
        RateReport invalid = new RateReport(List.of(step(20, Verdict.FAIL), step(10, Verdict.INVALID)));
        assertThat(invalid.conclusion(null, objectives))
                .startsWith("It is not known at which rate p99<5ms holds: this client, or its machine,")
                .endsWith("; because");
        RateReport failed = new RateReport(List.of(step(20, Verdict.INVALID), step(10, Verdict.FAIL)));
        assertThat(failed.conclusion(null, objectives)).isEqualTo("There is no rate at which p99<5ms holds");
    }

    @Test
    void whatHoldsThoughTheClientWasLateIsSaidToDoSo() {
        Latency latency = new Latency(1_000, 1, 1, 1, 1, 1, 1, 1, 1, 0);
        RateStep kept = new RateStep(10, 10, latency, Verdict.PASS, "this client was late itself");
        assertThat(RateReport.line(kept)).endsWith("  holds, though this client was late itself");
        assertThat(RateReport.line(new RateStep(10, 10, latency, Verdict.PASS, "")))
                .endsWith("  holds");
    }
}
