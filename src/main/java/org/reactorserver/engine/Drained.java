package org.reactorserver.engine;

import java.time.Duration;
import org.reactorserver.DrainReport;
import org.reactorserver.text.Plural;

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
        return "drained %s in %d ms: %s flushed, %s and %s dropped, %s forced"
                        .formatted(
                                Plural.of(sessions, "session"),
                                took.toMillis(),
                                Plural.of(repliesFlushed, "reply"),
                                Plural.of(messagesDropped, "message"),
                                Plural.of(repliesDropped, "reply"),
                                Plural.of(forced, "session"))
                + (unanswered == 0 ? "" : ", " + Plural.of(unanswered, "request") + " never answered")
                + (running == 0 ? "" : ", " + Plural.of(running, "handler") + " still running");
    }
}
