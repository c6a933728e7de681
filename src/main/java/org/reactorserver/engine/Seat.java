package org.reactorserver.engine;

/** What the admission has given to a connection. */
enum Seat {
    /** Nothing: it has not arrived. */
    NONE,
    /** Nothing: it was turned away. */
    REFUSED,
    /** A place in the queue. */
    QUEUED,
    /** A place among those that are served, which stays empty for the gap when it leaves. */
    TAKEN,
    /** Such a place, of which it made no use: the peer had ended its stream when its turn came. */
    UNUSED;

    boolean isAdmitted() {
        return this.compareTo(QUEUED) >= 0;
    }

    boolean isServed() {
        return this == TAKEN || this == UNUSED;
    }
}
