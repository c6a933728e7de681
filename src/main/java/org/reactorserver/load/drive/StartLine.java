package org.reactorserver.load.drive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Where the threads of a run wait for each other, so that they begin to send at the same time. Any thread. */
public final class StartLine {
    private final List<LongConsumer> ready = new ArrayList<>();
    private int missing;

    /** So many threads are to come. */
    public StartLine(int threads) {
        this.missing = threads;
    }

    /**
     * A thread can begin.
     *
     * @param begin is told when all have come, with the time of the last one's
     */
    synchronized void ready(LongConsumer begin, long now) {
        ready.add(begin);
        arrive(now);
    }

    /** A thread will never begin. */
    synchronized void absent(long now) {
        arrive(now);
    }

    private void arrive(long now) {
        if (--missing == 0) {
            ready.forEach(begin -> begin.accept(now));
        }
    }
}
