package org.reactorserver.load.drive;

import java.util.ArrayList;
import java.util.List;
import org.reactorserver.loop.Timers;

/**
 * The open model: has each message sent at its time by the connection whose turn it is. The turns are
 * fixed, so a connection that is held up does not pass its messages to others: they wait for it, and
 * their response times tell. Loop only.
 */
final class Pacer {
    private final RunContext context;
    private final LoadConnection[] sharers;
    private final Arrivals arrivals;
    private final List<LoadConnection> toFlush = new ArrayList<>();
    private final Timers.Timer timer;
    private final Poller poller;
    private final Runnable notOffered;
    private final long measureStart;
    private final long end;
    private final long most; // of those that are measured
    private long upcoming; // when the next message is due
    private int turn; // among the sharers
    private long measuredDue;

    /**
     * Sends nothing yet.
     *
     * @param arrivals when what is sent
     * @param most how many measured messages are to be sent
     * @param measureStart what is measured is due from then on
     * @param measureEnd nothing is due from then on
     * @param notOffered is told of each measured message that is due on a connection that has ended
     */
    Pacer(
            RunContext context,
            LoadConnection[] sharers,
            Arrivals arrivals,
            long most,
            long measureStart,
            long measureEnd,
            Runnable notOffered) {
        this.context = context;
        this.sharers = sharers;
        this.arrivals = arrivals;
        this.notOffered = notOffered;
        this.poller = new Poller(context, this::sendDue);
        this.timer = context.alarms.timer(poller::begin);
        this.measureStart = measureStart;
        this.end = measureEnd;
        this.most = most;
        this.upcoming = arrivals.next();
    }

    /** Sends whatever is due by now, late or not, and has itself called again for what follows. */
    void sendDue() {
        long now = context.time();
        while (goesOn() && upcoming - now <= 0) {
            LoadConnection connection = sharers[turn];
            turn = turn + 1 < sharers.length ? turn + 1 : 0;
            addDue(connection);
            upcoming = arrivals.next();
        }
        for (int i = 0; i < toFlush.size(); i++) {
            LoadConnection connection = toFlush.get(i);
            connection.flushing = false;
            connection.sendOrFail();
        }
        toFlush.clear();
        if (!context.draining && goesOn()) {
            context.alarms.arm(timer, poller.beginAt(upcoming));
        }
    }

    private boolean goesOn() {
        return measuredDue < most && (end == Long.MAX_VALUE || upcoming - end < 0);
    }

    private void addDue(LoadConnection connection) {
        boolean measured = upcoming - measureStart >= 0;
        measuredDue += measured ? 1 : 0;
        if (!connection.isOpen()) {
            if (measured) {
                notOffered.run();
            }
            return;
        }
        connection.outstanding.plan(upcoming);
        context.books.heldBack++;
        if (!connection.flushing) {
            connection.flushing = true;
            toFlush.add(connection);
        }
    }

    /** How many measured messages were due by now. */
    long measuredDue() {
        return measuredDue;
    }
}
