package org.reactorserver.page;

import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.reactorserver.CloseReason;
import org.reactorserver.PassStep;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.SessionState;
import org.reactorserver.text.Addresses;

/**
 * Sees what happens and writes it down, as long as somebody looks, and no more of it at a time than can be looked at:
 * so much at once, then no more until that is {@link #take taken}. What is written down has no holes, so a message can
 * be followed through it. Who is there is known at all times, since it changes seldom. Any thread.
 */
final class Scene implements ServerObserver {
    /** How much is written down at a time, at most: to do so takes the loop less than 0.1 ms. */
    static final int MOST = 500;

    /** Sessions of a snapshot, at most. */
    private static final int MOST_SESSIONS = 100;

    private final LongSupplier clock;
    private final Brake brake; // null if it may not hold
    private final long start;
    private final AtomicLong passes = new AtomicLong(); // written by the loop only
    private final AtomicReference<What> step = new AtomicReference<>(); // or that it sleeps; by the loop only
    private final AtomicLong missed = new AtomicLong(); // messages received and not written down; by the loop only
    private volatile boolean open; // whether there is room
    private volatile boolean isWatched;

    // guarded by this
    private List<Happening> written = new ArrayList<>();
    private long told; // of those that were missed
    private final Map<Long, Actor> actors = new LinkedHashMap<>();

    /** Somebody who is there. */
    private static final class Actor {
        final String address;
        SessionState state = SessionState.WAITING;
        int ops = SelectionKey.OP_READ;
        PauseReason pause;

        Actor(String address) {
            this.address = address;
        }
    }

    /** What was taken, with who was there when the next things began. */
    record Take(List<Happening> happenings, long missed, Snapshot next) {}

    Scene(LongSupplier clock, Brake brake) {
        this.clock = clock;
        this.brake = brake;
        this.start = clock.getAsLong();
    }

    /** Whether somebody looks. */
    synchronized void setWatched(boolean watched) {
        isWatched = watched;
        open = watched && written.size() < MOST;
    }

    /**
     * What was written down since the last time, oldest first.
     *
     * @param wantsSnapshot whether to tell who is there now; it is told anyway if something was missed
     */
    synchronized Take take(boolean wantsSnapshot) {
        List<Happening> taken = written;
        written = new ArrayList<>();
        long left = missed.get() - told;
        told += left;
        boolean hasHole = taken.size() >= MOST || left > 0;
        open = isWatched;
        return new Take(taken, left, wantsSnapshot || hasHole ? snapshot() : null);
    }

    private Snapshot snapshot() {
        List<Snapshot.Who> first = new ArrayList<>();
        for (Map.Entry<Long, Actor> each : actors.entrySet()) {
            if (first.size() == MOST_SESSIONS) {
                break;
            }
            Actor actor = each.getValue();
            first.add(new Snapshot.Who(each.getKey(), actor.address, actor.state, actor.ops, actor.pause));
        }
        return new Snapshot(passes.get(), step.get(), first, actors.size());
    }

    private void tell(What what, long session) {
        tell(what, session, 0, 0, null);
    }

    /** Returns whether it is written down. */
    private boolean tell(What what, long session, long first, long second, String text) {
        if (!open && brake == null) {
            return false;
        }
        Happening happening = new Happening(
                what,
                clock.getAsLong() - start,
                passes.get(),
                Thread.currentThread().getName(),
                session,
                first,
                second,
                text == null ? null : Happening.cut(text));
        boolean isWritten = write(happening);
        if (brake != null) {
            brake.at(happening);
        }
        return isWritten;
    }

    private synchronized boolean write(Happening happening) {
        if (!open) {
            return false;
        }
        written.add(happening);
        open = written.size() < MOST;
        return true;
    }

    private synchronized Actor actor(Session session) {
        return actors.get(session.id());
    }

    // ---- the loop

    @Override
    public void passBegan() {
        passes.lazySet(passes.getPlain() + 1);
        if (brake != null) {
            brake.isLoop();
        }
    }

    @Override
    public void stepBegan(PassStep next) {
        step.lazySet(What.of(next));
        tell(What.of(next), 0);
    }

    @Override
    public void sleeps(long millis) {
        step.lazySet(What.SLEEPS);
        tell(What.SLEEPS, 0, millis, 0, null);
    }

    @Override
    public void selected(int keys, boolean slept) {
        step.lazySet(What.SELECT);
        tell(What.SELECTED, 0, keys, slept ? 1 : 0, null);
    }

    @Override
    public void keyReady(long number, int readyOps) {
        tell(What.KEY_READY, number, readyOps, 0, null);
    }

    @Override
    public void letterDelivered(long number) {
        tell(What.LETTER, number);
    }

    @Override
    public void timerFired(long number, long lateNanos) {
        tell(What.TIMER, number, lateNanos, 0, null);
    }

    @Override
    public void passEnded(long nanos) {
        tell(What.PASS_OVER, 0, nanos, 0, null);
    }

    @Override
    public void wokenUp() {
        tell(What.WOKEN, 0);
    }

    @Override
    public void selectorReplaced() {
        tell(What.SELECTOR_REPLACED, 0);
    }

    // ---- the sessions

    @Override
    public void connected(Session session) {
        String address = Addresses.text(session.remoteAddress());
        synchronized (this) {
            actors.put(session.id(), new Actor(address));
        }
        tell(What.ACCEPTED, session.id(), 0, 0, address);
    }

    @Override
    public void acceptedNone() {
        tell(What.ACCEPT_NULL, 0);
    }

    @Override
    public void acceptFailed(Exception cause, long retryMillis) {
        tell(What.ACCEPT_FAILED, 0, retryMillis, 0, cause.toString());
    }

    @Override
    public void refused(SocketAddress peer, CloseReason reason) {
        tell(What.REFUSED, 0, 0, 0, Addresses.text(peer) + ": " + reason);
    }

    @Override
    public void read(Session session, int bytes) {
        tell(What.READ, session.id(), bytes, 0, null);
    }

    @Override
    public void received(Session session, String message) {
        came(session, message);
    }

    @Override
    public void received(Session session, byte[] message) {
        came(session, message.length + " B");
    }

    private void came(Session session, String text) {
        if (!tell(What.RECEIVED, session.id(), 0, 0, text)) {
            missed.lazySet(missed.getPlain() + 1);
        }
    }

    @Override
    public void handedOff(int sessions, int workersStarted) {
        tell(What.HANDED_OFF, 0, sessions, workersStarted, null);
    }

    @Override
    public void taken(Session session) {
        tell(What.TAKEN, session.id());
    }

    @Override
    public void handled(Session session, long nanos) {
        tell(What.HANDLED, session.id(), nanos, 0, null);
    }

    @Override
    public void released(Session session, int messages, long sinceReady) {
        tell(What.RELEASED, session.id(), messages, sinceReady, null);
    }

    @Override
    public void queued(Session session, String message) {
        tell(What.QUEUED, session.id(), 0, 0, message);
    }

    @Override
    public void queued(Session session, byte[] message) {
        tell(What.QUEUED, session.id(), 0, 0, message.length + " B");
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        tell(What.WRITTEN, session.id(), bytes, messages, null);
    }

    @Override
    public void writeBlocked(Session session, long waiting) {
        tell(What.WRITE_BLOCKED, session.id(), waiting, 0, null);
    }

    @Override
    public void interestChanged(Session session, int ops, PauseReason pause) {
        Actor actor = actor(session);
        if (actor != null) {
            synchronized (this) {
                actor.ops = ops;
                actor.pause = pause;
            }
        }
        tell(What.INTEREST, session.id(), ops, 0, pause == null ? null : pause.name());
    }

    @Override
    public void deadlinePassed(Session session, String deadline) {
        tell(What.DEADLINE, session.id(), 0, 0, deadline);
    }

    @Override
    public void stateChanged(Session session, SessionState state) {
        Actor actor = actor(session);
        if (actor != null) {
            synchronized (this) {
                actor.state = state;
            }
        }
        tell(What.STATE, session.id(), 0, 0, state.name());
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        synchronized (this) {
            actors.remove(session.id());
        }
        tell(What.CLOSED, session.id(), 0, 0, reason.toString());
    }
}
