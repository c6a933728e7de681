package org.reactorserver.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;

/**
 * How many bytes of heap all connections together may hold of one kind. Loop only, but for what says otherwise.
 *
 * <p>Above the limit a connection may hold no more than its share, the limit divided by those that hold any: sessions
 * that hold more pause, so that messages that have begun can be completed and small holders go on. Above it by an
 * eighth it may hold very little, for shares that were larger when they were used up come to more than the limit. If
 * that has freed nothing for a second, the largest holder is ended, so that nothing can lock up; above it by a quarter
 * that is done at once. Who holds no more than its share is never ended.
 */
public final class Budget {
    /** How long, in nanoseconds, to wait for a budget to be relieved by what has begun. */
    public static final long PATIENCE_NANOS = 1_000_000_000;

    /** What each may hold, however much all of them do. */
    public static final long LEAST = 1024;

    /** So long after a share has grown those go on that paused; less would cost all of them too many turns. */
    private static final long RAISE_NANOS = 100_000_000;

    private final long limit;
    private final EventLoop loop;
    private final Runnable recount;
    private final BooleanSupplier endLargest;
    private final Runnable relieved;
    private final AtomicLong used = new AtomicLong(); // written by the loop alone
    private int holders;
    private long usedBefore; // when it was last looked at
    private volatile long allowance = Long.MAX_VALUE;

    private final Timers.Timer look = new Timers.Timer() {
        @Override
        protected void onTimer() {
            recount.run(); // what was written or handled in this pass no longer counts
            if (used() <= limit) {
                relieve();
            } else {
                boolean isDue = isFarAbove() || used() >= usedBefore;
                watch(isDue && endLargest.getAsBoolean());
            }
        }
    };

    private final Timers.Timer raise = new Timers.Timer() {
        @Override
        protected void onTimer() {
            relieved.run();
        }
    };

    /**
     * Makes an empty one.
     *
     * @param recount has all connections say what they hold now
     * @param endLargest ends the connection that holds most; false if there is none
     * @param relieved has those that paused go on, as far as there is no need for it any more
     */
    public Budget(long limit, EventLoop loop, Runnable recount, BooleanSupplier endLargest, Runnable relieved) {
        this.limit = limit;
        this.loop = loop;
        this.recount = recount;
        this.endLargest = endLargest;
        this.relieved = relieved;
    }

    /** A connection that held so much holds so much now. */
    public void change(long before, long now) {
        if (before != now) {
            used.lazySet(used() + now - before);
            holders += Long.signum(now) - Long.signum(before);
            assess();
        }
    }

    /** Pressure ends somewhat below the limit, so that it does not come and go with every byte. */
    private void assess() {
        boolean wasPressed = isPressed();
        if (used() > limit || (wasPressed && used() > limit - limit / 8)) {
            long before = allowance;
            long share = share();
            allowance = used() > limit + limit / 8 ? Math.min(LEAST, share) : share;
            if (allowance > before && !raise.isArmed()) {
                loop.timers().arm(raise, loop.now() + RAISE_NANOS);
            }
            if (!wasPressed || isFarAbove()) {
                watch(true);
            }
        } else if (wasPressed) {
            relieve();
        }
    }

    private void relieve() {
        allowance = Long.MAX_VALUE;
        loop.timers().cancel(look);
        loop.timers().cancel(raise);
        relieved.run();
    }

    /** Looks again, at once if it is urgent and of use. */
    private void watch(boolean mayHelp) {
        usedBefore = used();
        if (isPressed()) {
            loop.timers().arm(look, loop.now() + (mayHelp && isFarAbove() ? 0 : PATIENCE_NANOS));
        }
    }

    /** Any thread: whether it is full, so that each connection has an allowance. */
    public boolean isPressed() {
        return allowance != Long.MAX_VALUE;
    }

    /** Loop: how much each of those may hold that hold any, so that it is no more than the limit in all. */
    public long share() {
        return limit / Math.max(1, holders);
    }

    private boolean isFarAbove() {
        return used() - limit > limit / 4;
    }

    /** Any thread: how much a single connection may hold; no bound by this budget unless it is full. */
    public long allowance() {
        return allowance;
    }

    /** Any thread: how much is held in all. */
    public long used() {
        return used.get();
    }
}
