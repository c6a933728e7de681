package org.reactorserver.load.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.Health;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;

/** Verdicts about runs whose figures are made up, so that no machine has a say in them. */
class JudgeTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int SAMPLES = 20_000;

    private final Books books = new Books(false, SECOND, () -> 0);
    private final Tally tally = new Tally();

    JudgeTest() {
        books.span.opened = 50;
        books.span.from = 1;
        books.span.to = 10 * SECOND;
        books.span.drainFrom = 10 * SECOND;
        books.span.drainTo = 10 * SECOND;
        books.span.used = new Health.Reading(SECOND, SECOND, 0, 0, 3 * SECOND, 1_203, 0);
    }

    private Report report(LoadPlan plan, String... slos) {
        books.ledger.sent = SAMPLES;
        books.ledger.matched = SAMPLES;
        List<Slo> objectives = Arrays.stream(slos).map(Slo::parse).toList();
        return new Reporter(plan, objectives, new InetSocketAddress(8888), books, List.of(), tally, Instant.EPOCH)
                .report();
    }

    private static LoadPlan closed() {
        return LoadPlan.builder().build();
    }

    private static LoadPlan open() {
        return LoadPlan.builder().rate(1_000).build();
    }

    /** A slice in which this share of the samples is so long, and the others are short. */
    private static Slice slice(double share, double longLagMillis, double longMillis) {
        Slice slice = new Slice();
        slice.begin(Slice.Phase.MEASURED, 0);
        slice.to = 10 * SECOND;
        slice.connections = 50;
        for (int i = 0; i < SAMPLES; i++) {
            boolean isLong = i < share * SAMPLES;
            long lag = isLong ? (long) (longLagMillis * MILLI) : 10_000;
            long time = isLong ? (long) (longMillis * MILLI) : MILLI;
            slice.lag.record(lag);
            slice.sendLag.record(lag);
            slice.service.record(time);
            slice.response.record(time);
        }
        return slice;
    }

    @ParameterizedTest
    @CsvSource({
        "0.02,   26,   27, closed, INVALID, p99", // a starved client, a server that answers after 1 ms
        "0.02,   29.5, 97.8, open, INVALID, p99",
        "0.2,    3,    5,  closed, INVALID, p90",
        "0.002,  20,   30, open,   INVALID, p99.9", // seldom, but that is what p99.9 is about
        "0.6,    4,    6,  closed, INVALID, p50",
        "0.02,   1.9,  2,  closed, PASS, ''", // as late as a timer may be
        "0.02,   5,    100, closed, PASS, ''", // a small part of what was measured
        "0.0001, 20,   30, closed, PASS, ''", // one sample, which is in the notes
    })
    void aClientThatWasLateItselfIsInvalidWhereverInTheDistribution(
            double share, double lag, double time, String model, Verdict verdict, String where) {
        tally.add(slice(share, lag, time), 0);
        Report report = report(model.equals("open") ? open() : closed());
        assertThat(report.verdict()).as("%s", report.reasons()).isEqualTo(verdict);
        if (verdict == Verdict.INVALID) {
            assertThat(report.reasons())
                    .singleElement()
                    .satisfies(reason -> assertThat(reason)
                            .startsWith("this client was late itself: at " + where + " ")
                            .contains("its thread waited 3.00 s for a processor", "1,203 times"));
        }
    }

    @Test
    void oneLateMomentIsInTheNotesAndCountsIfTheLongestTimeIsJudged() {
        tally.add(slice(0.0001, 20, 30), 0);
        assertThat(report(closed()).notes()).anyMatch(note -> note.startsWith("the longest time is no measure"));
        assertThat(report(closed(), "max<100ms").verdict()).isEqualTo(Verdict.INVALID);
        assertThat(report(closed(), "p99<100ms").verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aClientWithoutMemoryIsInvalid() {
        tally.add(slice(0, 0, 0), 0);
        books.span.failure = "java.lang.OutOfMemoryError: Java heap space";
        assertThat(report(closed()).verdict()).isEqualTo(Verdict.INVALID);
        assertThat(report(closed()).reasons().get(0)).contains("OutOfMemoryError", "-Xmx");
    }

    /** To be late makes times longer: a limit that is kept all the same is kept, and nothing else is known. */
    @ParameterizedTest
    @CsvSource({
        "p99<100ms, PASS", //
        "p99<=100ms, PASS",
        "errors=0, PASS",
        "p99<10ms, INVALID",
        "answered/s>1, INVALID",
    })
    void ofARateItIsKnownWhetherALimitWasKeptThoughTheClientWasLate(String objective, Verdict verdict) {
        tally.add(slice(0.02, 26, 27), 0);
        Report report = report(open(), objective);
        assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
        RateStep step = RateStep.of(report, List.of(Slo.parse(objective)));
        assertThat(step.verdict()).isEqualTo(verdict);
        assertThat(step.why()).startsWith("this client was late itself");
    }

    @Test
    void whatWasNotSentOrNotAnsweredWasNotKept() {
        tally.add(slice(0.02, 26, 27), 0);
        books.span.due = SAMPLES;
        books.span.sent = SAMPLES / 2;
        Report missed = report(open(), "p99<100ms");
        assertThat(missed.isRateMissed()).isTrue();
        assertThat(RateStep.of(missed, List.of(Slo.parse("p99<100ms"))).holds()).isFalse();
        books.span.sent = SAMPLES;
        books.span.abandoned = 1;
        books.ledger.unanswered = 1;
        Report unanswered = report(open(), "p99<100ms");
        assertThat(RateStep.of(unanswered, List.of(Slo.parse("p99<100ms"))).holds())
                .isFalse();
    }

    private void backlogs(long... atEnds) {
        for (int i = 0; i < atEnds.length; i++) {
            Slice slice = new Slice();
            slice.begin(i == 0 ? Slice.Phase.WARM_UP : Slice.Phase.MEASURED, (i - 1) * SECOND);
            slice.to = i * SECOND;
            slice.backlog = atEnds[i];
            slice.service.record(MILLI);
            slice.response.record(MILLI);
            tally.add(slice, 0);
        }
    }

    @Test
    void aBacklogThatGrowsAllTheTimeIsAFailure() {
        backlogs(0, 1_466, 2_932, 4_398, 5_864, 7_330, 8_796, 10_262, 11_728, 13_194, 14_660);
        Report report = report(LoadPlan.builder().rate(3_000).build());
        assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(report.traffic().backlogGrowth()).isEqualTo(1_466);
        assertThat(report.reasons().get(0)).contains("offered 3,000 a second", "the backlog grew by 1,466 a second");
    }

    @ParameterizedTest
    @CsvSource({
        "0 1 0 1 0 1 0 1 0 1 600", // a stall at the end
        "0 1 2 3 1 600 3 2 1 1 0", // in the middle
        "0 0 0 0 0 600 0 0 0 0 600", // both
        "500 500 500 500 500 500 500 500 500 500 500", // slow, and it keeps up
        "0 1 2 3 4 5 6 7 8 9 9", // a few
    })
    void aBacklogThatDoesNotGrowInBothHalvesIsNone(String atEnds) {
        backlogs(Arrays.stream(atEnds.split(" ")).mapToLong(Long::parseLong).toArray());
        Report report = report(open());
        assertThat(report.isOverloaded()).isFalse();
        assertThat(report.verdict()).as("%s", report.reasons()).isEqualTo(Verdict.PASS);
    }
}
