package org.reactorserver.load.drive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
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
    private final LongConsumer notOffered;
    private final long firstMeasured;
    private final long end; // behind the last number
    private long next; // number of the schedule
    private int turn; // among the sharers

    /**
     * Sends nothing yet.
     *
     * @param schedule when what is sent
     * @param measureStart what is measured is due from then on
     * @param notOffered is told of messages that are due on connections that have ended
     */
    Pacer(
            RunContext context,
            LoadConnection[] sharers,
            Schedule schedule,
            long measureStart,
            long measureEnd,
            LongConsumer notOffered) {
        this.context = context;
        this.sharers = sharers;
        this.schedule = schedule;
        this.notOffered = notOffered;
        this.timer = context.alarms.timer(this::sendDue);
        this.firstMeasured = schedule.countBefore(measureStart);
        this.end = context.plan.messages() > 0
                ? firstMeasured + context.plan.messages()
                : schedule.countBefore(measureEnd);
        for (int i = 0; i < sharers.length; i++) {
            sharers[i].outstanding.turn = i;
        }
    }

    /** Sends whatever is due by now, late or not, and sets the timer for what follows. */
    void sendDue() {
        long now = context.time();
        while (next < end && schedule.intended(next) - now <= 0) {
            next++;
            LoadConnection connection = sharers[turn];
            turn = turn + 1 < sharers.length ? turn + 1 : 0;
            addDue(connection);
        }
        for (int i = 0; i < toFlush.size(); i++) {
            LoadConnection connection = toFlush.get(i);
            connection.flushing = false;
            connection.sendOrFail();
        }
        toFlush.clear();
        if (!context.draining && next < end) {
            context.alarms.arm(timer, schedule.intended(next));
        }
    }

    private void addDue(LoadConnection connection) {
        if (!connection.isOpen()) {
            notOffered.accept(1);
            return;
        }
        connection.due++;
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
