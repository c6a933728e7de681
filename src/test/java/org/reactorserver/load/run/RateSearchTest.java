package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.report.RateReport;
import org.reactorserver.load.result.RateStep;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** Rates that a server holds, and rates that it does not. */
@Timeout(300)
class RateSearchTest {
    private static final long SECOND = 1_000_000_000;

    /** So many replies a second and no more: how many there are on a slow machine, nobody knows. */
    private static TestServer capped(int perSecond) throws Exception {
        AtomicLong last = new AtomicLong();
        return TestServer.lines((line, number, out) -> {
            long due = last.updateAndGet(before -> Math.max(System.nanoTime(), before + SECOND / perSecond));
            long wait;
            while ((wait = due - System.nanoTime()) > 0) {
                LockSupport.parkNanos(wait);
            }
            out.write(line);
        });
    }

    private static LoadPlan plan(TestServer server) {
        return LoadPlan.builder()
                .port(server.port())
                .framing(Framing.lines())
                .connections(20)
                .expectEcho()
                .build();
    }

    /** Takes a minute: {@code mvn test -Dtest=RateSearchTest -Dload.search=true}. */
    @Test
    @EnabledIfSystemProperty(named = "load.search", matches = "true")
    void whatIsFoundHoldsAndIsNotAboveWhatTheServerCan() throws Exception {
        List<RateStep> told = new ArrayList<>();
        try (TestServer server = capped(800)) {
            RateSearch search = new RateSearch(plan(server), List.of(Slo.parse("p90<1s")), told::add);
            RateStep max = search.findMax();
            assertThat(told).isEqualTo(search.steps()).hasSizeGreaterThan(3);
            RateReport report = new RateReport(search.steps());
            if (max != null) { // else this machine is too busy for any rate
                assertThat(max.holds()).isTrue();
                assertThat(max.rate()).isLessThan(800 * 1.05);
                assertThat(report.text(max, List.of("p90<1s")))
                        .startsWith("The highest rate at which p90<1s holds: ")
                        .contains("it does not: ");
            }
            assertThat(report.page(max, List.of("p90<1s"))).contains("<svg").doesNotContain("NaN");
        }
    }

    @Test
    void givenRatesAreRunOneAfterTheOther() throws Exception {
        try (TestServer server = capped(300)) {
            LoadPlan plan = plan(server)
                    .change()
                    .warmUp(Duration.ZERO)
                    .duration(Duration.ofSeconds(1))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            RateSearch search = new RateSearch(plan, List.of(), step -> {});
            search.runAt(List.of(50.0, 1_200.0));
            assertThat(search.steps()).extracting(RateStep::rate).containsExactly(50.0, 1_200.0);
            assertThat(search.steps().get(1).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(search.steps().get(1).why()).startsWith("the server did not keep up");
        }
    }

    @Test
    void aRunIsBrokenOffWhenAnObjectiveIsLost() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> out.write("no\n".getBytes()))) {
            LoadPlan plan = plan(server)
                    .change()
                    .warmUp(Duration.ZERO)
                    .duration(Duration.ofSeconds(200))
                    .build();
            Report report = new LoadRun(plan, List.of())
                    .abortOn(List.of(Slo.parse("errors<1%")))
                    .run();
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.reasons().get(0)).startsWith("broken off: objective errors<1% is lost: ");
            assertThat(report.messages().addUp()).isTrue();
        }
    }
}
