package org.reactorserver.bench.report;

import java.util.Map;

/**
 * One measurement of one server in one round, or the reason why there is none.
 *
 * @param values empty if it failed
 * @param problem why there are no values; null if there are
 * @param note what the reader must know to judge the values; null if there is nothing to say
 */
public record Sample(
        String scenario, String server, int round, Map<Metric, Double> values, String problem, String note) {

    public static Sample of(String scenario, String server, int round, Map<Metric, Double> values) {
        return new Sample(scenario, server, round, values, null, null);
    }

    public static Sample failed(String scenario, String server, int round, String problem) {
        return new Sample(scenario, server, round, Map.of(), problem, null);
    }
}
