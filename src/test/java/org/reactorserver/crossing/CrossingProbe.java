package org.reactorserver.crossing;

/** Looks into what lies between loop and workers, while neither is at work. */
public final class CrossingProbe {
    private CrossingProbe() {}

    /** How many sessions are ready for a worker. */
    public static int ready(Workers workers) {
        return workers.ready.size();
    }

    /** How many turns of workers have begun, or are about to, and are not over. */
    public static int busy(Workers workers) {
        return workers.busy();
    }

    /** Whether the workers will be looked at. */
    public static boolean isWatched(Workers workers) {
        return workers.watch.isArmed();
    }

    /** Whether the lane is given to a worker. */
    public static boolean isScheduled(Lane<?> lane) {
        return lane.isScheduled();
    }

    /** Whether nothing waits in the lane. */
    public static boolean isEmpty(Lane<?> lane) {
        return lane.isEmpty();
    }
}
