package org.reactorserver.engine;

import java.time.Duration;
import org.reactorserver.DrainReport;

/** What came of a drain. */
record Drained(
        int sessions,
        long repliesFlushed,
        long messagesDropped,
        long repliesDropped,
        int unanswered,
        int forced,
        int running,
        Duration took)
        implements DrainReport {

    /** One line for a person; what is rare is left out when it is not there. */
    @Override
    public String toString() {
        return "drained %d sessions in %d ms: %d replies flushed, %d messages and %d replies dropped, %d sessions forced"
                        .formatted(sessions, took.toMillis(), repliesFlushed, messagesDropped, repliesDropped, forced)
                + (unanswered == 0 ? "" : ", " + unanswered + " requests never answered")
                + (running == 0 ? "" : ", " + running + " handlers still running");
    }
}
