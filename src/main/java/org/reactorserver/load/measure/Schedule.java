package org.reactorserver.load.measure;

/**
 * The open model's timetable: message {@code k} is meant to be sent at {@code start + k / rate}. Every
 * time is computed from {@code k}, so nothing drifts, and nothing is skipped by being late. Times are
 * nanoseconds of the loop's clock. Immutable.
 */
public final class Schedule {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long start;
    private final double nanosPerMessage;
    private final int connections;

    /**
     * Makes a timetable.
     *
     * @param rate messages per second, on all connections together
     * @param connections how many take turns, always in the same order
     */
    public Schedule(long start, double rate, int connections) {
        this.start = start;
        this.nanosPerMessage = NANOS_PER_SECOND / rate;
        this.connections = connections;
    }

    /** When message number {@code k}, counted from 0, is meant to be sent. */
    public long intended(long k) {
        return start + (long) (k * nanosPerMessage);
    }

    /** When message number {@code seq} of one connection, counted from 1, is meant to be sent. */
    long intended(int turn, long seq) {
        return intended(turn + (seq - 1) * connections);
    }

    /** How many messages are meant to be sent before this time. */
    public long countBefore(long time) {
        long k = Math.max(0, (long) ((time - start) / nanosPerMessage) - 1);
        while (intended(k) - time < 0) {
            k++;
        }
        return k;
    }
}
