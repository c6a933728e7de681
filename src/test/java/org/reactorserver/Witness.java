package org.reactorserver;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Sees what a server does, and lets a test wait for it. Any thread; read the lists inside of await. */
final class Witness implements ServerObserver {
    /** In seconds; less where a test is expected to fail, as for PIT. */
    static final int SECONDS = Integer.getInteger("test.patience", 30);

    static final long PATIENCE = TimeUnit.SECONDS.toNanos(SECONDS);

    final List<Session> connected = new ArrayList<>();
    final List<String> received = new ArrayList<>();
    final List<CloseReason> refused = new ArrayList<>();
    final Map<Long, CloseReason> closed = new LinkedHashMap<>();
    Runnable onRead = () -> {}; // in the midst of a pass
    Runnable onHandled = () -> {}; // as if the handler took longer
    long bytesRead;
    int acceptedNone;
    boolean slept; // by the last select

    /** Waits until the condition, which is looked at after every event, is true. */
    synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("not within " + SECONDS + " s: " + what + "; " + this);
            }
            wait(left);
        }
    }

    /** Waits for the end of a session. */
    synchronized CloseReason awaitClosed(long session) throws InterruptedException {
        await("session " + session + " is closed", () -> closed.containsKey(session));
        return closed.get(session);
    }

    @Override
    public synchronized void connected(Session session) {
        connected.add(session);
        notifyAll();
    }

    @Override
    public synchronized void selected(int keys, boolean hasSlept) {
        slept = hasSlept;
    }

    @Override
    public synchronized void acceptedNone() {
        acceptedNone++;
    }

    @Override
    public synchronized void refused(SocketAddress peer, CloseReason reason) {
        refused.add(reason);
        notifyAll();
    }

    @Override
    public synchronized void read(Session session, int bytes) {
        bytesRead += bytes;
        notifyAll();
        onRead.run();
    }

    @Override
    public synchronized void received(Session session, String message) {
        received.add(message);
        notifyAll();
    }

    @Override
    public void handled(Session session, long nanos) {
        synchronized (this) {
            notifyAll();
        }
        onHandled.run();
    }

    @Override
    public synchronized void closed(Session session, CloseReason reason) {
        closed.put(session.id(), reason);
        notifyAll();
    }

    @Override
    public synchronized String toString() {
        return "%d connected, %d bytes read, %d messages received, closed: %s"
                .formatted(connected.size(), bytesRead, received.size(), closed);
    }
}
