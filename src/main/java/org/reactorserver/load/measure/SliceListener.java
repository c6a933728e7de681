package org.reactorserver.load.measure;

/** Is shown every slice of a run, one after the other. Called on the reporting thread. */
public interface SliceListener {
    /** The slice is the listener's until this returns. */
    void onSlice(Slice slice);

    /** There will be no more. */
    default void onEnd() {}
}
