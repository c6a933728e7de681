package org.reactorserver.load.result;

import java.util.List;
import org.reactorserver.load.plan.Slo;

/**
 * What a server did at one rate.
 *
 * @param rate messages a second that were offered
 * @param answered replies a second
 * @param response response times; nothing is claimed if the server did not keep up
 * @param verdict that of the run
 * @param why the weightiest reason if it is not PASS, else empty
 */
public record RateStep(double rate, double answered, Latency response, Verdict verdict, String why) {
    /** The step that a run of the open model was. */
    public static RateStep of(Report report) {
        List<String> reasons = report.reasons();
        return new RateStep(
                report.traffic().offeredPerSecond(),
                report.traffic().answeredPerSecond(),
                report.response(),
                report.verdict(),
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
