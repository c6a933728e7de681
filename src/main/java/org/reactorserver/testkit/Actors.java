package org.reactorserver.testkit;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.reactorserver.testkit.net.Dice;

/**
 * Threads of which one runs at a time, up to its next point; there it waits, and a seed decides who goes on. They are
 * real threads, so a lock is a lock: one that waits for something that another one holds is left alone until it gets
 * it.
 */
final class Actors {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final BooleanSupplier ENDED = () -> false;
    private static final long LOOK_NANOS = 50_000;

    // How long an actor that waits may do so without counting as blocked: looks at it in a row, by what they weigh.
    private static final int UNTIL_BLOCKED = 4_000;
    private static final int STILL_BLOCKED = 2_000;
    private static final int STRANGER_HAS_IT = 1; // a class loader, a log: it will be had, on a busy machine later
    private static final int NOBODY_KNOWS = 100; // a future, a condition, a sleep: another actor, as a rule

    private final Dice dice;
    private final int interleaving;
    private final Thread director = Thread.currentThread();
    private final List<Actor> alive = new ArrayList<>(); // in order of their start; guarded by itself
    private final List<Actor> blocked = new ArrayList<>(); // by something else than a point
    private volatile Actor running;
    private int started;

    /**
     * The calling thread directs.
     *
     * @param interleaving at one of so many points somebody else may go on
     */
    Actors(Dice dice, int interleaving) {
        this.dice = dice;
        this.interleaving = interleaving;
    }

    /** Any thread: there is one more, which begins when it is its turn. */
    void start(String name, Runnable task) {
        synchronized (alive) {
            Actor actor = new Actor(name + "-" + ++started, task);
            alive.add(actor);
            actor.start();
        }
    }

    /** Any thread: here another one may go on. Nothing on a thread that is none of these. */
    static void point() {
        if (Thread.currentThread() instanceof Actor actor) {
            actor.point();
        }
    }

    /** An actor: waits here until this is so, and it is its turn. */
    static void waitFor(BooleanSupplier condition) {
        ((Actor) Thread.currentThread()).pause(condition);
    }

    /** Any thread: whether it is the one that runs, so that what it does next is the seed's decision. */
    boolean isRunning() {
        return Thread.currentThread() == running || Thread.currentThread() == director;
    }

    /** The director: those that could go on. */
    List<Actor> ready() {
        List<Actor> ready = new ArrayList<>();
        synchronized (alive) {
            alive.removeIf(actor -> actor.until == ENDED);
            for (Actor actor : alive) {
                BooleanSupplier until = actor.until;
                if (until != null && until.getAsBoolean()) {
                    ready.add(actor);
                }
            }
        }
        return ready;
    }

    /** The director: whether some wait for a lock, or the like. */
    boolean areSomeBlocked() {
        return !blocked.isEmpty();
    }

    /** The director: what each of those that are blocked is doing. */
    String describeBlocked() {
        StringBuilder text = new StringBuilder();
        for (Actor each : blocked) {
            text.append(each.getName()).append(" waits");
            for (StackTraceElement element : each.getStackTrace()) {
                text.append("\n    at ").append(element);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The director: this one goes on, up to its next point, its end, or until it has to wait for another one. */
    void goOn(Actor actor) {
        running = actor;
        actor.until = null;
        LockSupport.unpark(actor);
        if (!isBack(actor, UNTIL_BLOCKED)) {
            blocked.add(actor);
        }
        running = null;
        lookAtBlocked();
    }

    /** The director: whether one of those that were blocked no longer is. */
    boolean lookAtBlocked() {
        boolean isOneBack = false;
        while (blocked.removeIf(each -> isBack(each, STILL_BLOCKED))) { // what it held others may have now
            isOneBack = true;
        }
        return isOneBack;
    }

    private boolean isBack(Actor actor, int mostWeight) {
        for (int weight = 0; weight < mostWeight; ) {
            if (actor.isBack()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (actor.isOnItsWay()) {
                weight = 0;
            } else {
                weight += weightOf(THREADS.getThreadInfo(actor.getId()), mostWeight);
            }
        }
        return false;
    }

    /** Of a look at one that waits; all of it if an actor has what it waits for: that one does not go on meanwhile. */
    private int weightOf(ThreadInfo waiting, int all) {
        if (waiting == null) {
            return 0; // it has ended
        }
        long owner = waiting.getLockOwnerId();
        if (owner < 0) {
            return waiting.getThreadState() == Thread.State.BLOCKED ? 0 : NOBODY_KNOWS; // a monitor that is free now
        }
        return owner == director.getId() || isOneOf(owner) ? all : STRANGER_HAS_IT;
    }

    private boolean isOneOf(long thread) {
        synchronized (alive) {
            return alive.stream().anyMatch(actor -> actor.getId() == thread);
        }
    }

    /** One of the threads. */
    final class Actor extends Thread {
        /**
         * What it waits for at a point, {@link #ENDED}, or null, while it is its turn. Whose turn it is stands nowhere
         * else: told by two fields, it could be seen as back while it runs.
         */
        private volatile BooleanSupplier until = () -> true;

        private Actor(String name, Runnable task) {
            super(task, name);
            setDaemon(true);
        }

        @Override
        public void run() {
            await();
            try {
                super.run();
            } finally {
                until = ENDED;
                LockSupport.unpark(director);
            }
        }

        private boolean isBack() {
            return until != null;
        }

        /** Not back, and not held up either: it runs, or will as soon as there is a processor for it. */
        private boolean isOnItsWay() {
            return getState() == State.RUNNABLE || LockSupport.getBlocker(this) == this;
        }

        private void point() {
            if (running != this || dice.oneIn(interleaving)) {
                pause(() -> true);
            }
        }

        private void pause(BooleanSupplier condition) {
            until = condition;
            LockSupport.unpark(director);
            await();
        }

        private void await() {
            boolean wasInterrupted = false;
            while (until != null) {
                LockSupport.park(this);
                wasInterrupted |= Thread.interrupted(); // else it would not wait
            }
            if (wasInterrupted) {
                interrupt();
            }
        }
    }
}
