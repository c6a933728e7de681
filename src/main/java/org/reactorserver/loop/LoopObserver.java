package org.reactorserver.loop;

/**
 * Sees what the loop itself does. Called on the loop's thread unless a method says otherwise; must be
 * fast and must not throw.
 */
public interface LoopObserver {

    /** A pass begins; the select comes next. */
    default void passBegan() {}

    /** A step of the pass begins. */
    default void stepBegan(Step step) {}

    /**
     * The loop is about to wait: there is nothing to do.
     *
     * @param millis how long at most, until the next timer; 0 for as long as nothing happens
     */
    default void sleeps(long millis) {}

    /**
     * A select returned.
     *
     * @param keys how many keys are ready
     * @param slept whether it was allowed to wait
     */
    default void selected(int keys, boolean slept) {}

    /**
     * A key is ready, and its pollable is called next.
     *
     * @param number of the session that it is of; 0 if that is none: a listener, or a client that is still arriving
     * @param readyOps what for: ops of {@link java.nio.channels.SelectionKey}
     */
    default void keyReady(long number, int readyOps) {}

    /**
     * A letter from another thread is delivered.
     *
     * @param number of the session that it is about; 0 if that is none
     */
    default void letterDelivered(long number) {}

    /**
     * A timer fires.
     *
     * @param number of the session that it is about; 0 if that is none
     * @param lateNanos by how much later than it was to, in nanoseconds
     */
    default void timerFired(long number, long lateNanos) {}

    /**
     * A pass is over.
     *
     * @param nanos how long it took since the select returned
     */
    default void passEnded(long nanos) {}

    /** The calling thread, which is not the loop's, is about to wake the loop. */
    default void wokenUp() {}

    /** The selector returned again and again without a reason and was replaced. */
    default void selectorReplaced() {}
}
