package org.reactorserver.load;

/**
 * When a run did what, and how far it came. Nanoseconds of the loop's clock. Loop only, until it has
 * ended.
 */
final class Span {
    /** The zero of the report's times: the intended end of the warm-up. */
    long start;

    /** The measured span; both 0 if it was never reached. */
    long from;

    long to;
    long drainFrom;
    long drainDeadline;
    long drainTo;
    long lastReply;
    boolean stoppedEarly;
    boolean allLost;

    /** Messages that were meant to be sent in the measured span and were. */
    long sent;

    /** Open model: measured messages that were meant to be sent by the end of sending. */
    long due;

    /** Open model: messages that were due on connections that had ended. */
    long notOffered;

    int opened;
    int connectionsLost;

    /** What this process used in the measured span; null if it was never reached. */
    Health.Reading used;

    double seconds() {
        return (to - from) / 1e9;
    }

    double drainSeconds() {
        return drainFrom == 0 ? 0 : (drainTo - drainFrom) / 1e9;
    }
}
