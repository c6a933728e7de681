package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.reactorserver.DrainReport;
import org.reactorserver.loop.Timers;
import org.reactorserver.session.Counters;
import org.reactorserver.session.Shared;

/** The shutdown, from the first to the last deadline. Loop only. */
final class Drain {
    /** How long it waits for clients that have connected and not sent yet, and for messages of lost ones. */
    private static final long LAST_CALL_NANOS = 1_000_000_000;

    private final Shared shared;
    private final long timeout;
    private final long began;
    private final int sessions;
    private final long repliesBefore;
    private final long messagesDroppedBefore;
    private final long repliesDroppedBefore;
    private boolean waitsForLost;
    private int unanswered;
    private int forced;

    Drain(Shared shared, long timeout) {
        Counters counters = shared.counters;
        this.shared = shared;
        this.timeout = timeout;
        this.began = shared.loop.now();
        this.sessions = counters.open;
        this.repliesBefore = counters.repliesWritten.sum();
        this.messagesDroppedBefore = counters.messagesDropped.sum();
        this.repliesDroppedBefore = counters.repliesDropped.sum();
    }

    void begin(List<Listener> listeners) {
        shared.phase = Shared.Phase.LAST_CALL;
        shared.admission.hurry();
        for (Listener listener : listeners) {
            try {
                listener.close();
            } catch (IOException e) {
                LOG.warn("closing the listener failed", e);
            }
        }
        forEachConnection(shared, Connection::drain);
        shared.onGone = this::look;
        look();
        if (timeout > 0) {
            after(Math.min(LAST_CALL_NANOS, timeout / 2), this::endLastCall);
            after(timeout, this::force);
        } else { // here and now
            endLastCall();
            force();
        }
    }

    private void endLastCall() {
        shared.phase = Shared.Phase.CLOSING;
        forEachConnection(shared, Connection::drain);
    }

    /**
     * When no connection is left it is over. When only messages of lost ones are left, it waits for these no longer
     * than this.
     */
    private void look() {
        if (shared.live == 0) {
            shared.loop.stop();
        } else if (shared.open == 0 && !waitsForLost) {
            waitsForLost = true;
            after(shared.loop.now() - began + LAST_CALL_NANOS, this::force);
        }
    }

    private void force() {
        shared.cutOff = true; // also for those of lost peers, which no connection is left of
        unanswered = shared.held.get();
        shared.workers.interrupt(); // before any onClose is called, which is not to be interrupted
        forEachConnection(shared, connection -> forced += connection.force() ? 1 : 0);
        shared.loop.stop();
    }

    private void after(long nanos, Runnable step) {
        Timers.Timer timer = new Timers.Timer() {
            @Override
            protected void onTimer() {
                step.run();
            }
        };
        shared.loop.timers().arm(timer, began + nanos);
    }

    static void forEachConnection(Shared shared, Consumer<Connection> action) {
        shared.loop.forEach(pollable -> {
            if (pollable instanceof Connection connection) {
                action.accept(connection);
            }
        });
    }

    /** How many messages had been dropped when it began. */
    long messagesDroppedBefore() {
        return messagesDroppedBefore;
    }

    /** The loop has ended: what is still in the lanes now will not be handled. */
    DrainReport report() {
        Counters counters = shared.counters;
        return new Drained(
                sessions,
                counters.repliesWritten.sum() - repliesBefore,
                counters.messagesRead.sum() - counters.messagesHandled.sum() - messagesDroppedBefore,
                counters.repliesDropped.sum() - repliesDroppedBefore,
                unanswered,
                forced,
                shared.workers.running(),
                Duration.ofNanos(shared.clock.getAsLong() - began));
    }
}
