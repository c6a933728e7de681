package org.reactorserver.load.drive;

import java.nio.channels.SelectionKey;
import org.reactorserver.loop.Pollable;

/**
 * Makes the open model punctual. A select can be told whole milliseconds only, and waits up to one too long; so the
 * loop is woken a little before a message is due, and spins through its passes until it is. Who spins has used up
 * its share of a processor when it matters, and on a busy machine is late by the whole turn of another process
 * then, which is worse: so it is given up for a time as soon as the processor was taken away while it spun, each
 * time for longer. Loop only.
 */
final class Poller extends Pollable {
    /** The most that a select waits too long, and a little for its own sake. */
    private static final long HEAD_START = 1_100_000;

    /** Between two passes of a loop that spins there is next to nothing. */
    private static final long TAKEN_AWAY = 500_000;

    private static final long FIRST_PAUSE = 250_000_000;
    private static final long LONGEST_PAUSE = 8_000_000_000L;

    private final RunContext context;
    private final Runnable whenDue;
    private long due;
    private boolean spinning;
    private long spunAt; // the end of the last pass
    private long pause = FIRST_PAUSE / 2;
    private long againAt;

    Poller(RunContext context, Runnable whenDue) {
        this.context = context;
        this.whenDue = whenDue;
        this.againAt = context.time();
    }

    /** When to call {@link #begin} so that what is due at a time happens then. */
    long beginAt(long due) {
        this.due = due;
        return context.time() - againAt < 0 ? due : due - HEAD_START;
    }

    /** Does what is due, as soon as it is. */
    void begin() {
        long now = context.time();
        if (due - now <= 0) {
            whenDue.run();
        } else if (!spinning) {
            spinning = true;
            spin(now);
        }
    }

    private void spin(long now) {
        spunAt = now;
        context.loop.touch(this);
    }

    @Override
    public void onSettle() {
        if (context.loop.now() - spunAt > TAKEN_AWAY) { // nothing but a select that does not wait is in between
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
            againAt = context.loop.now() + pause;
            context.books.span.pollingGivenUp = true;
        }
        long now = context.time();
        if (due - now > 0 && !context.draining) {
            spin(now);
        } else {
            spinning = false;
            if (!context.draining) {
                Alarms.runOrDie(whenDue);
            }
        }
    }

    @Override
    public void onRegistered(SelectionKey key) {
        throw new IllegalStateException("it has no channel");
    }

    @Override
    public void onReady(int readyOps) {
        throw new IllegalStateException("it has no channel");
    }

    @Override
    public void onFailure(Exception cause) {
        throw new AssertionError("the load client has failed", cause);
    }
}
