package org.reactorserver;

/** How far a session has come. It only ever goes forward, and may skip any state. States may be added. */
public enum SessionState {
    /** Connected; its address may be unknown yet, and its transport is not established. */
    ARRIVING,
    /** Admitted, not its turn yet: reads until its buffer is full, decodes nothing. */
    WAITING,
    /** Reads, decodes, hands off, writes. */
    OPEN,
    /** Reads no more; what was decoded is handled, what was sent is written. */
    DRAINING,
    /**
     * Has ended its own stream and discards what still arrives, until the peer ends too: a close with unread input
     * would be a reset, which can destroy replies under way.
     */
    LINGERING,
    /** The channel is closed; the handler's onClose is called after the last message. */
    CLOSED,
    /** The handler has been told. */
    GONE
}
