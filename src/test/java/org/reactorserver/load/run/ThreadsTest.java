package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactorserver.helper.Verdicts.assertFine;

import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.report.JsonReport;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** Several threads share one run, and have one ledger. */
@Timeout(60)
class ThreadsTest {
    private static LoadPlan.Builder plan(TestServer server, int threads) {
        return LoadPlan.builder()
                .port(server.port())
                .framing(Framing.lines())
                .connections(7)
                .threads(threads)
                .warmUp(Duration.ZERO)
                .messages(1_001)
                .timeout(Duration.ofSeconds(20))
                .message("{id} {seq}")
                .expectEcho();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theySendWhatWasAskedForTogether(boolean open) throws Exception {
        Set<String> lines = new ConcurrentSkipListSet<>();
        try (TestServer server = TestServer.lines((line, number, out) -> {
            lines.add(new String(line, "UTF-8"));
            out.write(line);
        })) {
            LoadPlan.Builder plan = plan(server, 3);
            Report report = new LoadRun((open ? plan.rate(3_000) : plan.depth(2)).build(), List.of()).run();
            assertFine(report);
            assertThat(report.messages().sent()).isEqualTo(1_001);
            assertThat(report.messages().matched()).isEqualTo(1_001);
            assertThat(report.messages().addUp()).isTrue();
            assertThat(report.service().n()).isEqualTo(1_001);
            assertThat(report.connections()).isEqualTo(new Report.Connections(7, 7, 0, 0));
            assertThat(report.series().stream().mapToLong(Report.Point::sent).sum())
                    .isEqualTo(1_001);
            assertThat(report.series())
                    .allSatisfy(point -> assertThat(point.connections()).isBetween(0, 7));
            assertThat(report.command()).contains(" --threads 3 ");
            assertThat(JsonReport.of(report)).contains("\"threads\": 3");
        }
        Set<String> ids = new TreeSet<>();
        lines.forEach(line -> ids.add(line.substring(0, line.indexOf(' '))));
        assertThat(lines).hasSize(1_001);
        assertThat(ids).containsExactly("1", "2", "3", "4", "5", "6", "7");
    }

    @Test
    void theyBeginAndEndTogether() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = new LoadRun(
                            plan(server, 2)
                                    .rate(1_000)
                                    .warmUp(Duration.ofMillis(200))
                                    .duration(Duration.ofMillis(700))
                                    .build(),
                            List.of())
                    .run();
            assertFine(report);
            assertThat(report.service().n()).isEqualTo(700);
            assertThat(report.traffic().warmUpSamples()).isEqualTo(200);
        }
    }

    /** One of them has no connection: the other is not kept waiting. */
    @Test
    void oneThatCannotBeginDoesNotKeepTheOthersWaiting() throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            if (connection == 1) {
                in.transferTo(out);
            }
        })) {
            Report report =
                    new LoadRun(plan(server, 2).connections(2).messages(100).build(), List.of()).run();
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.messages().addUp()).isTrue();
            assertThat(report.messages().matched()).isBetween(1L, 100L);
        }
        Report report = new LoadRun(LoadPlan.builder().port(1).threads(2).build(), List.of()).run();
        assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(report.connections().opened()).isZero();
    }

    /** A full memory ends the run, and does not lose what was measured. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatWasMeasuredIsReportedWhenMemoryIsFull(int threads) throws Exception {
        AtomicLong calls = new AtomicLong();
        try (TestServer server = TestServer.echo()) {
            LoadPlan plan =
                    plan(server, threads).duration(Duration.ofMillis(500)).build();
            Report report = new LoadRun(plan, List.of(), SelectorProvider.provider(), () -> {
                        if (calls.incrementAndGet() == 3_000) {
                            throw new OutOfMemoryError("made up");
                        }
                        return System.nanoTime();
                    })
                    .run();
            assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
            assertThat(report.reasons().get(0)).contains("could not go on").contains("made up");
            assertThat(report.messages().matched()).isPositive();
            assertThat(report.messages().addUp()).isTrue();
        }
    }
}
