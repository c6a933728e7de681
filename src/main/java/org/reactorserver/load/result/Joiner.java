package org.reactorserver.load.result;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.reactorserver.load.measure.Slice;

/**
 * Joins what several threads have measured at the same time into one slice. One thread's slices go through as they are.
 * Reporting thread only.
 */
public final class Joiner {
    /** What was measured in one stretch of time. */
    private static final class Stretch {
        final Slice sum;
        final boolean[] has;
        final int[] connections;
        final long[] backlogs;

        Stretch(Slice sum, int threads) {
            this.sum = sum;
            this.has = new boolean[threads];
            this.connections = new int[threads];
            this.backlogs = new long[threads];
        }
    }

    private final int threads;
    private final long sliceNanos;
    private final Consumer<Slice> consumer;
    private final TreeMap<Long, Stretch> stretches = new TreeMap<>();
    private final ArrayDeque<Slice> empty = new ArrayDeque<>();
    private final long[] reached; // by each thread
    private final int[] connections; // the last that is known of each thread
    private final long[] backlogs;
    private long began;

    /**
     * Has nothing yet.
     *
     * @param sliceNanos how long slices are meant to be
     * @param consumer is given what was joined, in order; it is its own until it returns
     */
    public Joiner(int threads, long sliceNanos, Consumer<Slice> consumer) {
        this.threads = threads;
        this.sliceNanos = sliceNanos;
        this.consumer = consumer;
        this.reached = new long[threads];
        this.connections = new int[threads];
        this.backlogs = new long[threads];
    }

    /** The next slice of a thread. */
    public void add(int thread, Slice slice) {
        if (threads == 1) {
            consumer.accept(slice);
            return;
        }
        began = began == 0 ? slice.from : began;
        long middle = slice.from + (slice.to - slice.from) / 2 - began;
        long place = Math.floorDiv(middle, sliceNanos) * Slice.Phase.values().length + slice.phase.ordinal();
        Stretch stretch = stretches.computeIfAbsent(place, any -> begin(slice));
        long from = Math.min(stretch.sum.from, slice.from);
        long to = Math.max(stretch.sum.to, slice.to);
        stretch.sum.add(slice);
        stretch.sum.from = from;
        stretch.sum.to = to;
        stretch.has[thread] = true;
        stretch.connections[thread] = slice.connections;
        stretch.backlogs[thread] = slice.backlog;
        reached[thread] = slice.to;
        long all = Long.MAX_VALUE;
        for (long each : reached) {
            all = Math.min(all, each);
        }
        hand(all);
    }

    private Stretch begin(Slice slice) {
        Slice sum = empty.isEmpty() ? new Slice() : empty.pop();
        sum.begin(slice.phase, slice.from);
        return new Stretch(sum, threads);
    }

    /** A thread has no more: the others need not wait for it. */
    public void end(int thread) {
        reached[thread] = Long.MAX_VALUE;
        connections[thread] = 0;
        backlogs[thread] = 0;
    }

    /** There will be no more. */
    public void end() {
        hand(Long.MAX_VALUE);
    }

    /** What no thread adds to any more, all having come as far as this. */
    private void hand(long all) {
        for (Iterator<Map.Entry<Long, Stretch>> each = stretches.entrySet().iterator(); each.hasNext(); ) {
            Stretch stretch = each.next().getValue();
            if (all != Long.MAX_VALUE && stretch.sum.to + sliceNanos / 2 - all > 0) {
                return;
            }
            each.remove();
            int open = 0;
            long backlog = 0;
            for (int i = 0; i < threads; i++) {
                connections[i] = stretch.has[i] ? stretch.connections[i] : connections[i];
                backlogs[i] = stretch.has[i] ? stretch.backlogs[i] : backlogs[i];
                open += connections[i];
                backlog += backlogs[i];
            }
            stretch.sum.connections = open;
            stretch.sum.backlog = backlog;
            consumer.accept(stretch.sum);
            empty.push(stretch.sum);
        }
    }
}
