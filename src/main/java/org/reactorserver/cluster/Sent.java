package org.reactorserver.cluster;

/**
 * What became of a message that was sent to a shared group.
 *
 * @param here how many members of this instance it was taken for
 * @param elsewhere whether it goes to the other instances
 */
public record Sent(int here, Elsewhere elsewhere) {
    /**
     * Whether a message goes to the other instances. If it does not, they count it among those that they have missed.
     */
    public enum Elsewhere {
        /** It waits for the bus. That is no promise: the bus may lose it. */
        QUEUED,
        /** The bus is not there. */
        BUS_DOWN,
        /** More waits for the bus than may: who sends should wait. */
        QUEUE_FULL,
        /** It is longer than the bus takes. */
        TOO_LONG
    }

    /** Whether it goes to the other instances. */
    public boolean isQueued() {
        return elsewhere == Elsewhere.QUEUED;
    }
}
