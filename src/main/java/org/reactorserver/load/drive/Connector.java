package org.reactorserver.load.drive;

import java.net.InetAddress;
import java.util.List;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Part;
import org.reactorserver.loop.Timers;

/**
 * Opens the connections, some at a time, and says when each has been opened or has failed. Loop only.
 */
final class Connector {
    private static final int MOST_CONNECTING = 256;

    private final RunContext context;
    private final LoadPlan plan;
    private final Part part;
    private final LoadConnection[] connections;
    private final Runnable whenAllSettled;
    private final Timers.Timer more;
    private long began;
    private int attempted;
    private int connecting;

    /**
     * Opens nothing yet.
     *
     * @param whenAllSettled is run when each has been opened or has failed; perhaps more than once
     */
    Connector(RunContext context, Part part, LoadConnection[] connections, Runnable whenAllSettled) {
        this.part = part;
        this.context = context;
        this.plan = context.plan;
        this.connections = connections;
        this.whenAllSettled = whenAllSettled;
        this.more = context.alarms.timer(this::connectMore);
    }

    void begin(long now) {
        began = now;
        connectMore();
    }

    private void connectMore() {
        long now = context.time();
        while (attempted < connections.length && connecting < part.of(MOST_CONNECTING)) {
            long time =
                    plan.connectRate() > 0 ? began + (long) (part.place(attempted) * 1e9 / plan.connectRate()) : now;
            if (time - now > 0) {
                context.alarms.arm(more, time);
                return;
            }
            List<InetAddress> sources = plan.sources();
            InetAddress source = sources.isEmpty() ? null : sources.get((int) (part.place(attempted) % sources.size()));
            connecting++;
            connections[attempted++].connect(source);
        }
        if (attempted == connections.length && connecting == 0) {
            whenAllSettled.run();
        }
    }

    /** One that was being opened is open, or has failed. */
    void onSettled() {
        connecting--;
        context.alarms.arm(more, context.time()); // not from here: a failure may come while connecting
    }

    /** How many connections have been begun. */
    int attempted() {
        return attempted;
    }
}
