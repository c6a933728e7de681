package org.reactorserver.guest;

import static org.reactorserver.text.Log.LOG;

import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.reactorserver.CloseReason;
import org.reactorserver.PassStep;
import org.reactorserver.PauseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.SessionState;
import org.reactorserver.text.RateLimit;

/**
 * Tells several observers, in order. One that throws, whatever and wherever, has no effect but a log line, and few
 * of these. As any observer: any thread.
 */
public final class GuardedObserver implements ServerObserver {
    private volatile ServerObserver[] observers;
    private final RateLimit warnings;

    /** Calls these; with none, a call costs the read of a field. */
    public GuardedObserver(List<ServerObserver> observers, LongSupplier clock) {
        this.observers = observers.toArray(new ServerObserver[0]);
        this.warnings = new RateLimit(1, clock);
    }

    /** Whether there is anybody to be called. */
    public boolean hasAny() {
        return observers.length > 0;
    }

    /** From here on it is called too, after the others; of what began before, it sees the rest only. */
    public synchronized void add(ServerObserver observer) {
        ServerObserver[] more = Arrays.copyOf(observers, observers.length + 1);
        more[observers.length] = observer;
        observers = more;
    }

    /** Whether anybody is told anything. */
    public boolean isWatched() {
        return observers.length > 0;
    }

    /** An Error too: it is the observer's, and no reason for anything else to end. */
    private void complain(ServerObserver observer, Throwable cause) {
        try {
            if (warnings.allows()) {
                LOG.warn("the observer {} failed{}", observer.getClass().getName(), warnings.held(), cause);
            }
        } catch (Throwable e) {
            return; // no memory to say so
        }
    }

    @Override
    public void passBegan() {
        for (ServerObserver each : observers) {
            try {
                each.passBegan();
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void stepBegan(PassStep step) {
        for (ServerObserver each : observers) {
            try {
                each.stepBegan(step);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void sleeps(long millis) {
        for (ServerObserver each : observers) {
            try {
                each.sleeps(millis);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void selected(int keys, boolean slept) {
        for (ServerObserver each : observers) {
            try {
                each.selected(keys, slept);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void keyReady(long number, int readyOps) {
        for (ServerObserver each : observers) {
            try {
                each.keyReady(number, readyOps);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void letterDelivered(long number) {
        for (ServerObserver each : observers) {
            try {
                each.letterDelivered(number);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void timerFired(long number, long lateNanos) {
        for (ServerObserver each : observers) {
            try {
                each.timerFired(number, lateNanos);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void passEnded(long nanos) {
        for (ServerObserver each : observers) {
            try {
                each.passEnded(nanos);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void wokenUp() {
        for (ServerObserver each : observers) {
            try {
                each.wokenUp();
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void selectorReplaced() {
        for (ServerObserver each : observers) {
            try {
                each.selectorReplaced();
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void connected(Session session) {
        for (ServerObserver each : observers) {
            try {
                each.connected(session);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void acceptedNone() {
        for (ServerObserver each : observers) {
            try {
                each.acceptedNone();
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void acceptFailed(Exception cause, long retryMillis) {
        for (ServerObserver each : observers) {
            try {
                each.acceptFailed(cause, retryMillis);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void refused(SocketAddress peer, CloseReason reason) {
        for (ServerObserver each : observers) {
            try {
                each.refused(peer, reason);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void read(Session session, int bytes) {
        for (ServerObserver each : observers) {
            try {
                each.read(session, bytes);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void received(Session session, String message) {
        for (ServerObserver each : observers) {
            try {
                each.received(session, message);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void received(Session session, byte[] message) {
        for (ServerObserver each : observers) {
            try {
                each.received(session, message);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void handedOff(int sessions, int workersStarted) {
        for (ServerObserver each : observers) {
            try {
                each.handedOff(sessions, workersStarted);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void taken(Session session) {
        for (ServerObserver each : observers) {
            try {
                each.taken(session);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void handled(Session session, long nanos) {
        for (ServerObserver each : observers) {
            try {
                each.handled(session, nanos);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void released(Session session, int messages, long sinceReady) {
        for (ServerObserver each : observers) {
            try {
                each.released(session, messages, sinceReady);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void queued(Session session, String message) {
        for (ServerObserver each : observers) {
            try {
                each.queued(session, message);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void queued(Session session, byte[] message) {
        for (ServerObserver each : observers) {
            try {
                each.queued(session, message);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        for (ServerObserver each : observers) {
            try {
                each.written(session, bytes, messages);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void writeBlocked(Session session, long waiting) {
        for (ServerObserver each : observers) {
            try {
                each.writeBlocked(session, waiting);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void interestChanged(Session session, int ops, PauseReason pause) {
        for (ServerObserver each : observers) {
            try {
                each.interestChanged(session, ops, pause);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void deadlinePassed(Session session, String deadline) {
        for (ServerObserver each : observers) {
            try {
                each.deadlinePassed(session, deadline);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void stateChanged(Session session, SessionState state) {
        for (ServerObserver each : observers) {
            try {
                each.stateChanged(session, state);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        for (ServerObserver each : observers) {
            try {
                each.closed(session, reason);
            } catch (Throwable e) {
                complain(each, e);
            }
        }
    }
}
