package org.reactorserver.load.result;

import java.net.SocketAddress;
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
import org.reactorserver.load.plan.Rerun;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.text.Units;
import org.reactorserver.text.Addresses;

/** Makes the report of a run that has ended, and judges it. */
public final class Reporter {
    /** A backlog that grew by this share of what was offered, and by so many messages, in each half of the span. */
    private static final double LEAST_GROWTH = 0.01;

    private static final int LEAST_GROWN = 10;

    private static final int CURVE_POINTS_PER_DECADE = 20;

    private final LoadPlan plan;
    private final List<Slo> objectives;
    private final SocketAddress target;
    private final Tally tally;
    private final Instant began;
    private final Books books;
    private final Span span;
    private final List<Long> waited;

    /**
     * Prepares a report.
     *
     * @param waited how long each connection waited for a reply at most, in nanoseconds
     */
    public Reporter(
            LoadPlan plan,
            List<Slo> objectives,
            SocketAddress target,
            Books books,
            List<Long> waited,
            Tally tally,
            Instant began) {
        this.plan = plan;
        this.objectives = objectives;
        this.target = target;
        this.tally = tally;
        this.began = began;
        this.books = books;
        this.span = books.span;
        this.waited = waited;
    }

    /** The report, with its verdict. */
    public Report report() {
        Report facts = facts();
        Judge judge = new Judge(plan, span, facts, objectives);
        List<Slo.Result> results = objectives.stream()
                .map(objective -> Objectives.check(objective, facts, tally))
                .toList();
        List<String> missed = results.stream()
                .filter(result -> !result.met())
                .map(result -> "objective " + result.objective() + " not met: " + result.observed())
                .toList();
        List<String> reasons = new ArrayList<>(judge.failures);
        reasons.addAll(judge.invalidities);
        reasons.addAll(missed);
        Verdict verdict;
        if (!judge.failures.isEmpty()) {
            verdict = Verdict.FAIL; // a wrong reply is wrong, however busy the client was
        } else if (!judge.invalidities.isEmpty()) {
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
        List<String> notes = new ArrayList<>(judge.notes);
        if (tally.series.isJoined()) {
            notes.add("a point over time shows the worst of several slices");
        }
        return judged(facts, verdict, reasons, notes, results);
    }

    // -- the facts
    // ----------------------------------------------------------------------------------

    private Report facts() {
        boolean isOpen = plan.isOpenModel();
        boolean overloaded = backlogGrowth() > 0;
        List<Report.Stall> stalls = books.stalls.list(usualService()).stream()
                .map(this::stall)
                .filter(stall -> stall.atEnd() > 0) // not those of the warm-up
                .toList();
        return new Report(
                Verdict.PASS,
                List.of(),
                List.of(),
                began,
                Rerun.command(plan, objectives),
                Addresses.text(target),
                plan,
                new Report.Connections(plan.connections(), span.opened, span.connectionsLost, span.reopened),
                traffic(),
                isOpen ? latency(tally.all.response, overloaded) : null,
                latency(tally.all.service, overloaded),
                Latency.of(books.connectTimes),
                messages(),
                errors(),
                stalls,
                books.stalls.forgotten(),
                waits(),
                generated(),
                List.of(),
                tally.series.points(),
                isOpen && !overloaded ? curve(tally.all.response) : List.of(),
                overloaded ? List.of() : curve(tally.all.service),
                tally.all.response,
                tally.all.service);
    }

    private static Latency latency(Samples samples, boolean withheld) {
        return withheld ? Latency.withheld(samples.count()) : Latency.of(samples);
    }

    private static Report judged(
            Report r, Verdict verdict, List<String> reasons, List<String> notes, List<Slo.Result> results) {
        return new Report(
                verdict,
                List.copyOf(reasons),
                List.copyOf(notes),
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
                r.waits(),
                r.generator(),
                results,
                r.series(),
                r.responseCurve(),
                r.serviceCurve(),
                r.responses(),
                r.services());
    }

    private long usualService() {
        return Math.max(0, tally.all.service.quantile(0.5));
    }

    private Report.Traffic traffic() {
        double seconds = span.seconds();
        double sending = plan.isOpenModel() ? (span.drainFrom - span.start) / 1e9 : seconds;
        if (plan.isOpenModel() && plan.messages() > 0) {
            sending += 1 / plan.rate(); // the last message has its time too
        }
        double sentPerSecond = seconds > 0 ? span.sent / sending : 0;
        long answered = tally.measured.answered;
        double answeredPerSecond = seconds > 0 ? answered / Math.max(seconds, sending) : 0; // as messages have theirs
        return new Report.Traffic(
                span.from == 0 ? null : Instant.now().minusNanos(System.nanoTime() - span.from),
                seconds,
                plan.warmUpNanos() / 1e9,
                span.drainSeconds(),
                plan.meanRate(),
                sentPerSecond,
                answeredPerSecond,
                span.due > 0 ? Math.max(0, 1 - (double) span.sent / span.due) : 0,
                backlogGrowth(),
                answered,
                tally.all.warmUp.count(),
                tally.all.bytesSent,
                tally.all.bytesReceived);
    }

    /**
     * By how many messages a second the backlog grew; 0 if it did not do so in either half of the span: a stall at
     * the end is none, and a server that is too slow is too slow in both.
     */
    private double backlogGrowth() {
        if (!plan.isOpenModel()) {
            return 0;
        }
        double sending = (span.drainFrom - span.start) / 1e9;
        long before = 0;
        List<Report.Point> measured = new ArrayList<>();
        for (Report.Point point : tally.series.points()) {
            if (point.atStart() < 0 && point.phase().equals("warm up")) {
                before = point.backlog();
            } else if (point.phase().equals("measured") && point.atStart() + point.seconds() / 2 < sending) {
                measured.add(point);
            }
        }
        int half = measured.size() / 2;
        if (half == 0) {
            return 0;
        }
        long middle = measured.get(half - 1).backlog();
        Report.Point last = measured.get(measured.size() - 1);
        boolean rises = plan.rateAtFirst() < plan.rate(); // then it may keep up at first
        boolean grew = (rises || isGrowth(middle - before, measured.subList(0, half)))
                && isGrowth(last.backlog() - middle, measured.subList(half, measured.size()));
        double seconds = measured.stream().mapToDouble(Report.Point::seconds).sum();
        return grew ? (last.backlog() - before) / seconds : 0;
    }

    private boolean isGrowth(long grown, List<Report.Point> points) {
        double seconds = points.stream().mapToDouble(Report.Point::seconds).sum();
        return grown >= LEAST_GROWN && grown > LEAST_GROWTH * plan.meanRate() * seconds;
    }

    private Report.Waits waits() {
        long least = Stalls.least(usualService());
        return new Report.Waits(
                least,
                books.waits.countFrom(least),
                (int) waited.stream().filter(longest -> longest >= least).count(),
                books.waits.count() == 0 ? 0 : books.waits.max());
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
                ledger.unwritten,
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
                (stall.from() - span.start) / 1e9,
                (stall.to() - span.start) / 1e9,
                stall.connections(),
                stall.clientLag());
    }

    private Report.Generated generated() {
        Health.Reading used = span.used;
        double nanos = Math.max(1, span.drainFrom - span.from);
        long answered = tally.measured.answered;
        boolean known = used != null && used.processCpu() >= 0;
        return new Report.Generated(
                Latency.of(tally.measured.lag),
                plan.isOpenModel() ? Latency.of(tally.measured.sendLag) : null,
                used == null ? 0 : used.collections(),
                used == null ? 0 : used.collecting(),
                used == null ? -1 : used.loopCpu() / nanos,
                known ? used.processCpu() / nanos : -1,
                known && answered > 0 ? used.processCpu() / answered : -1,
                used == null ? -1 : used.waited(),
                used == null ? -1 : used.preempted(),
                used == null ? -1 : used.stolen());
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
}
