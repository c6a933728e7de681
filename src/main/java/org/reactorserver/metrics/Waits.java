package org.reactorserver.metrics;

import java.util.Comparator;
import java.util.stream.Stream;

/** What took longest in the last minute, with handlers and until sessions were handled. Any thread. */
public final class Waits {
    /** Workers come by only for what took as long as this: 100 ms. */
    static final long LONG_NANOS = 100_000_000;

    private final LastMinute<Second> seconds = new LastMinute<>(Second::new);

    private static final class Second {
        private Wait handler = Wait.NONE;
        private Wait turn = Wait.NONE;
    }

    /**
     * How long something took.
     *
     * @param session its number
     * @param nanos for how long; 0 if there was nothing that took long
     * @param messages how many were handled in that time
     */
    public record Wait(long session, long nanos, int messages) {
        static final Wait NONE = new Wait(0, 0, 0);

        private static Wait longest(Stream<Wait> all) {
            return all.max(Comparator.comparingLong(Wait::nanos)).orElse(NONE);
        }

        private Wait or(Wait other) {
            return other.nanos > nanos ? other : this;
        }
    }

    Waits() {}

    synchronized void handled(Wait wait, long now) {
        Second second = seconds.at(now);
        second.handler = second.handler.or(wait);
    }

    synchronized void released(Wait wait, long now) {
        Second second = seconds.at(now);
        second.turn = second.turn.or(wait);
    }

    /** The message that a handler took longest for. */
    public synchronized Wait longestHandler(long now) {
        return Wait.longest(seconds.recent(now).stream().map(each -> each.handler));
    }

    /** What took longest from when a session was ready until its turn with a worker was over. */
    public synchronized Wait longestTurn(long now) {
        return Wait.longest(seconds.recent(now).stream().map(each -> each.turn));
    }
}
