package org.reactorserver.load.measure;

/**
 * When a run did what, and how far it came. Nanoseconds of the loop's clock. Loop only, until it has
 * ended.
 */
public final class Span {
    /** The zero of the report's times: the intended end of the warm-up. */
    public long start;

    /** The measured span; both 0 if it was never reached. */
    public long from;

    public long to;
    public long drainFrom;
    public long drainDeadline;
    public long drainTo;
    public long lastReply;
    public boolean stoppedEarly;
    public boolean allLost;

    /** Open model: so many messages were without a reply that the run was ended. */
    public boolean overrun;

    /** Messages that were still under way when the run was ended early: nobody waited for their replies. */
    public long abandoned;

    /** Why the run was broken off before its time; null if it was not. */
    public String aborted;

    /** Why the client itself could not go on; null if it could. */
    public String failure;

    /** Messages that were meant to be sent in the measured span and were. */
    public long sent;

    /** Open model: measured messages that were meant to be sent by the end of sending. */
    public long due;

    /** Open model: messages that were due on connections that had ended. */
    public long notOffered;

    /** Open model: polling to be punctual was given up for a time, since the processor was not to be had. */
    public boolean pollingGivenUp;

    public int opened;
    public int connectionsLost;

    /** Connections that were ended on purpose and opened again. */
    public long reopened;

    /** What this process used in the measured span; null if it was never reached. */
    public Health.Reading used;

    /** Adds what another thread of the same run has to say. */
    void add(Span other) {
        from = from == 0 ? other.from : other.from == 0 ? from : Math.min(from, other.from);
        to = Math.max(to, other.to);
        drainFrom = Math.max(drainFrom, other.drainFrom);
        drainTo = Math.max(drainTo, other.drainTo);
        lastReply = Math.max(lastReply, other.lastReply);
        stoppedEarly |= other.stoppedEarly;
        allLost &= other.allLost;
        overrun |= other.overrun;
        abandoned += other.abandoned;
        aborted = aborted == null ? other.aborted : aborted;
        failure = failure == null ? other.failure : failure;
        sent += other.sent;
        due += other.due;
        notOffered += other.notOffered;
        pollingGivenUp |= other.pollingGivenUp;
        opened += other.opened;
        connectionsLost += other.connectionsLost;
        reopened += other.reopened;
        used = used == null ? other.used : other.used == null ? used : used.with(other.used);
    }

    public double seconds() {
        return (to - from) / 1e9;
    }

    public double drainSeconds() {
        return drainFrom == 0 ? 0 : (drainTo - drainFrom) / 1e9;
    }
}
