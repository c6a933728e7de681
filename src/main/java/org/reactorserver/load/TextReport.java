package org.reactorserver.load;

import java.util.List;
import java.util.Locale;

/** A report for people at a terminal: the verdict first. */
public final class TextReport {
    private static final String LABEL = "  %-13s %s%n";
    private static final String LATENCIES = "  %-10s %11s %9s %9s %9s %9s %9s %9s%n";
    private static final int STALLS_SHOWN = 10;

    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private TextReport(Report report) {
        this.report = report;
    }

    /** The report as lines of text. */
    public static String of(Report report) {
        TextReport text = new TextReport(report);
        text.verdict();
        text.run();
        text.load();
        text.latency();
        text.messages();
        text.errors();
        text.stalls();
        text.generator();
        return text.out.toString();
    }

    private void verdict() {
        out.append(report.verdict()).append('\n');
        report.reasons().forEach(reason -> out.append("  ").append(reason).append('\n'));
        for (Slo.Result result : report.objectives()) {
            out.append("  ").append(result.met() ? "met      " : "not met  ");
            out.append(result.objective())
                    .append(": ")
                    .append(result.observed())
                    .append('\n');
        }
        report.notes().forEach(note -> out.append("  note: ").append(note).append('\n'));
    }

    private void run() {
        section("Run");
        label("target", report.target() + ", " + report.plan().framing + " framing");
        Report.Connections connections = report.connections();
        label(
                "connections",
                Units.count(connections.opened()) + " opened of " + Units.count(connections.asked())
                        + ", " + Units.count(connections.lost()) + " lost");
        label("model", model(report.plan()));
        label("messages", messages(report.plan()));
        label("seed", Long.toString(report.plan().seed));
        label("again", report.command());
    }

    static String model(LoadPlan plan) {
        if (plan.isOpenModel()) {
            return "open: " + Units.perSecond(plan.rate)
                    + " messages a second in all, sent by the clock";
        }
        String think =
                plan.thinkNanos == 0 ? "" : ", after a pause of " + Units.nanos(plan.thinkNanos);
        return "closed: " + Units.plural(plan.depth, "message") + " outstanding on each connection"
                + ", the next when one is answered" + think;
    }

    static String messages(LoadPlan plan) {
        String message = plan.message == null
                ? Units.plural(plan.size, "byte")
                : "'" + Units.printable(plan.message) + "'";
        String reply = plan.expectEcho
                ? "the same"
                : plan.expect == null ? "anything" : "'" + Units.printable(plan.expect) + "'";
        String behaviour =
                plan.misbehaviour == Misbehaviour.NONE ? "" : "; misbehaves: " + plan.misbehaviour;
        return message + ", reply expected: " + reply + behaviour;
    }

    private void load() {
        Report.Traffic traffic = report.traffic();
        section("Load");
        label(
                "span",
                seconds(traffic.seconds()) + " measured, after "
                        + seconds(traffic.warmUpSeconds()) + " of warm-up; then "
                        + seconds(traffic.drainSeconds()) + " for the last replies");
        if (traffic.offeredPerSecond() > 0) {
            label("offered", Units.perSecond(traffic.offeredPerSecond()) + " a second");
        }
        label("sent", Units.perSecond(traffic.sentPerSecond()) + " a second");
        label("answered", Units.perSecond(traffic.answeredPerSecond()) + " a second");
        label(
                "bytes",
                Units.bytes(traffic.bytesSent()) + " sent, " + Units.bytes(traffic.bytesReceived())
                        + " received, in the whole run");
    }

    private void latency() {
        section("Latency");
        out.append(String.format(LATENCIES, "", "n", "min", "p50", "p90", "p99", "p99.9", "max"));
        if (report.response() != null) {
            row("response", report.response());
        }
        row("service", report.service());
        row("connect", report.connect());
        out.append("  ").append(explanation(report)).append('\n');
        out.append("  Warm-up left out: ")
                .append(Units.plural(report.traffic().warmUpSamples(), "sample"))
                .append(". '-': fewer than 10 samples lie beyond. Clock: nanoTime.\n");
    }

    /** What the figures are, in one sentence. */
    static String explanation(Report report) {
        return report.response() == null
                ? "Closed model: service time only, from the actual send to the reply; what a slow"
                        + " reply kept from being sent is not in it, and nothing is back-filled."
                : "Open model: response time counts from when a message was meant to be sent,"
                        + " service time from when it was; a user waits for the response time.";
    }

    private void row(String name, Latency latency) {
        out.append(String.format(
                LATENCIES,
                name,
                Units.count(latency.n()),
                duration(latency.min()),
                duration(latency.p50()),
                duration(latency.p90()),
                duration(latency.p99()),
                duration(latency.p999()),
                duration(latency.max())));
    }

    private void messages() {
        Report.Messages m = report.messages();
        section("Messages");
        out.append("  ").append(ledger(m)).append('\n');
        out.append(m.addUp() ? "  It adds up" : "  IT DOES NOT ADD UP");
        out.append(", warm-up included.");
        if (m.extra() > 0) {
            out.append(" Beyond that, ").append(Units.count(m.extra()));
            out.append(m.extra() == 1 ? " reply belongs" : " replies belong");
            out.append(" to no message.");
        }
        if (m.oldestUnanswered() > 0) {
            out.append(" The oldest unanswered message had waited for ");
            out.append(Units.nanos(m.oldestUnanswered())).append('.');
        }
        out.append('\n');
    }

    static String ledger(Report.Messages m) {
        return Units.count(m.sent()) + " sent = " + Units.count(m.matched()) + " matched + "
                + Units.count(m.mismatched()) + " mismatched + " + Units.count(m.late())
                + " late + " + Units.count(m.unanswered()) + " unanswered + "
                + Units.count(m.lost()) + " lost at disconnect";
    }

    private void errors() {
        section("Errors");
        if (report.errors().isEmpty()) {
            out.append("  none\n");
        }
        for (Report.ErrorCount error : report.errors()) {
            label(Units.count(error.count()), error.kind() + ", " + when(error));
            label("", "e.g. " + Units.printable(error.sample()));
        }
    }

    static String when(Report.ErrorCount error) {
        return error.count() == 1
                ? "at " + seconds(error.atFirst())
                : "from " + seconds(error.atFirst()) + " to " + seconds(error.atLast());
    }

    private void stalls() {
        section("Stalls");
        List<Report.Stall> stalls = report.stalls();
        if (stalls.isEmpty()) {
            out.append("  none: no connection waited ");
            out.append(Units.nanos(Stalls.LEAST)).append(" or more, and ");
            out.append(Stalls.USUAL_TIMES).append(" times the median, without a reply\n");
        }
        stalls.stream()
                .limit(STALLS_SHOWN)
                .forEach(stall ->
                        out.append("  ").append(describe(stall, report)).append('\n'));
        long more = stalls.size() - STALLS_SHOWN + report.forgottenStalls();
        if (stalls.size() > STALLS_SHOWN) {
            out.append("  and ").append(Units.count(more)).append(" more\n");
        }
    }

    static String describe(Report.Stall stall, Report report) {
        String own = stall.clientLag() == 0
                ? "client lag under 2 ms"
                : "client lag " + Units.nanos(stall.clientLag());
        return String.format(
                Locale.ROOT,
                "%.3f–%.3f s: no reply for %s on %s of %s; %s, so %s",
                stall.atStart(),
                stall.atEnd(),
                Units.nanos(Math.round((stall.atEnd() - stall.atStart()) * 1e9)),
                Units.count(stall.connections()),
                Units.plural(report.connections().opened(), "connection"),
                own,
                stall.isOwnFault() ? "this client or its machine" : "server or network");
    }

    private void generator() {
        section("Generator");
        generator(report).forEach(line -> out.append("  ").append(line).append('\n'));
    }

    /** How this client was doing, a line for each thing. */
    static List<String> generator(Report report) {
        Report.Generated own = report.generator();
        String lag = own.lagIsOfSends()
                ? "sent after the intended time: p50 "
                : "its timer late (to the millisecond at best): p50 ";
        return List.of(
                own.lag().n() == 0
                        ? "no lag was measured"
                        : lag + duration(own.lag().p50()) + ", p99 "
                                + duration(own.lag().p99()) + ", max "
                                + duration(own.lag().max()),
                Units.plural(own.collections(), "garbage collection") + ", "
                        + Units.nanos(own.collecting()) + " in all",
                own.processCpuShare() < 0
                        ? "the system does not tell what processor time was used"
                        : "processor: its thread " + Units.percent(own.loopCpuShare())
                                + " of one, the process " + Units.percent(own.processCpuShare())
                                + ", " + Units.nanos(own.cpuPerMessage()) + " a message"
                                + (own.lagIsOfSends() ? " (it polls to be punctual)" : ""));
    }

    private void section(String name) {
        out.append('\n').append(name).append('\n');
    }

    private void label(String name, String value) {
        out.append(String.format(LABEL, name, value));
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }

    static String duration(long nanos) {
        return nanos < 0 ? "-" : Units.nanos(nanos);
    }
}
