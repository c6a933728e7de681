package org.reactorserver.load.result;

import java.util.OptionalDouble;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.text.Units;

/** Compares objectives with what a run has shown. */
final class Objectives {
    private Objectives() {}

    /** What came of an objective; it is not met if there is no data for it. */
    static Slo.Result check(Slo objective, Report report, Tally tally) {
        if (objective.kind() == Slo.Kind.LATENCY && report.isOverloaded()) {
            return objective.result("the server did not keep up, so there is none", false);
        }
        OptionalDouble value = switch (objective.kind()) {
            case LATENCY -> nanos(objective, report, tally);
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
        String shown = switch (objective.kind()) {
            case LATENCY -> Units.nanos((long) observed);
            case COUNT -> Units.count((long) observed);
            case SHARE -> Units.percent(observed);
            case RATE -> Units.perSecond(observed) + " a second";
        };
        return objective.result(shown, objective.holds(observed));
    }

    private static OptionalDouble nanos(Slo objective, Report report, Tally tally) {
        boolean ofResponse = objective.isOfResponse(report.response() != null);
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
