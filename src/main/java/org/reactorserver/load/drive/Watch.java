package org.reactorserver.load.drive;

import org.reactorserver.load.measure.Stalls;
import org.reactorserver.loop.Timers;

/**
 * What a run does by the clock, whatever happens: ends slices, notices what takes too long, and measures
 * how late the loop itself is. Loop only.
 */
final class Watch {
    private static final long HEARTBEAT = 2_000_000;
    private static final long FINEST_TIMEOUT = 5_000_000;
    private static final long COARSEST_TIMEOUT = 250_000_000;
    private static final int LOOKS_PER_TIMEOUT = 20;

    private final RunContext context;
    private final Connector connector;
    private final LoadConnection[] connections;
    private final long sliceNanos;
    private final long lookNanos;
    private final Timers.Timer slice;
    private final Timers.Timer heartbeat;
    private final Timers.Timer look;

    Watch(RunContext context, Connector connector, LoadConnection[] connections, long sliceNanos) {
        this.context = context;
        this.connector = connector;
        this.connections = connections;
        this.sliceNanos = sliceNanos;
        long look = context.plan.timeoutNanos() / LOOKS_PER_TIMEOUT;
        this.lookNanos = Math.max(FINEST_TIMEOUT, Math.min(COARSEST_TIMEOUT, look));
        this.slice = context.alarms.timer(this::endSlice);
        this.heartbeat = context.alarms.timer(this::beat);
        this.look = context.alarms.timer(this::checkTimeouts);
    }

    void begin(long now) {
        context.alarms.arm(slice, now + sliceNanos);
        context.alarms.arm(heartbeat, now + HEARTBEAT);
        context.alarms.arm(look, now + lookNanos);
    }

    private void endSlice() {
        long now = context.time();
        context.turn(now, context.phase);
        long due = slice.deadline() + sliceNanos;
        context.alarms.arm(slice, due - now > sliceNanos / 2 ? due : now + sliceNanos); // no slivers
    }

    private void beat() {
        long now = context.time();
        long lag = now - heartbeat.deadline();
        context.books.recorder.slice.lag.recordEach(lag, HEARTBEAT);
        if (lag > Stalls.NOTABLE_LAG) {
            context.books.stalls.clientLag(now, lag);
        }
        context.alarms.arm(heartbeat, now + HEARTBEAT);
    }

    private void checkTimeouts() {
        long now = context.time();
        for (int i = 0; i < connector.attempted(); i++) {
            connections[i].checkTimeouts(now);
        }
        context.alarms.arm(look, now + lookNanos);
    }
}
