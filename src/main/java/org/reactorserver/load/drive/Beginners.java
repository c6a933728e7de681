package org.reactorserver.load.drive;

import java.util.Random;
import org.reactorserver.loop.Timers;

/** Closed model: has connections send their first messages, not all at once: replies would wait for them. Loop only. */
final class Beginners {
    private static final int PER_PASS = 64;

    private final RunContext context;
    private final LoadConnection[] connections;
    private final Random random;
    private final Timers.Timer more;
    private int begun;

    Beginners(RunContext context, LoadConnection[] connections, long seed) {
        this.context = context;
        this.connections = connections;
        this.random = new Random(seed);
        this.more = context.alarms.timer(this::begin);
    }

    void begin() {
        long think = context.plan.thinkNanos();
        long now = context.time();
        int last = Math.min(connections.length, begun + PER_PASS);
        while (begun < last) {
            LoadConnection connection = connections[begun++];
            if (think == 0) {
                connection.sendOrFail();
            } else {
                connection.thinking.add(context.plan.depth(), now + (long) (random.nextDouble() * think));
            }
        }
        if (begun < connections.length) {
            context.alarms.arm(more, now);
        }
    }
}
