package org.reactorserver.guest;

import static org.reactorserver.text.Log.LOG;

import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;

/** Reports regularly that the loop turns: a blocked loop fires no timer. Loop only. */
public final class Heartbeat extends Timers.Timer {
    private final EventLoop loop;
    private final long everyNanos;
    private final Runnable beat;

    /**
     * Does nothing until {@link #start}.
     *
     * @param beat is to return at once; if it throws, that is logged and the next one follows
     */
    public Heartbeat(EventLoop loop, long everyNanos, Runnable beat) {
        this.loop = loop;
        this.everyNanos = everyNanos;
        this.beat = beat;
    }

    /** Beats now, and from then on. */
    public void start() {
        onTimer();
    }

    @Override
    protected void onTimer() {
        loop.timers().arm(this, loop.now() + everyNanos);
        try {
            beat.run();
        } catch (RuntimeException e) {
            LOG.warn("what is to hear the selector thread's heartbeat failed", e);
        }
    }
}
