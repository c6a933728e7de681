package org.reactorserver.session;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** Counts what only the loop does: with one writer, to add needs neither a lock nor a fence. */
public final class LoopCounter {
    private static final AtomicLongFieldUpdater<LoopCounter> COUNT =
            AtomicLongFieldUpdater.newUpdater(LoopCounter.class, "count");

    private volatile long count; // see COUNT

    /** Loop: counts so many more. */
    public void add(long more) {
        COUNT.lazySet(this, count + more);
    }

    /** Any thread: how many it has been; a little later than the loop. */
    public long sum() {
        return count;
    }
}
