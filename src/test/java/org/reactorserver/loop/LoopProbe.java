package org.reactorserver.loop;

import java.util.function.Consumer;

/** Looks into a loop between two of its passes. */
public final class LoopProbe {
    private LoopProbe() {}

    /** Whether the loop needs no further pass. */
    public static boolean isStopped(EventLoop loop) {
        return loop.stopped;
    }

    /** Whether a letter waits to be delivered. */
    public static boolean hasLetters(EventLoop loop) {
        return !loop.mailbox.isEmpty();
    }

    /** Whether something is to be settled. */
    public static boolean isTouched(EventLoop loop) {
        return !loop.touched.isEmpty();
    }

    /** Shows what is to be settled; it may be registered no more. */
    public static void forEachTouched(EventLoop loop, Consumer<Pollable> visitor) {
        loop.touched.forEach(visitor);
    }

    /** Whether the letter is marked as standing in the mailbox. */
    public static boolean isPosted(Letter letter) {
        return letter.posted;
    }

    /** The earliest deadline, counted from this time of the loop's clock; {@link Long#MAX_VALUE} if there is none. */
    public static long nextDeadline(EventLoop loop, long origin) {
        return loop.timers.isEmpty() ? Long.MAX_VALUE : loop.timers.untilNext(origin);
    }

    /** Whether no timer is set. */
    public static boolean hasNoTimers(EventLoop loop) {
        return loop.timers.isEmpty();
    }

    /** How many of the registered ones are served after the others. */
    public static int bulk(EventLoop loop) {
        int[] count = new int[1];
        loop.forEach(pollable -> count[0] += pollable.isBulk() ? 1 : 0);
        return count[0];
    }

    /** Timers that belong to no loop. */
    public static Timers timers() {
        return new Timers();
    }

    /** Has those happen that are due. */
    public static void runDue(Timers timers, long now) {
        for (Timers.Timer due = timers.pollDue(now); due != null; due = timers.pollDue(now)) {
            due.onTimer();
        }
    }
}
