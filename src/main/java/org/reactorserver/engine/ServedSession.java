package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.reactorserver.CloseReason;
import org.reactorserver.PauseReason;
import org.reactorserver.Session;
import org.reactorserver.crossing.Job;
import org.reactorserver.crossing.Lane;
import org.reactorserver.crossing.Message;
import org.reactorserver.crossing.Outbox;
import org.reactorserver.framing.Framing;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;
import org.reactorserver.wire.TlsSession;

/**
 * A session as its worker and the application have it; its connection is the loop's side of it.
 * Between the two stand the lane and the outbox, and a letter that tells the loop to look at them.
 */
final class ServedSession implements Session, Job {
    private static final AtomicReferenceFieldUpdater<ServedSession, CloseReason> REQUESTED =
            AtomicReferenceFieldUpdater.newUpdater(ServedSession.class, CloseReason.class, "requested");
    private static final AtomicIntegerFieldUpdater<ServedSession> HELD =
            AtomicIntegerFieldUpdater.newUpdater(ServedSession.class, "held");

    /** After so long with one session a worker turns to the next one. */
    private static final long NANOS_PER_TURN = 300_000;

    /** With more replies than this waiting, the loop is told though the turn goes on. */
    private static final long FLUSH_COST = 16 * 1024;

    final Lane<String> lane = new Lane<>();
    final Outbox outbox = new Outbox();

    private final Shared shared;
    private final Carrier carrier; // as a letter it has the loop look at the lane and the outbox
    private SocketAddress peer; // the proxy until it is known who it is for
    private long id; // 0 until it is let in

    private volatile CloseReason requested; // why the application's side wants it to end; see REQUESTED
    private long readySince; // when the pass began that gave it to the workers; whoever has the lane
    private volatile int held; // requests that will be answered later; see HELD
    private volatile Thread worker; // at work on the lane
    private volatile Object attachment;

    ServedSession(Shared shared, Carrier carrier, SocketAddress peer) {
        this.shared = shared;
        this.carrier = carrier;
        this.peer = peer;
    }

    /** Loop: who the client is, before anybody else knows of it. */
    void identify(SocketAddress client) {
        peer = client;
    }

    /** Loop: it is let in, before anybody else knows of it. */
    void number(long number) {
        id = number;
    }

    /** Loop: it is given to the workers, in the pass that began at this time. */
    void readySince(long began) {
        readySince = began;
    }

    // ---- the worker

    /**
     * Worker: handles what waits in the lane, in order, up to a budget, and tells the loop. Once everything
     * is cut off nobody schedules the lane again, so then the worker goes on until it is empty.
     */
    @Override
    public long run(long began) {
        shared.observer.taken(this);
        long now = began;
        do {
            now = handleSome(now);
        } while (shared.cutOff && lane.schedule());
        return now;
    }

    /** The lane is released before the loop is told, so that the loop finds it as it is. */
    private long handleSome(long began) {
        worker = Thread.currentThread();
        long now = began;
        int handled = 0;
        int weight = 0;
        try {
            while (shared.cutOff
                    || (handled < shared.settings.messagesPerTurn && now - began < NANOS_PER_TURN && mayHandle())) {
                String message = lane.poll();
                if (message == null) {
                    Lane.Event event = lane.pollEvent();
                    if (event == null) {
                        break;
                    }
                    handle(event);
                    now = shared.clock.getAsLong();
                    continue;
                }
                weight += Message.weight(message);
                if (lane.isAbandoned() || shared.cutOff) {
                    shared.counters.messagesDropped.increment();
                } else {
                    handled++;
                    handle(message);
                    long end = shared.clock.getAsLong();
                    shared.observer.handled(this, end - now);
                    now = end;
                }
            }
            shared.observer.released(this, handled, now - readySince);
        } finally { // also without the memory to report a failure of the handler's
            worker = null;
            lane.release(weight);
            tellLoop();
        }
        return now;
    }

    /** Any thread: whether its messages are to be handled now, as far as it is up to the replies to those before. */
    boolean mayHandle() {
        return lane.isAbandoned() // then they are only skipped
                || (!isOverHighWater() && (!isOverHeld() || outbox.isShut()));
    }

    /** Any thread: whether so many replies wait that no more messages should be read and handled. */
    boolean isOverHighWater() {
        return outbox.cost() > Math.min(shared.settings.highWater, shared.replies.allowance());
    }

    /** Loop: which of the two it is, if nothing is to be handled. */
    PauseReason whyNotHandled() {
        if (!isOverHighWater()) {
            return PauseReason.REQUESTS_HELD;
        }
        return outbox.cost() > shared.settings.highWater ? PauseReason.REPLIES_WAITING : PauseReason.REPLY_MEMORY;
    }

    /** Of all sessions together, the limit concerns those that hold some: it ends when they answer. */
    private boolean isOverHeld() {
        int count = held;
        return count > 0
                && (count >= shared.settings.maxHeldPerSession || shared.held.get() >= shared.settings.maxHeld);
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
        shared.loop.post(carrier);
    }

    private void handle(String message) {
        shared.counters.messagesHandled.increment();
        Thread.interrupted(); // what an earlier call left behind
        try {
            shared.settings.handler.onMessage(this, message);
        } catch (Throwable e) { // an Error of the handler's is no reason to lose the worker
            onHandlerFailure(e);
        }
    }

    private void handle(Lane.Event event) {
        Thread.interrupted(); // likewise
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
        Settings settings = shared.settings;
        byte[] payload = settings.framing.encode(text, settings.codec);
        if (requested != null) {
            return false;
        }
        switch (outbox.add(payload, settings.framing, settings.highWater, settings.outboxLimit)) {
            case TAKEN -> {
                shared.observer.queued(this, text);
                if (Thread.currentThread() != worker || outbox.cost() > FLUSH_COST) {
                    tellLoop(); // else the worker does so when it is through
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

    /** Tells the peer what is wrong, unless it is too late to tell it anything, or there is no way to say so. */
    void sendError(String error) {
        Framing framing = shared.settings.framing;
        try {
            byte[] payload = framing.encode("error: " + error, shared.settings.codec);
            outbox.add(payload, framing, Long.MAX_VALUE, Long.MAX_VALUE);
        } catch (IllegalArgumentException e) {
            LOG.debug("a session is not told its error: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        request(CloseReason.CLOSED_BY_APPLICATION);
    }

    private void request(CloseReason why) {
        if (REQUESTED.compareAndSet(this, null, why)) {
            abandon();
            tellLoop();
        }
    }

    /** Any thread: the messages that wait are dropped. */
    void abandon() {
        shared.counters.messagesDropped.add(lane.abandon());
    }

    /** Why the application's side wants the session to end; null if it does not. */
    CloseReason requested() {
        return requested;
    }

    @Override
    public Hold hold() {
        HELD.incrementAndGet(this);
        shared.held.incrementAndGet();
        return new Held();
    }

    /** A request that will be answered later. */
    private final class Held implements Hold {
        private final AtomicBoolean released = new AtomicBoolean();

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                shared.held.decrementAndGet();
                HELD.decrementAndGet(ServedSession.this);
                tellLoop();
            }
        }
    }

    /** Loop: how many requests are held. */
    int held() {
        return held;
    }

    /** Loop: whether nothing waits to be handled, is being handled, or will be answered later. */
    boolean isAtRest() {
        return lane.isIdle() && held == 0; // in this order: a request is held before its lane is released
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public InetSocketAddress peer() {
        return peer instanceof InetSocketAddress address ? address : null;
    }

    @Override
    public SocketAddress remoteAddress() {
        return peer;
    }

    @Override
    public TlsSession tls() {
        return carrier.tls();
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
