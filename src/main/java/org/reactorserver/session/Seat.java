package org.reactorserver.session;

/** What the admission has given to a connection. */
public enum Seat {
    /** Nothing: it was refused. */
    REFUSED,
    /** Room while it arrives; its address may not be known yet. */
    ARRIVING,
    /** The same, and it counts for its address. */
    KNOWN,
    /** A place in the queue. */
    QUEUED,
    /** A place among those that are served, which stays empty for the gap when it leaves. */
    TAKEN,
    /** Such a place, of which it made no use: the peer had ended its stream when its turn came. */
    UNUSED;

    /** Whether it counts for its address. */
    boolean isKnown() {
        return this.compareTo(KNOWN) >= 0;
    }

    public boolean isAdmitted() {
        return this.compareTo(QUEUED) >= 0;
    }

    public boolean isServed() {
        return this == TAKEN || this == UNUSED;
    }
}
