package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.reactorserver.load.measure.Stalls;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.text.Units;
import org.reactorserver.text.Printable;

/** What a report says in words, the same in every form in which it is printed. */
final class Phrases {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What it means that there is no stall. */
    static final String NO_STALL = "there was no time of " + Stalls.LEAST / NANOS_PER_MILLI + " ms, and "
            + Stalls.USUAL_TIMES + " times the median, in which replies were waited for and none came";

    private Phrases() {}

    static String model(LoadPlan plan) {
        if (plan.isOpenModel()) {
            String first = plan.rateAtFirst() == plan.rate() ? "" : Units.perSecond(plan.rateAtFirst()) + " to ";
            return "open: " + first + Units.perSecond(plan.rate()) + " messages a second in all, sent by the clock"
                    + (plan.hasRandomArrivals() ? ", at random" : "");
        }
        String think = plan.thinkNanos() == 0 ? "" : ", after a pause of " + Units.nanos(plan.thinkNanos());
        return "closed: " + Units.plural(plan.depth(), "message") + " outstanding on each connection"
                + ", the next when one is answered" + think;
    }

    /** How messages are told apart, behind a comma; empty if bytes are sent as they were given. */
    static String framing(LoadPlan plan) {
        return plan.scenario() != null || plan.escaped() ? "" : ", " + plan.framing() + " framing";
    }

    static String messages(LoadPlan plan) {
        if (plan.scenario() != null) {
            String name = plan.scenario().name();
            return "those of the scenario "
                    + Printable.escape(name.isEmpty() ? plan.scenario().text() : name)
                    + (plan.misbehaviour() == Misbehaviour.NONE ? "" : "; misbehaves: " + plan.misbehaviour());
        }
        String message = plan.message() == null
                ? Units.plural(plan.size(), "byte")
                : "'" + Printable.escape(plan.message()) + "'";
        String reply = plan.expectEcho()
                ? "the same"
                : plan.expect() == null
                        ? "anything, up to its end: "
                                + Printable.escape(plan.replyEnd().toString())
                        : "'" + Printable.escape(plan.expect()) + "'";
        String behaviour = plan.misbehaviour() == Misbehaviour.NONE ? "" : "; misbehaves: " + plan.misbehaviour();
        return message + ", reply expected: " + reply + behaviour;
    }

    static String connections(Report.Connections connections) {
        return Units.count(connections.opened()) + " opened of "
                + Units.count(connections.asked()) + ", " + Units.count(connections.lost())
                + " lost"
                + (connections.reopened() > 0
                        ? ", " + Units.plural(connections.reopened(), "time") + " one ended as planned and opened again"
                        : "");
    }

    static String span(Report.Traffic traffic) {
        return seconds(traffic.seconds()) + " measured, after "
                + seconds(traffic.warmUpSeconds()) + " of warm-up; then "
                + Units.nanos(Math.round(traffic.drainSeconds() * 1e9))
                + " for the last replies";
    }

    static String rates(Report.Traffic traffic) {
        String offered =
                traffic.offeredPerSecond() > 0 ? Units.perSecond(traffic.offeredPerSecond()) + " offered, " : "";
        return offered + Units.perSecond(traffic.sentPerSecond()) + " sent, "
                + Units.perSecond(traffic.answeredPerSecond()) + " answered";
    }

    static String bytes(Report.Traffic traffic) {
        return Units.bytes(traffic.bytesSent()) + " sent, " + Units.bytes(traffic.bytesReceived())
                + " received, in the whole run";
    }

    /** What the latencies are, in one sentence. */
    static String explanation(Report report) {
        if (report.isOverloaded()) {
            return "None are given: more and more messages waited for a reply, so they would only measure how long the"
                    + " run was. Over time, the page shows them.";
        }
        if (report.plan().scenario() == null && report.plan().replyEnd() == ReplyEnd.NONE) {
            return "There are no replies: times are those until the system had taken the last byte of a message.";
        }
        return report.response() == null
                ? "Closed model: service time only, from the actual send to the reply; what a slow"
                        + " reply kept from being sent is not in it, and nothing is back-filled."
                : "Open model: response time counts from when a message was meant to be sent,"
                        + " service time from when it was; a user waits for the response time.";
    }

    static String ledger(Report.Messages m) {
        return Units.count(m.sent()) + " sent = " + Units.count(m.matched()) + " matched + "
                + Units.count(m.mismatched()) + " mismatched + " + Units.count(m.late())
                + " late + " + Units.count(m.unanswered()) + " unanswered + "
                + Units.count(m.lost()) + " lost at disconnect";
    }

    /** Whether the ledger adds up, and what stands beside it. */
    static String balance(Report.Messages m) {
        StringBuilder text = new StringBuilder(m.addUp() ? "It adds up" : "IT DOES NOT ADD UP");
        text.append(", warm-up included.");
        if (m.unwritten() > 0) {
            text.append(" Beyond that, ").append(Units.plural(m.unwritten(), "message"));
            text.append(" could not be written in full.");
        }
        if (m.extra() > 0) {
            text.append(" Beyond that, ").append(Units.count(m.extra()));
            text.append(m.extra() == 1 ? " reply belongs" : " replies belong");
            text.append(" to no message.");
        }
        if (m.oldestUnanswered() > 0) {
            text.append(" The oldest unanswered message had waited for ");
            text.append(Units.nanos(m.oldestUnanswered())).append('.');
        }
        return text.toString();
    }

    static String when(Report.ErrorCount error) {
        return error.count() == 1
                ? "at " + seconds(error.atFirst())
                : "from " + seconds(error.atFirst()) + " to " + seconds(error.atLast());
    }

    /** The longest stalls in order of time, and how many there are beside them. */
    static List<String> stalls(Report report, int most) {
        List<String> lines = new ArrayList<>();
        report.stalls().stream()
                .sorted(Comparator.comparingDouble(Report.Stall::seconds).reversed())
                .limit(most)
                .sorted(Comparator.comparingDouble(Report.Stall::atStart))
                .forEach(stall -> lines.add(stall(stall, report)));
        long more = report.stalls().size() - lines.size() + report.forgottenStalls();
        if (more > 0) {
            lines.add("and " + Units.count(more) + " more, which are shorter");
        }
        return lines;
    }

    static String stall(Report.Stall stall, Report report) {
        String own = stall.clientLag() == 0
                ? "client lag under " + Stalls.NOTABLE_LAG / NANOS_PER_MILLI + " ms"
                : "client lag " + Units.nanos(stall.clientLag());
        return String.format(
                Locale.ROOT,
                "%.3f–%.3f s: no reply for %s, %s of %s waiting at its end; %s, so %s",
                stall.atStart(),
                stall.atEnd(),
                Units.nanos(Math.round((stall.atEnd() - stall.atStart()) * 1e9)),
                Units.count(stall.connections()),
                Units.plural(report.connections().opened(), "connection"),
                own,
                stall.isOwnFault() ? "this client or its machine" : "server or network");
    }

    /** How long single connections waited, whatever others did; null if none did so for long. */
    static String waits(Report report) {
        Report.Waits waits = report.waits();
        if (waits.count() == 0) {
            return null;
        }
        return Units.count(waits.connections()) + " of "
                + Units.plural(report.connections().opened(), "connection")
                + " waited for a reply for " + Units.nanos(waits.least()) + " or more, "
                + Units.plural(waits.count(), "time") + " in all; the longest wait was " + Units.nanos(waits.longest());
    }

    /** How this client was doing, a line for each thing. */
    static List<String> generator(Report report) {
        if (report.traffic().seconds() == 0) {
            return List.of("nothing was measured");
        }
        Report.Generated own = report.generator();
        List<String> lines = new ArrayList<>();
        if (own.sendLag() != null) {
            lines.add(lag("send lag (the actual send after the intended one)", own.sendLag()));
        }
        lines.add(lag("loop lag (asked every 2 ms; a timer is up to 1 ms late by nature)", own.loopLag()));
        String threads = report.plan().threads() == 1 ? "its thread" : "its threads";
        if (own.waited() >= 0) {
            lines.add(threads + " waited " + Units.nanos(own.waited()) + " for a processor, which was taken from it "
                    + Units.plural(own.preempted(), "time")
                    + (own.stolen() > 0 ? "; the hypervisor took " + Units.nanos(own.stolen()) : ""));
        }
        lines.add(Units.plural(own.collections(), "garbage collection") + ", " + Units.nanos(own.collecting())
                + " in all");
        lines.add(
                own.processCpuShare() < 0
                        ? "the system does not tell what processor time was used"
                        : "processor: " + (report.plan().threads() == 1 ? "its thread " : "the busiest of its threads ")
                                + Units.percent(own.loopCpuShare())
                                + " of one, the process " + Units.percent(own.processCpuShare())
                                + (own.cpuPerMessage() < 0
                                        ? ""
                                        : ", " + Units.nanos(own.cpuPerMessage()) + " a message")
                                + (own.sendLag() != null ? " (it polls to be punctual)" : ""));
        return lines;
    }

    private static String lag(String name, Latency lag) {
        return lag.n() == 0
                ? "no " + name + " was measured"
                : name + ": p50 " + duration(lag.p50()) + ", p99 " + duration(lag.p99()) + ", max "
                        + duration(lag.max());
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }

    /** How many, least, p50, p90, p99, p99.9 and greatest. */
    static List<String> figures(Latency latency) {
        return List.of(
                Units.count(latency.n()),
                duration(latency.min()),
                duration(latency.p50()),
                duration(latency.p90()),
                duration(latency.p99()),
                duration(latency.p999()),
                duration(latency.max()));
    }

    static String duration(long nanos) {
        return nanos < 0 ? "-" : Units.nanos(nanos);
    }
}
