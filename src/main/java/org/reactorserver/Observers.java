package org.reactorserver;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Two observers that both see everything, in this order; also if the first one fails. */
final class Observers implements ServerObserver {
    private final ServerObserver first;
    private final ServerObserver second;

    private Observers(ServerObserver first, ServerObserver second) {
        this.first = first;
        this.second = second;
    }

    static ServerObserver both(ServerObserver first, ServerObserver second) {
        return first == NONE ? second : second == NONE ? first : new Observers(first, second);
    }

    private void both(Consumer<ServerObserver> event) {
        try {
            event.accept(first);
        } finally {
            event.accept(second);
        }
    }

    @Override
    public void selected(int keys, boolean slept) {
        both(each -> each.selected(keys, slept));
    }

    @Override
    public void wokenUp() {
        both(ServerObserver::wokenUp);
    }

    @Override
    public void selectorReplaced() {
        both(ServerObserver::selectorReplaced);
    }

    @Override
    public void connected(Session session) {
        both(each -> each.connected(session));
    }

    @Override
    public void acceptedNone() {
        both(ServerObserver::acceptedNone);
    }

    @Override
    public void acceptFailed(Exception cause, long retryMillis) {
        both(each -> each.acceptFailed(cause, retryMillis));
    }

    @Override
    public void refused(InetSocketAddress peer, CloseReason reason) {
        both(each -> each.refused(peer, reason));
    }

    @Override
    public void read(Session session, int bytes) {
        both(each -> each.read(session, bytes));
    }

    @Override
    public void received(Session session, String message) {
        both(each -> each.received(session, message));
    }

    @Override
    public void handedOff(int sessions, int workersStarted) {
        both(each -> each.handedOff(sessions, workersStarted));
    }

    @Override
    public void taken(Session session) {
        both(each -> each.taken(session));
    }

    @Override
    public void handled(Session session, long nanos) {
        both(each -> each.handled(session, nanos));
    }

    @Override
    public void queued(Session session, String message) {
        both(each -> each.queued(session, message));
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        both(each -> each.written(session, bytes, messages));
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        both(each -> each.closed(session, reason));
    }
}
