package org.reactorserver.engine;

import java.nio.channels.SelectionKey;
import org.reactorserver.SessionState;
import org.reactorserver.session.Settings;

/**
 * What a connection has a limited time for, in order: of several that have passed, the
 * first one counts. A time of zero in the settings is no limit, but for lingering, where it is no time.
 */
enum Deadline {
    /** To send its PROXY header, and to complete its handshake. */
    ARRIVAL("arrival"),
    /** To end its stream after the server has ended its own. */
    LINGER("linger"),
    /** To take some of the bytes that wait for it. */
    WRITE("write"),
    /** To complete a message that has begun; and for the selector to report something. */
    BYTES("message"),
    /** To exchange any byte while nothing waits to be handled, answered or written. */
    IDLE("idle"),
    /** To begin a message while nothing waits to be handled or answered. */
    READ_IDLE("read idle"),
    /** None of the peer's: until the handler is told that nothing was sent. */
    WRITE_IDLE("write idle"),
    /** None of the peer's: until more of its messages may be decoded. */
    PACE("pace");

    /** What is left of a deadline that is not running. */
    static final long NEVER = Long.MAX_VALUE;

    /** How often what the selector has not proved to watch is looked at, where no deadline says so. */
    static final long PROBE_NANOS = 30_000_000_000L;

    private static final Deadline[] ALL = values();

    private final String text;

    Deadline(String text) {
        this.text = text;
    }

    /** Its name, for a person. */
    @Override
    public String toString() {
        return text;
    }

    /** How much of the time is left, zero or less if it has passed; {@link #NEVER} if it is not running. */
    long left(Parts of, Settings settings, long now) {
        return switch (this) {
            case ARRIVAL ->
                of.life.is(SessionState.ARRIVING) && of.asked() != 0 // else it is a thread of the server's that is slow
                        ? left(settings.arrivalNanos, of.input.awaitedSince(), now)
                        : NEVER;
            case LINGER -> of.life.is(SessionState.LINGERING) ? settings.lingerNanos - (now - of.life.since()) : NEVER;
            case WRITE ->
                of.output.isBlocked()
                        ? left(writeLimit(settings.writeNanos, of.isProven()), of.output.since(), now)
                        : NEVER;
            case BYTES ->
                bytesLeft(
                        settings.messageNanos,
                        of.isProven(),
                        of.isIncomplete(),
                        isReading(of),
                        of.input.awaitedSince(),
                        now);
            case PACE ->
                of.life.is(SessionState.OPEN) && of.input.mayHoldMessages() ? orNever(of.input.nextIn(now)) : NEVER;
            case IDLE -> settings.idleNanos > 0 && isIdle(of) ? left(settings.idleNanos, of.life.since(), now) : NEVER;
            case READ_IDLE ->
                settings.readIdleNanos > 0 && isReadIdle(of)
                        ? left(settings.readIdleNanos, of.input.awaitedSince(), now)
                        : NEVER;
            case WRITE_IDLE ->
                settings.writeIdleNanos > 0 && isWriteIdle(of)
                        ? left(settings.writeIdleNanos, of.output.since(), now)
                        : NEVER;
        };
    }

    static long left(long limit, long since, long now) {
        return limit == 0 ? NEVER : limit - (now - since);
    }

    /** What the selector has not proved to watch is tried now and then, also without a limit. */
    static long writeLimit(long writeNanos, boolean isProven) {
        return writeNanos > 0 || isProven ? writeNanos : PROBE_NANOS;
    }

    /** Time in which the server does not read is not the peer's. */
    static long bytesLeft(
            long messageNanos, boolean isProven, boolean isIncomplete, boolean isReading, long since, long now) {
        if (!isReading) {
            return NEVER;
        }
        boolean awaitsMessage = isIncomplete && messageNanos > 0;
        long limit = awaitsMessage || !isProven ? (messageNanos > 0 ? messageNanos : PROBE_NANOS) : 0;
        return left(limit, since, now);
    }

    private static long orNever(long left) {
        return left == 0 ? NEVER : left;
    }

    private static boolean isReading(Parts of) {
        return of.life.goesOn() && !of.life.is(SessionState.ARRIVING) && (of.asked() & SelectionKey.OP_READ) != 0;
    }

    private static boolean isReadIdle(Parts of) {
        return of.life.is(SessionState.OPEN) && isReading(of) && !of.isIncomplete() && of.session.isAtRest();
    }

    private static boolean isWriteIdle(Parts of) {
        return of.life.is(SessionState.OPEN) && of.session.lane.isIdle() && of.session.outbox.isEmpty();
    }

    private static boolean isIdle(Parts of) {
        return of.life.is(SessionState.OPEN)
                && of.life.goesOn()
                && of.session.isAtRest()
                && of.session.outbox.isEmpty()
                && !of.transport.holdsOutput()
                && !of.transport.isReadBlocked()
                && of.mayRead(); // else it is the server that does not read
    }

    /** How much is left of the earliest one. */
    static long leastLeft(Parts of, Settings settings, long now) {
        long least = NEVER;
        for (Deadline deadline : ALL) {
            least = Math.min(least, deadline.left(of, settings, now));
        }
        return least;
    }

    /** The first one that has passed; null if none has. */
    static Deadline passed(Parts of, Settings settings, long now) {
        for (Deadline deadline : ALL) {
            if (deadline.left(of, settings, now) <= 0) {
                return deadline;
            }
        }
        return null;
    }
}
