package org.reactorserver.load;

/**
 * What became of every message that was sent, warm-up included. Each is in exactly one of five places,
 * so {@code sent = matched + mismatched + late + unanswered + lost} at the end. Loop only, until the
 * loop has ended.
 */
final class Ledger {
    long sent;
    long matched; // the right reply, in time
    long mismatched; // another reply in its place
    long late; // the right reply, after the timeout
    long unanswered; // passed over, or none until the end
    long lost; // its connection ended first

    long extra; // replies beyond one per message: they belong to no message
    long oldestUnanswered; // nanoseconds; of those that were waited for until the end

    long answered() {
        return matched + late;
    }

    long accountedFor() {
        return matched + mismatched + late + unanswered + lost;
    }

    boolean addsUp() {
        return sent == accountedFor();
    }
}
