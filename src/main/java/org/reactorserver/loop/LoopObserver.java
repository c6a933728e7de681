package org.reactorserver.loop;

/**
 * Sees what the loop itself does. Called on the loop's thread unless a method says otherwise; must be
 * fast and must not throw.
 */
public interface LoopObserver {

    /**
     * A select returned.
     *
     * @param keys how many keys are ready
     * @param slept whether it was allowed to wait
     */
    default void selected(int keys, boolean slept) {}

    /** The calling thread, which is not the loop's, is about to wake the loop. */
    default void wokenUp() {}

    /** The selector returned again and again without a reason and was replaced. */
    default void selectorReplaced() {}
}
