package org.reactorserver;

import java.time.Duration;

/**
 * What became of the sessions when the server shut down.
 *
 * @param sessions how many were open when the drain began
 * @param repliesFlushed messages to clients that were still written
 * @param messagesDropped messages that had been decoded and were never given to the handler
 * @param repliesDropped messages to clients that were queued and could not be written
 * @param forced how many sessions were cut off at the deadline
 * @param took how long it took
 */
public record DrainReport(
        int sessions, long repliesFlushed, long messagesDropped, long repliesDropped, int forced, Duration took) {

    /** Whether nothing was lost. */
    public boolean isClean() {
        return messagesDropped == 0 && repliesDropped == 0 && forced == 0;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "drained %d sessions in %d ms: %d replies flushed, %d messages and %d replies dropped, %d sessions forced"
                .formatted(sessions, took.toMillis(), repliesFlushed, messagesDropped, repliesDropped, forced);
    }
}
