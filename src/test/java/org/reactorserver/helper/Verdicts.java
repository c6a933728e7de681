package org.reactorserver.helper;

import static org.assertj.core.api.Assertions.assertThat;

import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** What a run of the load client shows on a machine that may have other things to do. */
public final class Verdicts {
    private Verdicts() {}

    /** The server did nothing wrong; that this client was held up is the machine's doing. */
    public static void assertFine(Report report) {
        assertThat(report.verdict()).as("%s", report.reasons()).isIn(Verdict.PASS, Verdict.INVALID);
        assertThat(report.errors()).isEmpty();
    }
}
