package org.reactorserver.load;

import org.reactorserver.loop.Timers;

/**
 * What a run does by the clock, whatever happens: ends slices, notices what takes too long, and measures
 * how late the loop itself is. Loop only.
 */
final class Watch {
    /** Later than this is worth remembering, in nanoseconds. */
    static final long NOTABLE_LAG = 2_000_000;

    private static final long HEARTBEAT = 10_000_000;
    private static final long FINEST_TIMEOUT = 5_000_000;
    private static final long COARSEST_TIMEOUT = 250_000_000;
    private static final int LOOKS_PER_TIMEOUT = 20;

    private final Generator generator;
    private final LoadConnection[] connections;
    private final long sliceNanos;
    private final long lookNanos;
    private final Timers.Timer slice;
    private final Timers.Timer heartbeat;
    private final Timers.Timer look;

    Watch(Generator generator, LoadConnection[] connections, long sliceNanos) {
        this.generator = generator;
        this.connections = connections;
        this.sliceNanos = sliceNanos;
        long look = generator.plan.timeoutNanos / LOOKS_PER_TIMEOUT;
        this.lookNanos = Math.max(FINEST_TIMEOUT, Math.min(COARSEST_TIMEOUT, look));
        this.slice = generator.alarms.timer(this::endSlice);
        this.heartbeat = generator.alarms.timer(this::beat);
        this.look = generator.alarms.timer(this::checkTimeouts);
    }

    void begin(long now) {
        generator.alarms.arm(slice, now + sliceNanos);
        generator.alarms.arm(heartbeat, now + HEARTBEAT);
        generator.alarms.arm(look, now + lookNanos);
    }

    private void endSlice() {
        long now = generator.time();
        generator.turn(now, generator.phase());
        long due = slice.deadline() + sliceNanos;
        generator.alarms.arm(slice, due - now > sliceNanos / 2 ? due : now + sliceNanos); // no slivers
        long usual = generator.usualService;
        if (usual > 0) {
            generator.stallThreshold = Math.max(Stalls.LEAST, Stalls.USUAL_TIMES * usual);
        }
    }

    private void beat() {
        long now = generator.time();
        long lag = now - heartbeat.deadline();
        if (!generator.plan.isOpenModel()) {
            generator.books.recorder.slice.lag.record(lag); // the open model records that of its sends
        }
        if (lag > NOTABLE_LAG) {
            generator.books.stalls.clientLag(now, lag);
        }
        generator.alarms.arm(heartbeat, now + HEARTBEAT);
    }

    private void checkTimeouts() {
        long now = generator.time();
        for (int i = 0; i < generator.connector.attempted(); i++) {
            connections[i].checkTimeouts(now);
        }
        generator.alarms.arm(look, now + lookNanos);
    }
}
