package org.reactorserver;

/** The steps of the loop's pass, in their order; each has its turn in each pass, also if there is nothing to do. */
public enum PassStep {
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
