package org.reactorserver;

import static org.reactorserver.Log.LOG;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;

/**
 * A session as its worker and the application have it; its {@link Connection} is the loop's side of it.
 * Between the two stand the lane and the outbox, and a letter that tells the loop to look at them.
 */
final class ServedSession implements Session {
    private static final VarHandle REQUESTED;

    static {
        try {
            REQUESTED = MethodHandles.lookup().findVarHandle(ServedSession.class, "requested", CloseReason.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** After so long with one session a worker turns to the next one. */
    private static final long NANOS_PER_TURN = 1_000_000;

    final Lane lane = new Lane();
    final Outbox outbox = new Outbox();

    private final Connection connection;
    private final InetSocketAddress peer;
    private final long id;

    private volatile CloseReason requested; // why the application's side wants it to end; see REQUESTED
    private volatile Thread worker; // at work on the lane
    private volatile Object attachment;

    ServedSession(Connection connection, InetSocketAddress peer, long id) {
        this.connection = connection;
        this.peer = peer;
        this.id = id;
    }

    // ---- the worker

    /**
     * Worker: handles what waits in the lane, in order, up to a budget, and tells the loop once. The
     * lane is released before the loop is told, so that the loop finds it as it is.
     *
     * @param began the time at which this begins
     * @return the time at which it ends
     */
    long run(long began) {
        Reactor reactor = connection.reactor();
        worker = Thread.currentThread();
        reactor.observer.taken(this);
        long now = began;
        int handled = 0;
        Object item;
        try {
            while (handled < reactor.settings.messagesPerTurn
                    && now - began < NANOS_PER_TURN
                    && !isOverHighWater()
                    && (item = lane.poll()) != null) {
                if (!(item instanceof String message)) {
                    handle((Lane.Event) item);
                    now = reactor.clock.getAsLong();
                } else if (lane.isAbandoned() || reactor.isCutOff()) {
                    reactor.counters.messagesDropped.increment();
                } else {
                    handled++;
                    handle(message);
                    long end = reactor.clock.getAsLong();
                    reactor.observer.handled(this, end - now);
                    now = end;
                }
            }
        } finally { // also without the memory to report a failure of the handler's
            worker = null;
            lane.release();
            tellLoop();
        }
        return now;
    }

    /** Any thread: what has been sent is to leave, though the worker is not through. */
    void flush() {
        if (!outbox.isEmpty()) {
            tellLoop();
        }
    }

    /** Has the loop look at the lane and the outbox. */
    private void tellLoop() {
        connection.reactor().loop.post(connection);
    }

    private void handle(String message) {
        Reactor reactor = connection.reactor();
        reactor.counters.messagesHandled.increment();
        try {
            reactor.settings.handler.onMessage(this, message);
        } catch (Throwable e) { // an Error of the handler's is no reason to lose the worker
            onHandlerFailure(e);
        }
    }

    private void handle(Lane.Event event) {
        try {
            event.happen();
        } catch (Throwable e) {
            onHandlerFailure(e);
        }
    }

    /** The session's end comes first: if there is no memory left, the rest fails too. */
    private void onHandlerFailure(Throwable cause) {
        Reactor reactor = connection.reactor();
        boolean isOurs = (lane.isAbandoned() || reactor.isCutOff())
                && cause instanceof InterruptedException; // the end of the drain
        request(CloseReason.HANDLER_FAILED);
        sendError("the handler failed");
        if (!isOurs && reactor.warnings.allows()) {
            LOG.warn("the handler failed at session {}: {}{}", this, describe(cause), reactor.warnings.held());
        }
    }

    /** What failed and where. It may quote the client; it may, being the handler's, fail itself. */
    private static String describe(Throwable cause) {
        try {
            return Printable.failure(cause, LOG.isDebugEnabled() ? Integer.MAX_VALUE : 1);
        } catch (Throwable e) {
            return cause.getClass().getName();
        }
    }

    // ---- for any thread

    @Override
    public boolean send(String text) {
        Reactor reactor = connection.reactor();
        reactor.settings.framing.check(text);
        if (requested != null) {
            return false;
        }
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        Settings settings = reactor.settings;
        switch (outbox.add(payload, settings.framing, settings.highWater, settings.outboxLimit)) {
            case TAKEN -> {
                reactor.observer.queued(this, text);
                if (Thread.currentThread() != worker) { // the worker tells the loop when it is through
                    tellLoop();
                }
                return true;
            }
            case OVER_LIMIT -> {
                request(CloseReason.OUTBOX_FULL);
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    /** Tells the peer what is wrong, unless it is too late to tell it anything. */
    void sendError(String error) {
        byte[] payload = ("error: " + error).getBytes(StandardCharsets.UTF_8);
        outbox.add(payload, connection.reactor().settings.framing, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Override
    public void close() {
        request(CloseReason.CLOSED_BY_APPLICATION);
    }

    private void request(CloseReason why) {
        if (REQUESTED.compareAndSet(this, null, why)) {
            lane.abandon();
            tellLoop();
        }
    }

    /** Why the application's side wants the session to end; null if it does not. */
    CloseReason requested() {
        return requested;
    }

    /** Whether so many replies wait that no more messages should be read and handled. */
    boolean isOverHighWater() {
        return outbox.bytes() > connection.reactor().settings.highWater;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object attachment) {
        this.attachment = attachment;
    }

    /** {@code 3 127.0.0.1:43072}. */
    @Override
    public String toString() {
        return id + " " + Addresses.text(peer);
    }
}
