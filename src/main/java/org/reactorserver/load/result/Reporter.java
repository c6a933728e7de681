package org.reactorserver.load.result;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.Health;
import org.reactorserver.load.measure.Ledger;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.measure.Span;
import org.reactorserver.load.measure.Stalls;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.plan.Rerun;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.text.Units;

/** Makes the report of a run that has ended, and judges it. */
public final class Reporter {
    private static final double MOST_MISSED = 0.01;
    private static final double SATURATED = 0.95;

    /** In seconds: a client that has just started is busy with its own warming up. */
    private static final double ENOUGH_TO_TELL = 1;

    private static final long TOLERABLE_LAG = 1_000_000;
    private static final long NOTABLE_LOOP_LAG = 5_000_000;
    private static final int CURVE_POINTS_PER_DECADE = 20;

    private final LoadPlan plan;
    private final List<Slo> objectives;
    private final InetSocketAddress target;
    private final Tally tally;
    private final Instant began;
    private final Books books;
    private final Span span;

    private final List<String> failures = new ArrayList<>();
    private final List<String> invalidities = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    public Reporter(
            LoadPlan plan, List<Slo> objectives, InetSocketAddress target, Books books, Tally tally, Instant began) {
        this.plan = plan;
        this.objectives = objectives;
        this.target = target;
        this.tally = tally;
        this.began = began;
        this.books = books;
        this.span = books.span;
    }

    public Report report() {
        Report facts = withVerdict(facts(), Verdict.PASS, List.of());
        findFailures(facts);
        findInvalidities(facts);
        note(facts);
        List<Slo.Result> results = objectives.stream()
                .map(objective -> Objectives.check(objective, facts))
                .toList();
        List<String> missed = results.stream()
                .filter(result -> !result.met())
                .map(result -> "objective " + result.objective() + " not met: " + result.observed())
                .toList();
        List<String> reasons = new ArrayList<>(failures);
        reasons.addAll(invalidities);
        reasons.addAll(missed);
        Verdict verdict;
        if (!failures.isEmpty()) {
            verdict = Verdict.FAIL; // a wrong reply is wrong, however busy the client was
        } else if (!invalidities.isEmpty()) {
            verdict = Verdict.INVALID;
        } else if (!missed.isEmpty()) {
            verdict = Verdict.FAIL;
        } else {
            verdict = span.stoppedEarly ? Verdict.PARTIAL : Verdict.PASS;
        }
        if (span.stoppedEarly) {
            reasons.add("PARTIAL: ended early, "
                    + (span.used == null
                            ? "before anything was measured"
                            : "after " + Units.nanos(span.to - span.from)));
        }
        return withVerdict(facts(results), verdict, reasons);
    }

    // -- the facts
    // ----------------------------------------------------------------------------------

    private Report facts() {
        return facts(List.of());
    }

    private Report facts(List<Slo.Result> results) {
        Latency service = Latency.of(tally.all.service);
        boolean isOpen = plan.isOpenModel();
        List<Report.Stall> stalls = books.stalls.list(Math.max(0, tally.all.service.quantile(0.5))).stream()
                .map(this::stall)
                .filter(stall -> stall.atEnd() > 0) // not those of the warm-up
                .toList();
        return new Report(
                Verdict.PASS,
                List.of(),
                List.copyOf(notes),
                began,
                Rerun.command(plan, objectives),
                target.getAddress().getHostAddress() + ":" + target.getPort(),
                plan,
                new Report.Connections(plan.connections(), span.opened, span.connectionsLost),
                traffic(),
                isOpen ? Latency.of(tally.all.response) : null,
                service,
                Latency.of(books.connectTimes),
                messages(),
                errors(),
                stalls,
                books.stalls.forgotten(),
                generated(),
                results,
                tally.series.points(),
                isOpen ? curve(tally.all.response) : List.of(),
                curve(tally.all.service));
    }

    private static Report withVerdict(Report r, Verdict verdict, List<String> reasons) {
        return new Report(
                verdict,
                List.copyOf(reasons),
                r.notes(),
                r.began(),
                r.command(),
                r.target(),
                r.plan(),
                r.connections(),
                r.traffic(),
                r.response(),
                r.service(),
                r.connect(),
                r.messages(),
                r.errors(),
                r.stalls(),
                r.forgottenStalls(),
                r.generator(),
                r.objectives(),
                r.series(),
                r.responseCurve(),
                r.serviceCurve());
    }

    private Report.Traffic traffic() {
        double seconds = span.seconds();
        double sending = plan.isOpenModel() ? (span.drainFrom - span.start) / 1e9 : seconds;
        double sentPerSecond = seconds > 0 ? span.sent / sending : 0;
        long answered = tally.measured.answered;
        return new Report.Traffic(
                span.from == 0 ? null : Instant.now().minusNanos(System.nanoTime() - span.from),
                seconds,
                plan.warmUpNanos() / 1e9,
                span.drainSeconds(),
                plan.rate(),
                sentPerSecond,
                seconds > 0 ? answered / seconds : 0,
                plan.isOpenModel() && seconds > 0 ? missed(sentPerSecond) : 0,
                answered,
                tally.all.warmUp.count(),
                tally.all.bytesSent,
                tally.all.bytesReceived);
    }

    /** Of the messages that were due, those never sent; or those not sent a second, if that is more. */
    private double missed(double sentPerSecond) {
        double never = span.due > 0 ? 1 - (double) span.sent / span.due : 0;
        double tooSlowly = plan.messages() > 0 ? 0 : 1 - sentPerSecond / plan.rate();
        boolean enoughToTell = span.due >= 1 / MOST_MISSED;
        return Math.max(0, Math.max(never, enoughToTell ? tooSlowly : 0));
    }

    private Report.Messages messages() {
        Ledger ledger = books.ledger;
        return new Report.Messages(
                ledger.sent,
                ledger.matched,
                ledger.mismatched,
                ledger.late,
                ledger.unanswered,
                ledger.lost,
                ledger.extra,
                ledger.oldestUnanswered);
    }

    private List<Report.ErrorCount> errors() {
        return books.errors.list().stream()
                .map(error -> new Report.ErrorCount(
                        error.kind(),
                        error.count(),
                        (error.first() - span.start) / 1e9,
                        (error.last() - span.start) / 1e9,
                        error.sample()))
                .toList();
    }

    private Report.Stall stall(Stalls.Stall stall) {
        return new Report.Stall(
                (stall.from - span.start) / 1e9, (stall.to - span.start) / 1e9, stall.connections, stall.clientLag);
    }

    private Report.Generated generated() {
        Health.Reading used = span.used;
        double nanos = Math.max(1, span.drainFrom - span.from);
        long answered = Math.max(1, tally.measured.answered);
        boolean known = used != null && used.processCpu() >= 0;
        return new Report.Generated(
                plan.isOpenModel(),
                Latency.of(tally.measured.lag),
                used == null ? 0 : used.collections(),
                used == null ? 0 : used.collecting(),
                used == null ? -1 : used.loopCpu() / nanos,
                known ? used.processCpu() / nanos : -1,
                known ? used.processCpu() / answered : -1);
    }

    private static List<Report.CurvePoint> curve(Samples samples) {
        List<Report.CurvePoint> curve = new ArrayList<>();
        for (int i = 0; ; i++) {
            double share = 1 - Math.pow(10, -(double) i / CURVE_POINTS_PER_DECADE);
            long nanos = Latency.claim(samples, share);
            if (nanos < 0) {
                return curve;
            }
            curve.add(new Report.CurvePoint(share, i == 0 ? samples.min() : nanos));
        }
    }

    // -- the judgement
    // ------------------------------------------------------------------------------

    private void findFailures(Report report) {
        Report.Connections connections = report.connections();
        Report.Messages messages = report.messages();
        long unopened = connections.asked() - connections.opened();
        if (!span.stoppedEarly || unopened == 0) {
            fail(unopened, "connection", "could not be opened");
        }
        fail(connections.lost(), "connection", "lost");
        if (span.allLost) {
            failures.add("no connection was left, so the run ended before its time");
        }
        fail(messages.mismatched(), "reply", "wrong");
        fail(messages.late(), "reply", "later than the timeout");
        fail(messages.unanswered(), "message", "unanswered");
        if (plan.misbehaviour() != Misbehaviour.RESET) {
            fail(messages.lost(), "message", "lost with a connection");
        }
        fail(messages.extra(), "reply", "too many");
        if (failures.isEmpty() && !report.errors().isEmpty()) {
            report.errors()
                    .forEach(error -> fail(error.count(), "error", error.kind().toString()));
        }
        if (!messages.addUp()) {
            failures.add("the ledger does not add up, which is a fault of this client");
        }
        if (report.service().n() == 0) {
            failures.add("nothing was measured: no message of the measured span was answered");
        }
    }

    private void fail(long count, String noun, String what) {
        if (count > 0) {
            String nouns = count == 1 ? noun : noun.equals("reply") ? "replies" : noun + "s";
            failures.add(Units.count(count) + " " + nouns + " " + what);
        }
    }

    private void findInvalidities(Report report) {
        Report.Generated own = report.generator();
        if (report.traffic().missed() > MOST_MISSED) {
            invalidities.add("the offered rate was missed by "
                    + Units.percent(report.traffic().missed()) + ": "
                    + Units.perSecond(report.traffic().sentPerSecond()) + " a second were sent, "
                    + Units.perSecond(plan.rate()) + " were asked for");
        }
        if (plan.isOpenModel()) {
            boolean late = own.lag().p99() > TOLERABLE_LAG
                    && own.lag().p99() > report.response().p99() / 2;
            if (late) {
                invalidities.add("this client was the bottleneck: it sent 1 % of the messages "
                        + Units.nanos(own.lag().p99())
                        + " or more after their time, which is more than half of the response"
                        + " time's p99");
            }
        } else if (own.loopCpuShare() >= SATURATED && report.traffic().seconds() >= ENOUGH_TO_TELL) {
            invalidities.add("this client was the bottleneck: its one thread was busy "
                    + Units.percent(own.loopCpuShare()) + " of the time");
        }
    }

    private void note(Report report) {
        long excluded = report.service().outOfRange();
        if (excluded > 0) {
            notes.add(Units.count(excluded) + " latencies over an hour are counted, not placed");
        }
        Latency lag = report.generator().lag();
        boolean heldUp = !plan.isOpenModel()
                && lag.p50() > NOTABLE_LOOP_LAG
                && lag.p50() > report.service().p50() / 10;
        if (heldUp) {
            notes.add("replies waited for this client too: its loop was " + Units.nanos(lag.p50())
                    + " late at the median");
        }
        if (books.outstanding >= Books.MOST_OUTSTANDING) {
            notes.add("sending was suspended with " + Units.count(Books.MOST_OUTSTANDING) + " messages outstanding");
        }
        if (span.notOffered > 0) {
            notes.add(Units.plural(span.notOffered, "message") + " due on connections that were lost were not sent");
        }
        if (tally.series.isJoined()) {
            notes.add("a point over time shows the worst of several slices");
        }
    }
}
