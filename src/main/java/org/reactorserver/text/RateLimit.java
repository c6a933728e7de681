package org.reactorserver.text;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets a flood of log lines through a few a second, and counts the others. Any thread. */
public final class RateLimit {
    private static final long SECOND = 1_000_000_000;

    private final int perSecond;
    private final LongSupplier clock;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();

    /** Lets so many pass in each second of the clock. */
    public RateLimit(int perSecond, LongSupplier clock) {
        this.perSecond = perSecond;
        this.clock = clock;
        second.set(clock.getAsLong());
    }

    /** Whether one more may pass now. */
    public boolean allows() {
        long now = clock.getAsLong();
        long began = second.get();
        if (now - began >= SECOND && second.compareAndSet(began, now)) {
            passed.set(0);
        }
        if (passed.incrementAndGet() <= perSecond) {
            return true;
        }
        held.incrementAndGet();
        return false;
    }

    /** What was held back since this was last asked, as the end of a log line. */
    public String held() {
        int count = held.getAndSet(0);
        return count == 0 ? "" : " (" + count + " such lines before it were left out)";
    }
}
