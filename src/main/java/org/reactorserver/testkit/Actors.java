package org.reactorserver.testkit;

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
    private static final long LOOK_NANOS = 50_000;
    private static final int LOOKS_UNTIL_BLOCKED = 40; // in a row; what others hold for a moment is no reason
    private static final int LOOKS_AT_BLOCKED = 4;

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
            alive.removeIf(actor -> actor.ended);
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
        actor.goes = true;
        LockSupport.unpark(actor);
        if (!isBack(actor, LOOKS_UNTIL_BLOCKED)) {
            blocked.add(actor);
        }
        running = null;
        lookAtBlocked();
    }

    /** The director: whether one of those that were blocked no longer is. */
    boolean lookAtBlocked() {
        return blocked.removeIf(each -> isBack(each, LOOKS_AT_BLOCKED));
    }

    private static boolean isBack(Actor actor, int looks) {
        for (int seen = 0; seen < looks; ) {
            if (actor.isBack()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            Thread.State state = actor.getState();
            boolean waits = !actor.goes && state != Thread.State.RUNNABLE && !actor.isBack();
            seen = waits ? seen + 1 : 0;
        }
        return false;
    }

    /** One of the threads. */
    final class Actor extends Thread {
        private volatile BooleanSupplier until = () -> true; // null: it runs
        private volatile boolean goes; // it is told to, and has not begun yet
        private volatile boolean ended;

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
                ended = true;
                LockSupport.unpark(director);
            }
        }

        private boolean isBack() {
            return ended || (until != null && !goes);
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
            while (!goes) {
                LockSupport.park(this);
                wasInterrupted |= Thread.interrupted(); // else it would not wait
            }
            until = null;
            goes = false;
            if (wasInterrupted) {
                interrupt();
            }
        }
    }
}
