package org.reactorserver.load.measure;

/**
 * What became of every message that was sent, warm-up included. Each is in exactly one of five places,
 * so {@code sent = matched + mismatched + late + unanswered + lost} at the end. Loop only, until the
 * loop has ended.
 */
public final class Ledger {
    public long sent;
    public long matched; // the right reply, in time
    public long mismatched; // another reply in its place
    public long late; // the right reply, after the timeout
    public long unanswered; // passed over, or none until the end
    public long lost; // its connection ended first

    public long unwritten; // cut off before they were written in full: not sent
    public long extra; // replies beyond one per message: they belong to no message
    public long oldestUnanswered; // nanoseconds; of those that were waited for until the end

    /** Adds what another thread has counted. */
    void add(Ledger other) {
        sent += other.sent;
        matched += other.matched;
        mismatched += other.mismatched;
        late += other.late;
        unanswered += other.unanswered;
        lost += other.lost;
        unwritten += other.unwritten;
        extra += other.extra;
        oldestUnanswered = Math.max(oldestUnanswered, other.oldestUnanswered);
    }
}
