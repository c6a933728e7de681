package org.reactorserver.load.drive;

import java.util.ArrayDeque;
import java.util.function.IntConsumer;
import org.reactorserver.loop.Timers;

/** Closed model: the messages that a connection may send after a time to think, each after its own. Loop only. */
final class Thinking {
    private final RunContext context;
    private final IntConsumer whenOver;
    private final ArrayDeque<Long> until = new ArrayDeque<>(); // for each message, the earliest first
    private final Timers.Timer timer = new Timers.Timer() {
        @Override
        protected void onTimer() {
            Alarms.runOrDie(Thinking.this::onTime);
        }
    };

    /**
     * Thinks of nothing yet.
     *
     * @param whenOver is told how many messages may be sent now
     */
    Thinking(RunContext context, IntConsumer whenOver) {
        this.context = context;
        this.whenOver = whenOver;
    }

    /** So many messages may be sent at that time, which is no earlier than any other that was given. */
    void add(int messages, long time) {
        for (int i = 0; i < messages; i++) {
            until.add(time);
        }
        arm();
    }

    private void arm() {
        if (!until.isEmpty() && !timer.isArmed()) {
            context.loop.timers().arm(timer, until.peek());
        }
    }

    private void onTime() {
        long now = context.time();
        int count = 0;
        while (!until.isEmpty() && until.peek() - now <= 0) {
            until.remove();
            count++;
        }
        arm();
        whenOver.accept(count);
    }

    void cancel() {
        until.clear();
        context.loop.timers().cancel(timer);
    }
}
