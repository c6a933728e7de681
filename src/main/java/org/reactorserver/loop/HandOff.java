package org.reactorserver.loop;

/**
 * What a loop's tenant collects during a pass and gives away in one go. Loop only.
 *
 * <p>Once per pass and not once per event, so that a pass costs one wake-up of the other side.
 */
public interface HandOff {

    /** Nothing is ever handed off. */
    HandOff NONE = new HandOff() {
        @Override
        public boolean isPending() {
            return false;
        }

        @Override
        public void handOff() {}
    };

    /** Whether something was collected that is not given away yet; the loop does not sleep on it. */
    boolean isPending();

    /** Gives away what was collected; called while something is pending. */
    void handOff();
}
