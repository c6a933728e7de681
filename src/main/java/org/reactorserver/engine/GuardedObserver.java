package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.reactorserver.CloseReason;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.text.RateLimit;

/**
 * Tells several observers, in order. One that throws, whatever and wherever, has no effect but a log line, and few
 * of these. As any observer: any thread.
 */
final class GuardedObserver implements ServerObserver {
    private final ServerObserver[] observers;
    private final RateLimit warnings;

    private GuardedObserver(List<ServerObserver> observers, LongSupplier clock) {
        this.observers = observers.toArray(new ServerObserver[0]);
        this.warnings = new RateLimit(1, clock);
    }

    /** If there is nobody to tell, nothing is called that could cost anything. */
    static ServerObserver of(List<ServerObserver> observers, LongSupplier clock) {
        return observers.isEmpty() ? NONE : new GuardedObserver(observers, clock);
    }

    private void tell(Consumer<ServerObserver> event) {
        for (ServerObserver observer : observers) {
            try {
                event.accept(observer);
            } catch (Throwable e) { // an Error too: it is the observer's
                complain(observer, e);
            }
        }
    }

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
    public void selected(int keys, boolean slept) {
        tell(observer -> observer.selected(keys, slept));
    }

    @Override
    public void wokenUp() {
        tell(ServerObserver::wokenUp);
    }

    @Override
    public void selectorReplaced() {
        tell(ServerObserver::selectorReplaced);
    }

    @Override
    public void connected(Session session) {
        tell(observer -> observer.connected(session));
    }

    @Override
    public void acceptedNone() {
        tell(ServerObserver::acceptedNone);
    }

    @Override
    public void acceptFailed(Exception cause, long retryMillis) {
        tell(observer -> observer.acceptFailed(cause, retryMillis));
    }

    @Override
    public void refused(InetSocketAddress peer, CloseReason reason) {
        tell(observer -> observer.refused(peer, reason));
    }

    @Override
    public void read(Session session, int bytes) {
        tell(observer -> observer.read(session, bytes));
    }

    @Override
    public void received(Session session, String message) {
        tell(observer -> observer.received(session, message));
    }

    @Override
    public void handedOff(int sessions, int workersStarted) {
        tell(observer -> observer.handedOff(sessions, workersStarted));
    }

    @Override
    public void taken(Session session) {
        tell(observer -> observer.taken(session));
    }

    @Override
    public void handled(Session session, long nanos) {
        tell(observer -> observer.handled(session, nanos));
    }

    @Override
    public void queued(Session session, String message) {
        tell(observer -> observer.queued(session, message));
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        tell(observer -> observer.written(session, bytes, messages));
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        tell(observer -> observer.closed(session, reason));
    }
}
