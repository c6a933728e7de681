package org.reactorserver.engine;

import org.reactorserver.engine.Life.State;

/**
 * What a connection has a limited time for, in the order of blame: of several that have passed, the
 * first one counts.
 */
enum Deadline {
    /** To end its stream after the server has ended its own. */
    LINGER,
    /** To take some of the bytes that wait for it. */
    WRITE,
    /** To complete a message that has begun; and for the selector to report something. */
    BYTES,
    /** To exchange any byte. */
    IDLE;

    /** What is left of a deadline that is not running. */
    static final long NEVER = Long.MAX_VALUE;

    private static final Deadline[] ALL = values();

    /** What the deadlines depend on. Times are nanoseconds of the loop's clock. */
    interface Facts {
        State state();

        long lingersSince();

        boolean isBlocked();

        long blockedSince();

        boolean awaitsBytes();

        long awaitedSince();

        long lastActivity();
    }

    /** How much of the time is left, zero or less if it has passed; {@link #NEVER} if it is not running. */
    long left(Facts facts, Settings settings, long now) {
        return switch (this) {
            case LINGER ->
                facts.state() == State.LINGERING ? settings.lingerNanos - (now - facts.lingersSince()) : NEVER;
            case WRITE -> facts.isBlocked() ? settings.writeNanos - (now - facts.blockedSince()) : NEVER;
            case BYTES -> facts.awaitsBytes() ? settings.messageNanos - (now - facts.awaitedSince()) : NEVER;
            case IDLE ->
                facts.state() == State.OPEN && settings.idleNanos > 0
                        ? settings.idleNanos - (now - facts.lastActivity())
                        : NEVER;
        };
    }

    /** How much is left of the earliest one. */
    static long leastLeft(Facts facts, Settings settings, long now) {
        long least = NEVER;
        for (Deadline deadline : ALL) {
            least = Math.min(least, deadline.left(facts, settings, now));
        }
        return least;
    }

    /** The first one that has passed; null if none has. */
    static Deadline passed(Facts facts, Settings settings, long now) {
        for (Deadline deadline : ALL) {
            if (deadline.left(facts, settings, now) <= 0) {
                return deadline;
            }
        }
        return null;
    }
}
