package org.reactorserver.load.drive;

import java.util.ArrayList;
import java.util.List;
import org.reactorserver.load.measure.Schedule;
import org.reactorserver.loop.Timers;

/**
 * The open model: has each message sent at its time by the connection whose turn it is. The turns are
 * fixed, so a connection that is held up does not pass its messages to others: they wait for it, and
 * their response times tell. Loop only.
 */
final class Pacer {
    private final RunContext context;
    private final LoadConnection[] sharers;
    private final Schedule schedule;
    private final List<LoadConnection> toFlush = new ArrayList<>();
    private final Timers.Timer timer;
    private final Poller poller;
    private final Runnable notOffered;
    private final long firstMeasured;
    private final long end; // behind the last number
    private long next; // number of the schedule
    private int turn; // among the sharers

    /**
     * Sends nothing yet.
     *
     * @param schedule when what is sent
     * @param measureStart what is measured is due from then on
     * @param notOffered is told of each measured message that is due on a connection that has ended
     */
    Pacer(
            RunContext context,
            LoadConnection[] sharers,
            Schedule schedule,
            long measureStart,
            long measureEnd,
            Runnable notOffered) {
        this.context = context;
        this.sharers = sharers;
        this.schedule = schedule;
        this.notOffered = notOffered;
        this.poller = new Poller(context, this::sendDue);
        this.timer = context.alarms.timer(poller::begin);
        this.firstMeasured = schedule.countBefore(measureStart);
        this.end = context.plan.messages() > 0
                ? firstMeasured + context.plan.messages()
                : schedule.countBefore(measureEnd);
        for (int i = 0; i < sharers.length; i++) {
            sharers[i].outstanding.turn = i;
        }
    }

    /** Sends whatever is due by now, late or not, and has itself called again for what follows. */
    void sendDue() {
        long now = context.time();
        while (next < end && schedule.intended(next) - now <= 0) {
            LoadConnection connection = sharers[turn];
            turn = turn + 1 < sharers.length ? turn + 1 : 0;
            addDue(connection, next++ >= firstMeasured);
        }
        for (int i = 0; i < toFlush.size(); i++) {
            LoadConnection connection = toFlush.get(i);
            connection.flushing = false;
            connection.sendOrFail();
        }
        toFlush.clear();
        if (!context.draining && next < end) {
            context.alarms.arm(timer, poller.beginAt(schedule.intended(next)));
        }
    }

    private void addDue(LoadConnection connection, boolean measured) {
        if (!connection.isOpen()) {
            if (measured) {
                notOffered.run();
            }
            return;
        }
        connection.due++;
        context.books.heldBack++;
        if (!connection.flushing) {
            connection.flushing = true;
            toFlush.add(connection);
        }
    }

    /** How many measured messages are due by a time. */
    long dueBy(long time) {
        return Math.max(0, Math.min(end, schedule.countBefore(time)) - firstMeasured);
    }
}
