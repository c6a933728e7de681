package org.reactorserver.testkit;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.reactorserver.testkit.net.Dice;

/**
 * Threads of which one runs at a time, up to its next point; there it waits, and a seed decides who goes on. They are
 * real threads, so a lock is a lock: one that waits for something that another one holds is left alone until it gets
 * it. Then it runs beside the one that has left it, up to its next point.
 */
final class Actors {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final BooleanSupplier ENDED = () -> false;
    private static final long LOOK_NANOS = 50_000;

    // How long an actor that waits may do so without counting as blocked: by what the looks at it weigh, in a row.
    private static final int WEIGHT_UNTIL_BLOCKED = 4_000;
    private static final int WEIGHT_IF_BLOCKED_BEFORE = 2_000;
    private static final int IT_WILL_BE_HAD = 1; // a stranger has it, such as a class loader, or nobody any more
    private static final int NOBODY_KNOWS = 100; // a future, a condition, a sleep: for another actor, as a rule

    private static final Duration PATIENCE = Duration.ofMinutes(1); // with one that neither waits nor comes back

    private final Dice dice;
    private final int interleaving;
    private final Thread director = Thread.currentThread();
    private final List<Actor> alive = new ArrayList<>(); // in order of their start; guarded by itself
    private final Set<Actor> blocked = new LinkedHashSet<>(); // by something else than a point
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
            actor.start(); // before it is one of them: there may be no thread for it
            alive.add(actor);
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
            text.append(each.getName()).append(" waits").append(stackOf(each)).append('\n');
        }
        return text.toString();
    }

    private static String stackOf(Thread thread) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : thread.getStackTrace()) {
            text.append("\n    at ").append(element);
        }
        return text.toString();
    }

    /** The director: this one goes on, up to its next point, its end, or until it has to wait for another one. */
    void goOn(Actor actor) {
        running = actor;
        actor.until = null;
        LockSupport.unpark(actor);
        if (!isBack(actor, WEIGHT_UNTIL_BLOCKED, IT_WILL_BE_HAD)) {
            blocked.add(actor);
        }
        running = null;
        lookAtBlocked();
    }

    /** The director: whether one of those that were blocked no longer is. */
    private boolean lookAtBlocked() {
        return lookAtBlocked(NOBODY_KNOWS); // strangers have been waited for already
    }

    /** The director: the same, with patience: nobody else can do anything. */
    boolean awaitBlocked() {
        return lookAtBlocked(IT_WILL_BE_HAD);
    }

    private boolean lookAtBlocked(int strangers) {
        boolean isOneBack = false;
        while (blocked.removeIf(each -> isBack(each, WEIGHT_IF_BLOCKED_BEFORE, strangers))) {
            isOneBack = true; // another one may have got what this one held
        }
        return isOneBack;
    }

    /**
     * Whether it has come to a point, or its end, before the looks at it weigh as much.
     *
     * @param strangers what a look weighs while somebody has what it waits for who is none of these
     */
    private boolean isBack(Actor actor, int most, int strangers) {
        long began = System.nanoTime();
        for (int weight = 0; weight < most; ) {
            if (actor.isBack()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (!actor.isOnItsWay()) {
                weight += weightOf(THREADS.getThreadInfo(actor.getId()), most, strangers);
            } else if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new AssertionError("%s does not come back:%s".formatted(actor.getName(), stackOf(actor)));
            } else {
                weight = 0;
            }
        }
        return false;
    }

    /** Of a look at one that waits: all of it, if what it waits for cannot be had before somebody else goes on. */
    private int weightOf(ThreadInfo waiting, int all, int strangers) {
        if (waiting == null) {
            return 0; // it has ended
        }
        long owner = waiting.getLockOwnerId();
        if (owner < 0) {
            return isFree(waiting) ? IT_WILL_BE_HAD : NOBODY_KNOWS;
        }
        if (owner == director.getId() || THREADS.getThreadInfo(owner) == null) { // or has ended without leaving it
            return all;
        }
        Actor other = actor(owner);
        return other == null ? strangers : other.isBack() ? all : NOBODY_KNOWS;
    }

    /** Whether it waits for a lock that has just been left. HotSpot has one that waits for such a monitor run. */
    private static boolean isFree(ThreadInfo waiting) {
        boolean waits = waiting.getThreadState() == Thread.State.WAITING
                || waiting.getThreadState() == Thread.State.TIMED_WAITING;
        return !waits
                || (waiting.getLockInfo() != null
                        && waiting.getLockInfo().getClassName().startsWith(ReentrantLock.class.getName()));
    }

    /** Null if it is none of these. */
    private Actor actor(long thread) {
        synchronized (alive) {
            return alive.stream()
                    .filter(actor -> actor.getId() == thread)
                    .findFirst()
                    .orElse(null);
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
