package org.reactorserver.page;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Holds the loop, on its own thread, in the middle of its work: for a moment at each thing that happens, or until it is
 * let go on. Only for a server that was started to be looked at. What is held is the loop alone: workers go on, and what
 * they say waits in the mailbox. Meanwhile {@link #clock} stands still, so that no deadline passes for it.
 *
 * <p>All methods may be called from any thread.
 */
public final class Brake {
    /** How far the loop is let go on. */
    public enum Until {
        /** To whatever happens next. */
        EVENT,
        /** To the next of the six steps. */
        STEP,
        /** To the next pass. */
        PASS,
        /** To where it has nothing left to do and goes to sleep, whatever happens before. */
        SLEEP;

        private boolean isReached(What what) {
            return this == SLEEP
                    ? what == What.SLEEPS
                    : this == EVENT || (this == STEP && what.isStep()) || what == What.SELECT;
        }
    }

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MOST_MILLIS = 60_000;

    private final LongSupplier real;
    private volatile Thread loop; // null before its first pass
    private volatile Consumer<Happening> narrator = happening -> {};

    // guarded by this
    private long paceMillis; // for how long it is held at each thing
    private Until until; // null: for as long as nobody says otherwise
    private Happening heldAt; // null while it is not held
    private boolean isOff;
    private long lost; // nanoseconds for which it was held, altogether
    private long since; // when this began, if it is held

    /**
     * Makes one that has not held anything yet.
     *
     * @param real the clock of the system, or what stands for it, in nanoseconds
     * @param paceMillis for how long the loop is held at each thing that happens; 0 for not at all
     * @param isStopping whether it is held at the first thing that happens until it is let go on
     */
    public Brake(LongSupplier real, long paceMillis, boolean isStopping) {
        this.real = real;
        this.paceMillis = Math.min(paceMillis, MOST_MILLIS);
        this.until = isStopping ? Until.EVENT : null;
    }

    /** Who is told what the loop is held at, each time, before that; and at once, if it is held. */
    public void setNarrator(Consumer<Happening> narrator) {
        Happening at;
        synchronized (this) {
            this.narrator = narrator;
            at = heldAt;
        }
        if (at != null) {
            narrator.accept(at);
        }
    }

    /** The real clock without the time for which the loop was held. */
    public synchronized long clock() {
        return (heldAt == null ? real.getAsLong() : since) - lost;
    }

    /** The calling thread is the loop's. */
    void isLoop() {
        if (loop == null) {
            loop = Thread.currentThread();
        }
    }

    /** Something has happened; on the loop's thread this returns when it may go on. */
    void at(Happening happening) {
        if (Thread.currentThread() == loop && begins(happening)) {
            narrator.accept(happening);
            hold(happening);
        }
    }

    /** Whether it is held there; its clock stands still from here on. */
    private synchronized boolean begins(Happening happening) {
        if (isOff || (paceMillis == 0 && !isStopAt(happening))) {
            return false;
        }
        since = real.getAsLong();
        heldAt = happening;
        return true;
    }

    private boolean isStopAt(Happening happening) {
        return until != null && until.isReached(happening.what());
    }

    private synchronized void hold(Happening happening) {
        boolean isInterrupted = false;
        long left;
        while ((left = left(happening)) > 0) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        release();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** For how many milliseconds it is held yet, unless somebody says otherwise. */
    private long left(Happening happening) {
        if (heldAt == null || isOff) {
            return 0;
        }
        return isStopAt(happening) ? Long.MAX_VALUE : paceMillis - (real.getAsLong() - since) / NANOS_PER_MILLI;
    }

    /** Lets the loop go on so far; one that is not held is held when it gets there. */
    public synchronized void letGo(Until next) {
        until = next;
        release();
    }

    /** Holds the loop at the next thing that happens, or where it is. */
    public synchronized void stop() {
        until = Until.EVENT;
        notifyAll();
    }

    /** Lets the loop go on until it is told to stop. */
    public synchronized void resume() {
        until = null;
        release();
    }

    /** Lets the loop go on and never holds it again: the server is to end. */
    public synchronized void off() {
        isOff = true;
        release();
    }

    /** For how many milliseconds the loop is held at each thing that happens, up to a minute; 0 for not at all. */
    public synchronized void setPace(long millis) {
        paceMillis = Math.min(millis, MOST_MILLIS);
        notifyAll();
    }

    private void release() {
        if (heldAt != null) {
            lost += real.getAsLong() - since;
            heldAt = null;
        }
        notifyAll();
    }

    /** How it is. */
    public synchronized State state() {
        return new State(heldAt, until != null, paceMillis);
    }

    /**
     * How a brake is.
     *
     * @param at what the loop is held at; null if it is not held
     * @param isStopped whether it is to be held until it is let go on: where it is, or at what happens next
     * @param paceMillis for how long it is held at each thing that happens
     */
    public record State(Happening at, boolean isStopped, long paceMillis) {}
}
