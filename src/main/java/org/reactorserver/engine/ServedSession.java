package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.reactorserver.CloseReason;
import org.reactorserver.crossing.Job;
import org.reactorserver.crossing.Lane;
import org.reactorserver.crossing.Message;
import org.reactorserver.crossing.Outbox;
import org.reactorserver.framing.Binary;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;
import org.reactorserver.wire.TlsSession;

/**
 * A session as its worker and the application have it; its connection is the loop's side of it.
 * Between the two stand the lane and the outbox, and a letter that tells the loop to look at them.
 */
final class ServedSession implements Handling.Asked, Answers.Asker, Job {
    private static final AtomicReferenceFieldUpdater<ServedSession, CloseReason> REQUESTED =
            AtomicReferenceFieldUpdater.newUpdater(ServedSession.class, CloseReason.class, "requested");
    private static final AtomicIntegerFieldUpdater<ServedSession> HELD =
            AtomicIntegerFieldUpdater.newUpdater(ServedSession.class, "held");

    /** After so long with one session a worker turns to the next one. */
    private static final long NANOS_PER_TURN = 300_000;

    /** With more replies than this waiting, the loop is told though the turn goes on. */
    private static final long FLUSH_COST = 16 * 1024;

    final Lane<Object> lane = new Lane<>();
    final Outbox outbox = new Outbox();

    private final Shared shared;
    private final Carrier carrier; // as a letter it has the loop look at the lane and the outbox
    private SocketAddress peer; // the proxy until it is known who it is for
    private long id; // 0 until it is let in

    private volatile CloseReason requested; // why the application's side wants it to end; see REQUESTED
    private volatile int held; // requests that will be answered later; see HELD
    private volatile Thread worker; // at work on the lane
    private volatile Answers answers; // null until a request of it is answered late
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
            while (shared.cutOff || (handled < shared.settings.messagesPerTurn && now - began < NANOS_PER_TURN)) {
                Lane.Event event = lane.pollUrgent();
                boolean mayHandle = event == null && (shared.cutOff || mayHandle());
                Object message = mayHandle ? lane.poll() : null;
                if (message == null) {
                    event = mayHandle ? lane.pollEvent() : event;
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

    private void handle(Object message) {
        shared.counters.messagesHandled.increment();
        Thread.interrupted(); // what an earlier call left behind
        try {
            shared.settings.handling.handle(this, message);
        } catch (Throwable e) { // an Error of the handler's is no reason to lose the worker
            if (answers == null || answers.isIdle()) {
                onHandlerFailure(message, e);
            } else {
                answers.fail(message, e); // behind the replies to those before
            }
        }
    }

    private void handle(Lane.Event event) {
        Thread.interrupted(); // likewise
        try {
            event.happen();
        } catch (Throwable e) {
            onHandlerFailure(null, e);
        }
    }

    /** The session's end comes first: if there is no memory left, the rest fails too. */
    private void onHandlerFailure(Object message, Throwable cause) {
        boolean isOurs =
                (lane.isAbandoned() || shared.cutOff) && cause instanceof InterruptedException; // the end of the drain
        request(CloseReason.HANDLER_FAILED);
        if (isOurs) {
            sendError(CloseReason.HANDLER_FAILED, CloseReason.HANDLER_FAILED.toString());
        } else {
            tellFailure(message, cause);
        }
    }

    private void tellFailure(Object message, Throwable cause) {
        Object last = null;
        try {
            last = shared.settings.handling.handler.onError(this, message, cause);
        } catch (Throwable e) {
            logFailure("onError", e);
        }
        if (last == null || !sendLast(last)) {
            sendError(CloseReason.HANDLER_FAILED, CloseReason.HANDLER_FAILED.toString());
        }
        logFailure("the handler", cause);
    }

    private void logFailure(String who, Throwable cause) {
        if (shared.warnings.allows()) {
            String held = shared.warnings.held();
            LOG.warn(() -> who + " failed at session " + this + ": " + describe(cause) + held);
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
        boolean isTaken = put(shared.settings.framing.encode(text, shared.settings.text));
        if (isTaken) {
            shared.observer.queued(this, text);
            flushUnlessWorking();
        }
        return isTaken;
    }

    @Override
    public boolean send(byte[] message) {
        boolean isTaken = put(shared.settings.framing.encode(message, Binary.INSTANCE));
        if (isTaken) {
            shared.observer.queued(this, message);
            flushUnlessWorking();
        }
        return isTaken;
    }

    private boolean put(byte[] payload) {
        Settings settings = shared.settings;
        if (requested != null) {
            return false;
        }
        Outbox.Added added = outbox.add(payload, settings.framing, settings.highWater, settings.outboxLimit);
        if (added == Outbox.Added.OVER_LIMIT) {
            request(CloseReason.OUTBOX_FULL);
        }
        return added == Outbox.Added.TAKEN;
    }

    private void flushUnlessWorking() {
        if (Thread.currentThread() != worker || outbox.cost() > FLUSH_COST) {
            tellLoop(); // else the worker does so when it is through
        }
    }

    /** Tells the peer what is wrong, unless it is too late to tell it anything, or there is nothing to say. */
    void sendError(CloseReason why, String problem) {
        try {
            Object reply = shared.settings.errorReply(why, problem);
            if (reply != null) {
                sendLast(reply);
            }
        } catch (RuntimeException e) { // it is the application's
            logFailure("errorReplies", e);
        }
    }

    /** Sends though the session is about to end. Returns whether it could. */
    private boolean sendLast(Object message) {
        try {
            outbox.add(shared.settings.payload(message), shared.settings.framing, Long.MAX_VALUE, Long.MAX_VALUE);
            return true;
        } catch (RuntimeException e) {
            LOG.debug("session {} is not told its error: {}", this, e.getMessage());
            return false;
        }
    }

    // ---- late replies

    @Override
    public void answer(Object message, CompletionStage<?> reply) {
        if (reply == null) {
            return;
        }
        boolean isNext = answers == null || answers.isIdle();
        if (isNext && reply instanceof CompletableFuture<?> future && future.isDone()) {
            try {
                onAnswer(future.join());
            } catch (CompletionException e) {
                onHandlerFailure(message, Answers.causeOf(e));
            }
            return;
        }
        if (answers == null) {
            answers = new Answers(this);
        }
        answers.await(message, reply);
    }

    @Override
    public void onAnswer(Object reply) {
        if (reply instanceof String text) {
            send(text);
        } else if (reply != null) {
            send((byte[]) reply);
        }
    }

    /** Told to the handler on a worker, in its order; until then the session is held. */
    @Override
    public void onFailed(Object message, Throwable cause) {
        if (!request(CloseReason.HANDLER_FAILED)) {
            LOG.debug("session {} has ended, and a late reply has failed", this, cause);
            return;
        }
        onAsked();
        lane.hurry(() -> {
            if (!outbox.isShut()) { // else the handler may have been told the end
                tellFailure(message, cause);
            }
            onAnswered();
        });
        tellLoop();
    }

    @Override
    public void onHeldBack() {
        tellLoop(); // so that it is counted
    }

    @Override
    public void onAsked() {
        HELD.incrementAndGet(this);
        shared.held.incrementAndGet();
    }

    @Override
    public void onAnswered() {
        shared.held.decrementAndGet();
        HELD.decrementAndGet(this);
        tellLoop();
    }

    /** Loop: what those weigh that are not answered yet. */
    long unansweredWeight() {
        Answers late = answers;
        return late == null ? 0 : late.weight();
    }

    @Override
    public void close() {
        request(CloseReason.CLOSED_BY_APPLICATION);
    }

    /** Any thread: it is to end. Returns whether this is what ends it. */
    private boolean request(CloseReason why) {
        boolean isFirst = REQUESTED.compareAndSet(this, null, why);
        if (isFirst) {
            abandon();
            tellLoop();
        }
        return isFirst;
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
        onAsked();
        return new Held();
    }

    /** A request that will be answered later. */
    private final class Held implements Hold {
        private final AtomicBoolean released = new AtomicBoolean();

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                onAnswered();
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
