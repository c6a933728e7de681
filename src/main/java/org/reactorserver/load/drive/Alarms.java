package org.reactorserver.load.drive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;

/** The time, and the timers of a run, which end with it. Loop only. */
final class Alarms {
    private final EventLoop loop;
    private final LongSupplier clock;
    private final List<Timers.Timer> timers = new ArrayList<>();
    private boolean over;

    Alarms(EventLoop loop, LongSupplier clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** The time now, in nanoseconds. */
    long time() {
        return clock.getAsLong();
    }

    Timers.Timer timer(Runnable task) {
        Timers.Timer timer = new Timers.Timer() {
            @Override
            protected void onTimer() {
                runOrDie(task);
            }
        };
        timers.add(timer);
        return timer;
    }

    void arm(Timers.Timer timer, long deadline) {
        if (!over) {
            loop.timers().arm(timer, deadline);
        }
    }

    /** No timer will fire any more. */
    void end() {
        over = true;
        timers.forEach(loop.timers()::cancel);
    }

    /** A run whose engine has a fault must end, and not go on without one of its timers. */
    static void runOrDie(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            throw new AssertionError("the load client has failed", e);
        }
    }
}
