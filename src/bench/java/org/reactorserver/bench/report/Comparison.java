package org.reactorserver.bench.report;

import java.util.List;

/**
 * One table: servers as ratios to one of them.
 *
 * @param title above the table; may be empty
 * @param servers null for all of the scenario's
 */
public record Comparison(String title, String baseline, List<String> servers) {

    public static Comparison to(String baseline) {
        return new Comparison("", baseline, null);
    }
}
