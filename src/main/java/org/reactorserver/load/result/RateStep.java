package org.reactorserver.load.result;

import java.util.List;
import org.reactorserver.load.plan.Slo;

/**
 * What a server did at one rate. A client that was late makes response times longer, never shorter: what is under its
 * limit all the same holds.
 *
 * @param rate messages a second that were offered
 * @param answered replies a second
 * @param response response times; nothing is claimed if the server did not keep up
 * @param verdict that of the run, or PASS if only the client was late, and every objective is a limit that is kept
 * @param why the weightiest reason if the run's was not PASS, else empty
 */
public record RateStep(double rate, double answered, Latency response, Verdict verdict, String why) {
    /** The step that a run of the open model was, with these objectives. */
    public static RateStep of(Report report, List<Slo> objectives) {
        List<String> reasons = report.reasons();
        boolean isKept = report.verdict() == Verdict.INVALID
                && !report.isRateMissed()
                && report.messages().unanswered() == 0
                && objectives.stream().allMatch(Slo::isLimit)
                && report.objectives().stream().allMatch(Slo.Result::met);
        return new RateStep(
                report.traffic().offeredPerSecond(),
                report.traffic().answeredPerSecond(),
                report.response(),
                isKept ? Verdict.PASS : report.verdict(),
                reasons.isEmpty() ? "" : reasons.get(0));
    }

    /** Whether the server did all that was asked for at this rate. */
    public boolean holds() {
        return verdict == Verdict.PASS;
    }

    /**
     * How many messages are needed to judge the objectives.
     *
     * @return enough for ten samples beyond the highest percentile, and for the mean of a few hundred in any case
     */
    public static long messagesToJudge(List<Slo> objectives) {
        double needed = 300;
        for (Slo objective : objectives) {
            if (objective.share().isPresent()) {
                needed = Math.max(
                        needed,
                        1.2 * Latency.LEAST_BEYOND / (1 - objective.share().getAsDouble()));
            }
        }
        return (long) Math.ceil(needed);
    }
}
