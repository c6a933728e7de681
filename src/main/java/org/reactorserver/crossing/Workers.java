package org.reactorserver.crossing;

import static org.reactorserver.text.Log.LOG;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.LongSupplier;
import org.reactorserver.loop.HandOff;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.RateLimit;

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

    /** Is shown a handler that is at work. */
    @FunctionalInterface
    public interface Visitor {
        /** Loop: this thread has been at this session since this time of the clock. */
        void visit(Thread worker, long session, long since);
    }

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long BLOCKED_AFTER = 2 * SECOND;
    private static final int MOST_WARNINGS_PER_SECOND = 5; // each one takes a stack, which stops the worker

    /** A shorter one would be the next thing that the processor's timer has to be set for, at a price. */
    private static final long LOOK = 10 * MILLI;

    /** The more turns there are to check, the rarer are the checks, so that they cost little. */
    private static final long LOOK_PER_TURN = MILLI / 100;

    private static final long HOPELESS_AFTER = 5 * SECOND;
    private static final long NOT_FAILING = Long.MIN_VALUE;

    private static final int MOST_IDLE = 64; // turns that are kept for the next start

    private static final ThreadLocal<Workers> AT_WORK_FOR = new ThreadLocal<>();

    private final Executor executor;
    private final int parallelism;
    private final Witness witness;
    private final LongSupplier clock;
    private final Timers timers;
    private final RateLimit warnings;

    // loop only
    private final ArrayList<Job> prompt = new ArrayList<>();
    private final ArrayList<Job> bulk = new ArrayList<>();
    private final ArrayList<Turn> starting = new ArrayList<>();
    private final List<Turn> started = new ArrayList<>(); // and perhaps over since the last look
    private long failingSince = NOT_FAILING; // when no worker could be started any more

    // guarded by ready
    final ReadyQueue ready = new ReadyQueue();
    private final ArrayDeque<Turn> idle = new ArrayDeque<>();
    private int busy; // turns that were started and are not over

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
        this.warnings = new RateLimit(MOST_WARNINGS_PER_SECOND, clock);
    }

    /** Loop: the session's lane has just been scheduled; what waits in it weighs so much. */
    public void add(Job session, int weight) {
        (weight > Message.BULK ? bulk : prompt).add(session);
    }

    @Override
    public boolean isPending() {
        return !prompt.isEmpty() || !bulk.isEmpty();
    }

    @Override
    public void handOff() {
        int sessions = prompt.size() + bulk.size();
        synchronized (ready) {
            ready.add(prompt, bulk);
            prompt.clear();
            bulk.clear();
            while (starting.size() < ready.size() && busy < Math.max(1, parallelism)) {
                busy++;
                starting.add(idle.isEmpty() ? new Turn() : idle.pop());
            }
        }
        witness.handedOff(sessions, starting.size());
        for (int i = 0; i < starting.size(); i++) {
            start(starting.get(i), starting.size() - 1 - i);
        }
        starting.clear();
        if (parallelism > 0 && !watch.isArmed()) {
            look(clock.getAsLong());
        }
    }

    /** Starts it, and so many more will be. */
    private void start(Turn turn, int behind) {
        turn.isOver = false;
        if (!turn.isListed) {
            turn.isListed = true;
            started.add(turn);
        }
        try {
            executor.execute(turn);
            failingSince = NOT_FAILING;
        } catch (RuntimeException | OutOfMemoryError e) { // no thread for it: the sessions wait for the next look
            turn.end();
            complain("a worker cannot be started", e);
            if (isHopeless(behind)) {
                throw new Error("no worker can be started", e); // an exception of a timer would only be logged
            }
        }
    }

    /** A server that has had no worker for so long, and cannot start one, must not look alive. */
    private boolean isHopeless(int behind) {
        long now = clock.getAsLong();
        if (busy() > behind) {
            failingSince = NOT_FAILING;
        } else if (failingSince == NOT_FAILING) {
            failingSince = now;
        }
        return failingSince != NOT_FAILING && now - failingSince > HOPELESS_AFTER;
    }

    /** Logs nothing if there is no memory for it: the worker, or the loop, goes on. */
    private static void complain(String what, Throwable cause) {
        try {
            LOG.error(what, cause);
        } catch (Throwable e) {
            return;
        }
    }

    /** One run of a worker. */
    private final class Turn implements Runnable {
        /** Between two sessions nothing depends on who sees it when: no fence. */
        private static final AtomicReferenceFieldUpdater<Turn, Job> SESSION =
                AtomicReferenceFieldUpdater.newUpdater(Turn.class, Job.class, "session");

        /** Seen with the session that is set behind it. */
        private static final AtomicLongFieldUpdater<Turn> SINCE =
                AtomicLongFieldUpdater.newUpdater(Turn.class, "since");

        private volatile Thread thread;
        private volatile Job session; // null between two of them; see SESSION
        private volatile long since; // see SINCE
        private volatile boolean isOver;
        private long reported = Long.MIN_VALUE; // loop only: when that began that was reported last
        private boolean isListed; // loop only: among those started

        @Override
        public void run() {
            thread = Thread.currentThread();
            AT_WORK_FOR.set(Workers.this);
            long now = clock.getAsLong();
            for (Job next = next(); next != null; next = next()) {
                SINCE.lazySet(this, now);
                session = next; // with a fence: it is interrupted, or sees that all is cut off
                now = run(next, now);
                SESSION.lazySet(this, null);
            }
            AT_WORK_FOR.remove();
            Thread.interrupted(); // an interrupt from a handler must not reach the executor
        }

        private long run(Job next, long now) {
            try {
                return next.run(now);
            } catch (Throwable e) { // the session has been ended; the worker goes on
                complain("a session failed", e);
                return clock.getAsLong();
            }
        }

        private Job next() {
            synchronized (ready) {
                Job next = ready.poll();
                if (next == null) {
                    end();
                }
                return next;
            }
        }

        private void end() {
            synchronized (ready) {
                busy--;
                isOver = true;
                if (idle.size() < MOST_IDLE) {
                    idle.push(this);
                }
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
                if (warnings.allows()) {
                    warn(at.id(), (now - began) / SECOND);
                }
            }
        }

        /** The text is made by the thread that writes the log: it takes the worker's stack. */
        private void warn(long id, long seconds) {
            Thread worker = thread;
            String held = warnings.held();
            LOG.warn(() -> "%s has been busy with session %d for %d s; it is at%s%s"
                    .formatted(worker.getName(), id, seconds, whereIs(worker), held));
        }

        /** Loop: whether it is over and is to be forgotten until it is started again. */
        private boolean leavesList() {
            isListed = !isOver;
            return !isListed;
        }

        /** Any thread: a handler that waits is to wait no longer. */
        private void interrupt() {
            Thread at = thread;
            if (session != null && at != null) {
                at.interrupt();
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
     * Checks what was handed off, as long as any turn is running: the replies of a session
     * whose worker is not through leave, a handler that does not come back is reported, and sessions for which
     * no worker could be started get one.
     */
    final Timers.Timer watch = new Timers.Timer() {
        @Override
        protected void onTimer() {
            long now = clock.getAsLong();
            started.removeIf(Turn::leavesList);
            for (int i = 0; i < started.size(); i++) {
                started.get(i).check(now);
            }
            if (isWanted()) {
                handOff();
            }
            if (!isIdle()) {
                look(now);
            }
        }
    };

    /** Whether sessions wait and no worker is at work. */
    private boolean isWanted() {
        synchronized (ready) {
            return busy == 0 && ready.size() > 0;
        }
    }

    private boolean isIdle() {
        return busy() == 0 && !isWanted();
    }

    /** Any thread: how many turns have been started and are not over, be it that they have not begun. */
    public int busy() {
        synchronized (ready) {
            return busy;
        }
    }

    /** Any thread: whether the caller is one of these, at work. */
    public boolean isCaller() {
        return AT_WORK_FOR.get() == this;
    }

    /** Loop: how many handlers are at work. */
    public int running() {
        int running = 0;
        for (Turn turn : started) {
            running += turn.session != null ? 1 : 0;
        }
        return running;
    }

    /** Loop: shows the handlers that are at work. */
    public void forEachRunning(Visitor visitor) {
        for (Turn turn : started) {
            Job at = turn.session;
            Thread worker = turn.thread;
            if (at != null && worker != null) {
                visitor.visit(worker, at.id(), turn.since);
            }
        }
    }

    /** Loop: interrupts the handlers that are at work. */
    public void interrupt() {
        for (Turn turn : started) {
            turn.interrupt();
        }
    }

    private void look(long now) {
        timers.arm(watch, now + LOOK + started.size() * LOOK_PER_TURN);
    }
}
