package org.reactorserver.load.result;

import java.util.ArrayList;
import java.util.List;
import org.reactorserver.load.measure.Span;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.text.Units;

/** Judges what a run has shown: what the server did wrong, and whether the figures are the server's at all. */
final class Judge {
    /** A client that is late by more than this share of a figure is a part of the figure. */
    private static final double MOST_OWN_SHARE = 0.25;

    /** Under this, in nanoseconds, a timer of whole milliseconds is late by nature. */
    private static final long TOLERABLE_LAG = 2_000_000;

    private static final double SATURATED = 0.95;

    /** In seconds: in a shorter run a client is busy with its own start. */
    private static final double ENOUGH_TO_TELL = 1;

    private final LoadPlan plan;
    private final Span span;
    private final Report report;
    final List<String> failures = new ArrayList<>();
    final List<String> invalidities = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    /** Judges these facts. */
    Judge(LoadPlan plan, Span span, Report report, List<Slo> objectives) {
        this.plan = plan;
        this.span = span;
        this.report = report;
        findFailures();
        findInvalidities(objectives);
        note();
    }

    private void findFailures() {
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
        if (report.isOverloaded()) {
            failures.add("the server did not keep up: offered "
                    + Units.perSecond(report.traffic().offeredPerSecond()) + " a second, answered "
                    + Units.perSecond(report.traffic().answeredPerSecond()) + "; the backlog grew by "
                    + Units.perSecond(report.traffic().backlogGrowth()) + " a second");
        }
        if (span.aborted != null) {
            failures.add("broken off: " + span.aborted);
        }
        if (span.overrun) {
            failures.add("the run was ended with " + Units.count(LoadPlan.MOST_UNDER_WAY)
                    + " messages without a reply: more are not kept");
        }
        fail(messages.mismatched(), "reply", "wrong");
        fail(messages.late(), "reply", "later than the timeout");
        fail(messages.unanswered() - span.abandoned, "message", "unanswered");
        if (plan.misbehaviour() != Misbehaviour.RESET) {
            fail(messages.lost(), "message", "lost with a connection");
        }
        fail(messages.extra(), "reply", "too many");
        if (failures.isEmpty()) {
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

    private void findInvalidities(List<Slo> objectives) {
        Report.Traffic traffic = report.traffic();
        Report.Generated own = report.generator();
        if (span.failure != null) {
            invalidities.add("this client could not go on: " + span.failure
                    + "; give it more memory, as in: java -Xmx4g -jar …");
        }
        if (report.isRateMissed()) {
            invalidities.add("the offered rate was missed by " + Units.percent(traffic.missed()) + ": "
                    + Units.perSecond(traffic.sentPerSecond()) + " a second were sent, "
                    + Units.perSecond(plan.meanRate()) + " were asked for");
        }
        String late = own.sendLag() == null ? null : spoiled("it sent", own.sendLag(), "response", report.response());
        late = late == null ? spoiled("its loop was", own.loopLag(), "service", report.service()) : late;
        if (late != null && traffic.seconds() >= ENOUGH_TO_TELL) {
            invalidities.add(late);
        } else if (late != null) {
            notes.add(late + "; the run was too short to judge this client");
        }
        boolean judgesLongest =
                objectives.stream().anyMatch(objective -> objective.metric().equals("max"));
        if (judgesLongest
                && invalidities.isEmpty()
                && isSpoiled(own.loopLag().max(), report.service().max())) {
            invalidities.add("this client was late itself: by up to "
                    + Units.nanos(own.loopLag().max()) + ", which an objective for the longest time is not about"
                    + evidence());
        }
        boolean busy = !plan.isOpenModel() && own.loopCpuShare() >= SATURATED;
        if (busy && traffic.seconds() >= ENOUGH_TO_TELL) {
            invalidities.add("this client was the bottleneck: " + (plan.threads() == 1 ? "its one" : "a")
                    + " thread was busy " + Units.percent(own.loopCpuShare())
                    + " of the time; give it more of them, as in"
                    + " --threads " + 2 * plan.threads());
        }
    }

    /** Looks at the whole distribution: a client is seldom late, and then by much. Null if it was never too late. */
    private String spoiled(String who, Latency lag, String what, Latency latency) {
        String[] names = {"p50", "p90", "p99", "p99.9"};
        long[] lags = {lag.p50(), lag.p90(), lag.p99(), lag.p999()};
        long[] latencies = {latency.p50(), latency.p90(), latency.p99(), latency.p999()};
        for (int i = 0; i < names.length; i++) {
            if (isSpoiled(lags[i], latencies[i])) {
                return "this client was late itself: at " + names[i] + " " + who + " " + Units.nanos(lags[i])
                        + " after its time, and the " + what + " time is " + Units.nanos(latencies[i]) + evidence();
            }
        }
        return null;
    }

    private static boolean isSpoiled(long lag, long latency) {
        return lag > TOLERABLE_LAG && latency >= 0 && lag > latency * MOST_OWN_SHARE;
    }

    /** Why it was late, as far as the system tells. */
    private String evidence() {
        Report.Generated own = report.generator();
        StringBuilder text = new StringBuilder();
        if (own.waited() >= 0) {
            text.append("; its thread waited ")
                    .append(Units.nanos(own.waited()))
                    .append(" for a processor");
        }
        if (own.preempted() >= 0) {
            text.append(", ").append(Units.plural(own.preempted(), "time")).append(" one was taken from it");
        }
        if (own.stolen() > 0) {
            text.append(", the hypervisor took ").append(Units.nanos(own.stolen()));
        }
        return text.toString();
    }

    private void note() {
        long excluded = report.service().outOfRange();
        if (excluded > 0) {
            notes.add(Units.count(excluded) + " latencies over an hour are counted, not placed");
        }
        Report.Generated own = report.generator();
        boolean sentLate = own.sendLag() != null
                && own.sendLag().p99() > report.response().p99() * MOST_OWN_SHARE
                && report.response().p99() >= 0;
        if (sentLate && invalidities.isEmpty()) {
            notes.add("of the response time's p99, "
                    + Units.nanos(report.response().p99()) + ", up to "
                    + Units.nanos(own.sendLag().p99()) + " are this client's, which sent late");
        }
        if (isSpoiled(own.loopLag().max(), report.service().max()) && invalidities.isEmpty()) {
            notes.add("the longest time is no measure of the server: this client was late by up to "
                    + Units.nanos(own.loopLag().max()));
        }
        if (span.pollingGivenUp) {
            notes.add("this client did not poll all the time to send punctually, since it was not given a processor of"
                    + " its own: then it sends up to 1 ms late");
        }
        if (span.notOffered > 0) {
            notes.add(Units.plural(span.notOffered, "message") + " due on connections that were lost were not sent");
        }
        if (span.abandoned > 0) {
            notes.add(Units.plural(span.abandoned, "message") + " still under way when the run was ended: their replies"
                    + " were not waited for");
        }
    }
}
