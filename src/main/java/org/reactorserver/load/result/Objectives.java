package org.reactorserver.load.result;

import java.util.List;
import java.util.OptionalDouble;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.text.Units;

/** Compares objectives with what a run has shown. */
public final class Objectives {
    private Objectives() {}

    /** What came of an objective; it is not met if there is no data for it. */
    static Slo.Result check(Slo objective, Report report, Tally tally) {
        if (objective.kind() == Slo.Kind.LATENCY && report.isOverloaded()) {
            return objective.result("the server did not keep up, so there is none", false);
        }
        OptionalDouble value = switch (objective.kind()) {
            case LATENCY -> nanos(objective, report.response() != null, tally);
            case COUNT -> OptionalDouble.of(count(objective.metric(), report));
            case SHARE -> share(objective.metric(), report);
            case RATE ->
                OptionalDouble.of(
                        objective.metric().equals("sent/s")
                                ? report.traffic().sentPerSecond()
                                : report.traffic().answeredPerSecond());
        };
        if (value.isEmpty()) {
            return objective.result("no data", false);
        }
        double observed = value.getAsDouble();
        return objective.result(shown(objective, observed), objective.holds(observed));
    }

    private static String shown(Slo objective, double observed) {
        return switch (objective.kind()) {
            case LATENCY -> Units.nanos((long) observed);
            case COUNT -> Units.count((long) observed);
            case SHARE -> Units.percent(observed);
            case RATE -> Units.perSecond(observed) + " a second";
        };
    }

    /** The first of these objectives that is lost by now, and what was observed; null if none is. Reporting thread. */
    public static String lost(List<Slo> objectives, boolean isOpen, Tally tally) {
        for (Slo objective : objectives) {
            String observed = lost(objective, isOpen, tally);
            if (observed != null) {
                return "objective " + objective + " is lost: " + observed;
            }
        }
        return null;
    }

    /**
     * Whether an objective is lost while the run goes on: of latencies and errors, as far as there are enough of them
     * to tell. Returns what was observed, or null.
     */
    private static String lost(Slo objective, boolean isOpen, Tally tally) {
        OptionalDouble value = OptionalDouble.empty();
        if (objective.kind() == Slo.Kind.LATENCY) {
            value = nanos(objective, isOpen, tally);
        } else if (objective.metric().equals("errors") && tally.all.sent > 0) {
            boolean isShare = objective.kind() == Slo.Kind.SHARE;
            value = OptionalDouble.of(isShare ? (double) tally.all.errors / tally.all.sent : tally.all.errors);
        }
        if (value.isEmpty() || objective.holds(value.getAsDouble())) {
            return null;
        }
        return shown(objective, value.getAsDouble());
    }

    private static OptionalDouble nanos(Slo objective, boolean isOpen, Tally tally) {
        boolean ofResponse = objective.isOfResponse(isOpen);
        Samples samples = ofResponse ? tally.all.response : tally.all.service;
        Latency latency = Latency.of(samples);
        long value = objective.share().isPresent()
                ? Latency.claim(samples, objective.share().getAsDouble())
                : switch (objective.metric()) {
                    case "min" -> latency.min();
                    case "mean" -> latency.mean();
                    default -> latency.max();
                };
        boolean any = samples.count() > 0 && value >= 0;
        return any ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static OptionalDouble share(String metric, Report report) {
        long sent = report.messages().sent();
        return sent == 0 ? OptionalDouble.empty() : OptionalDouble.of(count(metric, report) / (double) sent);
    }

    private static long count(String metric, Report report) {
        Report.Messages messages = report.messages();
        return switch (metric) {
            case "errors" ->
                report.errors().stream().mapToLong(Report.ErrorCount::count).sum();
            case "sent" -> messages.sent();
            case "matched" -> messages.matched();
            case "mismatched" -> messages.mismatched();
            case "late" -> messages.late();
            case "unanswered" -> messages.unanswered();
            default -> messages.lost();
        };
    }
}
