package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.reactorserver.CloseReason;
import org.reactorserver.Session;
import org.reactorserver.crossing.Job;
import org.reactorserver.crossing.Lane;
import org.reactorserver.crossing.Outbox;
import org.reactorserver.loop.Letter;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;

/**
 * A session as its worker and the application have it; its connection is the loop's side of it.
 * Between the two stand the lane and the outbox, and a letter that tells the loop to look at them.
 */
final class ServedSession implements Session, Job {
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

    final Lane<String> lane = new Lane<>();
    final Outbox outbox = new Outbox();

    private final Shared shared;
    private final Letter letter; // has the loop look at the lane and the outbox
    private final InetSocketAddress peer;
    private long id; // 0 until it is let in

    private volatile CloseReason requested; // why the application's side wants it to end; see REQUESTED
    private volatile Thread worker; // at work on the lane
    private volatile Object attachment;

    ServedSession(Shared shared, Letter letter, InetSocketAddress peer) {
        this.shared = shared;
        this.letter = letter;
        this.peer = peer;
    }

    /** Loop: it is let in, before anybody else knows of it. */
    void number(long number) {
        id = number;
    }

    // ---- the worker

    /**
     * Worker: handles what waits in the lane, in order, up to a budget, and tells the loop once. The
     * lane is released before the loop is told, so that the loop finds it as it is.
     *
     * @param began the time at which this begins
     * @return the time at which it ends
     */
    @Override
    public long run(long began) {
        worker = Thread.currentThread();
        shared.observer.taken(this);
        long now = began;
        int handled = 0;
        try {
            while (handled < shared.settings.messagesPerTurn && now - began < NANOS_PER_TURN && !isOverHighWater()) {
                String message = lane.poll();
                if (message == null) {
                    Lane.Event event = lane.pollEvent();
                    if (event == null) {
                        break;
                    }
                    handle(event);
                    now = shared.clock.getAsLong();
                } else if (lane.isAbandoned() || shared.cutOff) {
                    shared.counters.messagesDropped.increment();
                } else {
                    handled++;
                    handle(message);
                    long end = shared.clock.getAsLong();
                    shared.observer.handled(this, end - now);
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
    @Override
    public void flush() {
        if (!outbox.isEmpty()) {
            tellLoop();
        }
    }

    /** Has the loop look at the lane and the outbox. */
    private void tellLoop() {
        shared.loop.post(letter);
    }

    private void handle(String message) {
        shared.counters.messagesHandled.increment();
        try {
            shared.settings.handler.onMessage(this, message);
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
        boolean isOurs =
                (lane.isAbandoned() || shared.cutOff) && cause instanceof InterruptedException; // the end of the drain
        request(CloseReason.HANDLER_FAILED);
        sendError("the handler failed");
        if (!isOurs && shared.warnings.allows()) {
            String held = shared.warnings.held();
            LOG.warn(() -> "the handler failed at session " + this + ": " + describe(cause) + held);
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
        shared.settings.framing.check(text);
        if (requested != null) {
            return false;
        }
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        Settings settings = shared.settings;
        switch (outbox.add(payload, settings.framing, settings.highWater, settings.outboxLimit)) {
            case TAKEN -> {
                shared.observer.queued(this, text);
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
        outbox.add(payload, shared.settings.framing, Long.MAX_VALUE, Long.MAX_VALUE);
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
        return outbox.bytes() > shared.settings.highWater;
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
