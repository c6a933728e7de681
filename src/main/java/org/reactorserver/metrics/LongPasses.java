package org.reactorserver.metrics;

/** The long passes of the last minute, second by second. Any thread; the loop comes by only for a pass that was long. */
public final class LongPasses {
    /** From here on a pass is long: 10 ms. */
    public static final long LONG_NANOS = 10_000_000;

    /** How far it looks back. */
    public static final int SECONDS = 60;

    private static final long NANOS = 1_000_000_000;

    private final long[] second = new long[SECONDS]; // which one each slot is about
    private final long[] nanos = new long[SECONDS];
    private final Pass[] longest = new Pass[SECONDS]; // null if there was none in that second

    LongPasses() {}

    synchronized void add(Pass pass, long now) {
        long at = Math.floorDiv(now, NANOS);
        int slot = Math.floorMod(at, SECONDS);
        if (longest[slot] == null || second[slot] != at) {
            second[slot] = at;
            nanos[slot] = 0;
            longest[slot] = pass;
        }
        nanos[slot] += pass.nanos();
        longest[slot] = pass.nanos() > longest[slot].nanos() ? pass : longest[slot];
    }

    /** How long they took together. */
    public synchronized long nanos(long now) {
        long sum = 0;
        for (int i = 0; i < SECONDS; i++) {
            sum += isRecent(i, now) ? nanos[i] : 0;
        }
        return sum;
    }

    /** The longest one; null if there was none. */
    public synchronized Pass longest(long now) {
        Pass most = null;
        for (int i = 0; i < SECONDS; i++) {
            boolean isMore = isRecent(i, now) && (most == null || longest[i].nanos() > most.nanos());
            most = isMore ? longest[i] : most;
        }
        return most;
    }

    private boolean isRecent(int slot, long now) {
        return longest[slot] != null && Math.floorDiv(now, NANOS) - second[slot] < SECONDS;
    }
}
