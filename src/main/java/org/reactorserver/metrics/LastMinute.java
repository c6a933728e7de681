package org.reactorserver.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened in the last minute, by the second in which it happened, so that what is older goes by itself.
 *
 * @param <T> what is kept for a second
 */
public final class LastMinute<T> {
    /** How far it looks back. */
    public static final int SECONDS = 60;

    private static final long NANOS = 1_000_000_000;

    private final Supplier<T> nothing;
    private final long[] second = new long[SECONDS]; // which one each slot is about
    private final List<T> slots = new ArrayList<>();

    /** Holds nothing. What is new for a second is made by this. */
    public LastMinute(Supplier<T> nothing) {
        this.nothing = nothing;
        for (int i = 0; i < SECONDS; i++) {
            slots.add(null);
        }
    }

    /** What is kept for the second of this time. */
    public T at(long now) {
        long at = Math.floorDiv(now, NANOS);
        int slot = Math.floorMod(at, SECONDS);
        if (slots.get(slot) == null || second[slot] != at) {
            second[slot] = at;
            slots.set(slot, nothing.get());
        }
        return slots.get(slot);
    }

    /** What is kept for the minute before this time, in no order. */
    public List<T> recent(long now) {
        List<T> recent = new ArrayList<>();
        for (int i = 0; i < SECONDS; i++) {
            if (slots.get(i) != null && Math.floorDiv(now, NANOS) - second[i] < SECONDS) {
                recent.add(slots.get(i));
            }
        }
        return recent;
    }
}
