package org.reactorserver.session;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.reactorserver.Session;
import org.reactorserver.loop.Timers;

/**
 * The calls at a given time that the application has requested for one session: on the loop's timers, and forgotten
 * when the session is closed.
 */
final class Reminders {
    private final Timers timers;
    private final Executor loop;
    private final Set<Reminder> waiting = new HashSet<>(); // loop only, like the next one
    private boolean closed;

    Reminders(Timers timers, Executor loop) {
        this.timers = timers;
        this.loop = loop;
    }

    /** Any thread: calls, on the loop, at this time, with what is returned here. */
    Session.Scheduled at(long time, Consumer<Session.Scheduled> call) {
        Reminder reminder = new Reminder(call);
        loop.execute(() -> {
            if (!closed && !reminder.cancelled) {
                waiting.add(reminder);
                timers.arm(reminder, time);
            }
        });
        return reminder;
    }

    /** Loop: none is called any more. */
    void close() {
        closed = true;
        waiting.forEach(timers::cancel);
        waiting.clear();
    }

    private final class Reminder extends Timers.Timer implements Session.Scheduled {
        private final Consumer<Session.Scheduled> call;
        private volatile boolean cancelled;

        Reminder(Consumer<Session.Scheduled> call) {
            this.call = call;
        }

        @Override
        protected void onTimer() {
            waiting.remove(this);
            call.accept(this);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void cancel() {
            cancelled = true;
            loop.execute(() -> {
                timers.cancel(this);
                waiting.remove(this);
            });
        }
    }
}
