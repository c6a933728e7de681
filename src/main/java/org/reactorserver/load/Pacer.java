package org.reactorserver.load;

import java.util.ArrayList;
import java.util.List;
import org.reactorserver.loop.Timers;

/**
 * The open model: has each message sent at its time by the connection whose turn it is. The turns are
 * fixed, so a connection that is held up does not pass its messages to others: they wait for it, and
 * their response times tell. Loop only.
 */
final class Pacer {
    private final Generator generator;
    private final LoadConnection[] sharers;
    private final Schedule schedule;
    private final List<LoadConnection> toFlush = new ArrayList<>();
    private final Timers.Timer timer;
    private final long firstMeasured;
    private final long end; // behind the last number
    private long next; // number of the schedule
    private int turn; // among the sharers

    /** Begins now; what is measured is due from {@code measureStart} on. */
    Pacer(Generator generator, LoadConnection[] sharers, long now, long measureStart, long measureEnd) {
        this.generator = generator;
        this.sharers = sharers;
        this.schedule = new Schedule(now, generator.plan.rate);
        this.timer = generator.alarms.timer(this::sendDue);
        this.firstMeasured = schedule.countBefore(measureStart);
        this.end = generator.plan.messages > 0
                ? firstMeasured + generator.plan.messages
                : schedule.countBefore(measureEnd);
        for (int i = 0; i < sharers.length; i++) {
            sharers[i].place = i;
        }
    }

    /** Sends whatever is due by now, late or not, and sets the timer for what follows. */
    void sendDue() {
        long now = generator.time();
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
        if (!generator.isDraining() && next < end) {
            generator.alarms.arm(timer, schedule.intended(next));
        }
    }

    private void addDue(LoadConnection connection) {
        if (!connection.isOpen()) {
            generator.onNotOffered(1);
            return;
        }
        connection.due++;
        if (!connection.flushing) {
            connection.flushing = true;
            toFlush.add(connection);
        }
    }

    /** When this message of a connection is meant to be sent. */
    long intended(LoadConnection connection, long seq) {
        return schedule.intended(connection.place + (seq - 1) * sharers.length);
    }

    /** How many measured messages are due by a time. */
    long dueBy(long time) {
        return Math.max(0, Math.min(end, schedule.countBefore(time)) - firstMeasured);
    }
}
