package org.reactorserver.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The last events of a loop, always: what it did before it stalled, or died. To note one is a few instructions and
 * allocates nothing; it has no time of its own but that of its pass, since to look at the clock costs thirty times as
 * much. The loop writes; any thread may read.
 */
public final class Ring {
    /** How many events it holds; a power of two. */
    public static final int EVENTS = 8_192;

    private static final VarHandle WRITTEN;

    static {
        try {
            WRITTEN = MethodHandles.lookup().findVarHandle(Ring.class, "written", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] events = new long[2 * EVENTS]; // number and kind, value
    private long written; // how many so far; see WRITTEN

    Ring() {}

    /** Loop: notes an event. */
    void add(Note step, long number, long value) {
        long at = written;
        int place = (int) (at & (EVENTS - 1)) << 1;
        events[place] = step.with(number);
        events[place + 1] = value;
        WRITTEN.setRelease(this, at + 1); // a reader that sees it sees the event
    }

    /** Any thread: what it holds now. */
    public RingText read() {
        long end = (long) WRITTEN.getAcquire(this);
        long[] copy = events.clone();
        VarHandle.loadLoadFence();
        long overwritten = (long) WRITTEN.getAcquire(this) + 1 - EVENTS; // meanwhile, and perhaps one more
        return new RingText(copy, Math.max(0, overwritten), end);
    }
}
