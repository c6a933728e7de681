package org.reactorserver.crossing;

import static org.reactorserver.text.Log.LOG;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.reactorserver.loop.HandOff;
import org.reactorserver.loop.Timers;

/**
 * Hands sessions with waiting messages from the loop to the workers: those of one pass together, into
 * one ready queue, for which as many turns are started as there are sessions waiting and workers idle.
 * A turn takes one session after the other until the queue is empty, so a slow handler holds up its own
 * session and no other as long as a worker is left.
 *
 * <p>What a worker is, the executor decides: a pool's thread, a virtual thread, or the loop itself.
 */
public final class Workers implements HandOff {
    /** Sees what is handed off. */
    @FunctionalInterface
    public interface Witness {
        /** Loop: so many sessions were handed to the workers, of which so many were started. */
        void handedOff(int sessions, int workersStarted);
    }

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long BLOCKED_AFTER = 2 * SECOND;

    /** A shorter one would be the next thing that the processor's timer has to be set for, at a price. */
    private static final long LOOK = 10 * MILLI;

    /** The more turns there are to look at, the rarer are the looks, so that they cost next to nothing. */
    private static final long LOOK_PER_TURN = MILLI / 100;

    private final Executor executor;
    private final int parallelism;
    private final Witness witness;
    private final LongSupplier clock;
    private final Timers timers;

    private final ArrayList<Job> collected = new ArrayList<>(); // loop only
    private final ArrayList<Turn> starting = new ArrayList<>(); // loop only

    final List<Turn> turns = new ArrayList<>(); // loop only

    final ArrayDeque<Job> ready = new ArrayDeque<>(); // guarded by itself, like the next
    final ArrayDeque<Turn> idle = new ArrayDeque<>();

    /**
     * Makes the hand-off.
     *
     * @param parallelism how many turns the executor can run at a time; 0 if it runs them at once, on
     *     the loop
     */
    public Workers(Executor executor, int parallelism, Witness witness, LongSupplier clock, Timers timers) {
        this.executor = executor;
        this.parallelism = parallelism;
        this.witness = witness;
        this.clock = clock;
        this.timers = timers;
    }

    /** Loop: the session's lane has just been scheduled. */
    public void add(Job session) {
        collected.add(session);
    }

    @Override
    public boolean isPending() {
        return !collected.isEmpty();
    }

    @Override
    public void handOff() {
        if (collected.isEmpty()) {
            return;
        }
        int sessions = collected.size();
        synchronized (ready) {
            ready.addAll(collected);
            collected.clear();
            while (starting.size() < ready.size() && hasIdle()) {
                starting.add(takeIdle());
            }
        }
        witness.handedOff(sessions, starting.size());
        for (int i = 0; i < starting.size(); i++) {
            executor.execute(starting.get(i));
        }
        starting.clear();
        if (parallelism > 0 && !watch.isArmed()) {
            look(clock.getAsLong());
        }
    }

    private boolean hasIdle() {
        return !idle.isEmpty() || turns.size() < Math.max(1, parallelism);
    }

    private Turn takeIdle() {
        Turn turn = idle.poll();
        if (turn == null) {
            turn = new Turn();
            turns.add(turn);
        }
        return turn;
    }

    /** One run of a worker. */
    private final class Turn implements Runnable {
        private volatile Thread thread;
        private volatile Job session;
        private volatile long since;
        private long reported; // loop only: when that began that was reported last

        @Override
        public void run() {
            thread = Thread.currentThread();
            long now = clock.getAsLong();
            for (Job next = next(); next != null; next = next()) {
                since = now;
                session = next;
                now = run(next, now);
                session = null;
            }
        }

        private long run(Job next, long now) {
            try {
                return next.run(now);
            } catch (Throwable e) { // the session has seen to its end; the worker goes on
                complain(e);
                return clock.getAsLong();
            }
        }

        private void complain(Throwable cause) {
            try {
                LOG.error("session {} failed", session, cause);
            } catch (Throwable e) {
                return; // no memory to say so
            }
        }

        private Job next() {
            synchronized (ready) {
                Job next = ready.poll();
                if (next == null) {
                    idle.push(this);
                }
                return next;
            }
        }

        /** Loop: what it has sent by now is not to wait for it, and it is not to be stuck unnoticed. */
        private void check(long now) {
            Job at = session;
            if (at == null) {
                return;
            }
            at.flush();
            long began = since;
            if (began != reported && now - began > BLOCKED_AFTER) {
                reported = began;
                LOG.warn(
                        "{} has been busy with session {} for {} s; it is at{}",
                        thread.getName(),
                        at.id(),
                        (now - began) / SECOND,
                        whereIs(thread));
            }
        }
    }

    private static String whereIs(Thread thread) {
        StringBuilder text = new StringBuilder();
        StackTraceElement[] stack = thread.getStackTrace();
        for (int i = 0; i < Math.min(8, stack.length); i++) {
            text.append("\n    at ").append(stack[i]);
        }
        return text.toString();
    }

    /**
     * Looks after what was handed off, as long as any turn goes on: the replies of a session
     * whose worker is not through leave, and a handler that does not come back is reported.
     */
    final Timers.Timer watch = new Timers.Timer() {
        @Override
        protected void onTimer() {
            long now = clock.getAsLong();
            for (Turn turn : turns) {
                turn.check(now);
            }
            if (isBusy()) {
                look(now);
            }
        }
    };

    /** Whether any turn is not over, be it that it has not begun. */
    private boolean isBusy() {
        synchronized (ready) {
            return idle.size() < turns.size();
        }
    }

    private void look(long now) {
        timers.arm(watch, now + LOOK + turns.size() * LOOK_PER_TURN);
    }
}
