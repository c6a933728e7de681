package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;

/** Objectives beside what a run has shown. */
@Timeout(60)
class ObjectivesTest {
    private static final List<String> MET = List.of(
            "p50<60m",
            "p50>1ns",
            "min>=1ns",
            "service.p90<60m",
            "errors=0",
            "sent=200",
            "matched>199",
            "lost<1",
            "errors<1%",
            "matched>99%",
            "p73.5<60m",
            "mean<60m",
            "answered/s>0",
            "p90 < 60 m",
            "max<60000000µs");

    private static final List<String> MISSED = List.of(
            "max<=0.5ns",
            "response.p50<60m", // there is none in the closed model
            "p99.9<60m", // too few samples to tell
            "sent/s<0.5",
            "matched<50%",
            "late>0");

    @Test
    void objectivesAreCompared() throws Exception {
        try (TestServer server = TestServer.echo()) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .connections(1)
                    .messages(200)
                    .expectEcho()
                    .build();
            List<Slo> objectives =
                    Stream.concat(MET.stream(), MISSED.stream()).map(Slo::parse).toList();
            List<Slo.Result> results = new LoadRun(plan, objectives).run().objectives();
            assertThat(results)
                    .filteredOn(Slo.Result::met)
                    .extracting(Slo.Result::objective)
                    .containsExactlyElementsOf(MET);
            assertThat(results)
                    .filteredOn(result -> !result.met())
                    .extracting(Slo.Result::objective)
                    .containsExactlyElementsOf(MISSED);
        }
    }
}
