package org.reactorserver.load.result;

import java.util.Locale;
import java.util.OptionalDouble;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.text.Units;

/** Compares objectives with what a run has shown. */
final class Objectives {
    private Objectives() {}

    /** What came of an objective; it is not met if there is no data for it. */
    static Slo.Result check(Slo objective, Report report) {
        OptionalDouble value =
                objective.isLatency() ? nanos(objective, report) : OptionalDouble.of(number(objective, report));
        if (value.isEmpty()) {
            return objective.result("no data", false);
        }
        double observed = value.getAsDouble();
        String shown = objective.isLatency()
                ? Units.nanos((long) observed)
                : objective.metric().endsWith("/s")
                        ? Units.perSecond(observed) + " a second"
                        : Units.count((long) observed);
        return objective.result(shown, objective.holds(observed));
    }

    private static OptionalDouble nanos(Slo objective, Report report) {
        Latency latency = objective.isOfResponse(report.response() != null) ? report.response() : report.service();
        if (latency == null || latency.n() == 0) {
            return OptionalDouble.empty();
        }
        long value = switch (objective.metric().toLowerCase(Locale.ROOT)) {
            case "min" -> latency.min();
            case "p50" -> latency.p50();
            case "p90" -> latency.p90();
            case "p99" -> latency.p99();
            case "max" -> latency.max();
            default -> latency.p999();
        };
        return value < 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static double number(Slo objective, Report report) {
        Report.Messages messages = report.messages();
        return switch (objective.metric()) {
            case "errors" ->
                report.errors().stream().mapToLong(Report.ErrorCount::count).sum();
            case "sent" -> messages.sent();
            case "matched" -> messages.matched();
            case "mismatched" -> messages.mismatched();
            case "late" -> messages.late();
            case "unanswered" -> messages.unanswered();
            case "lost" -> messages.lost();
            case "sent/s" -> report.traffic().sentPerSecond();
            default -> report.traffic().answeredPerSecond();
        };
    }
}
