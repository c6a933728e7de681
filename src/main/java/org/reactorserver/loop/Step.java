package org.reactorserver.loop;

/** The steps of a pass, in the order in which {@link EventLoop#pass} takes them. */
public enum Step {
    /** Waits for news, or until the next timer, or not at all if something is left to do. */
    SELECT,
    /** What stands behind each ready key accepts, or reads and decodes. */
    READY_KEYS,
    /** The sessions that have messages go to the workers, together. */
    HAND_OFF,
    /** What other threads have posted is taken. */
    LETTERS,
    /** What is due is done. */
    TIMERS,
    /** What was touched in this pass is written out, advanced, and asked for anew. */
    SETTLE
}
