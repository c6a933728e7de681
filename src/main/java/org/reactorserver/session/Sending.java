package org.reactorserver.session;

import static org.reactorserver.text.Log.LOG;

import java.net.SocketAddress;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.stream.Stream;
import org.reactorserver.CloseReason;
import org.reactorserver.PauseReason;
import org.reactorserver.crossing.Outbox;
import org.reactorserver.framing.Binary;

/** How a session sends, and how much. Any thread, but for what says otherwise. */
abstract class Sending extends SessionParts implements Supply.Sink, Groups.Joined {
    private static final AtomicReferenceFieldUpdater<Sending, Supply> SUPPLY =
            AtomicReferenceFieldUpdater.newUpdater(Sending.class, Supply.class, "supply");

    /** With more bytes of replies than this waiting, the loop is notified before the end of the turn. */
    private static final long FLUSH_COST = 16 * 1024;

    private volatile Supply supply; // null until it is to send what it does not have yet; see SUPPLY
    private volatile boolean awaitsRoom; // for onWritable
    private volatile boolean paused;
    private volatile Set<String> groups; // null if it is in none

    Sending(Shared shared, Carrier carrier, SocketAddress peer) {
        super(shared, carrier, peer);
    }

    @Override
    public boolean send(String text) {
        return send(text, shared.settings.outboxLimit);
    }

    @Override
    public boolean send(byte[] message) {
        return send(message, shared.settings.outboxLimit);
    }

    private boolean send(String text, long limit) {
        boolean isTaken = put(shared.settings.framing.encode(text, shared.settings.text), limit);
        if (isTaken) {
            shared.observer.queued(this, text);
            flushUnlessWorking();
        }
        return isTaken;
    }

    private boolean send(byte[] message, long limit) {
        boolean isTaken = put(shared.settings.framing.encode(message, Binary.INSTANCE), limit);
        if (isTaken) {
            shared.observer.queued(this, message);
            flushUnlessWorking();
        }
        return isTaken;
    }

    private boolean put(byte[] payload, long limit) {
        Settings settings = shared.settings;
        if (requested() != null) {
            return false;
        }
        Outbox.Added added = outbox.add(payload, settings.framing, settings.highWater, limit);
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
    public final void sendError(CloseReason why, String problem) {
        try {
            Object reply = shared.settings.errorReply(why, problem);
            if (reply != null) {
                sendLast(reply);
            }
        } catch (Throwable e) { // it is the application's
            logFailure("errorReplies", e);
        }
    }

    /** Sends though the session is about to end. Returns whether it could. */
    final boolean sendLast(Object message) {
        try {
            outbox.add(shared.settings.payload(message), shared.settings.framing, Long.MAX_VALUE, Long.MAX_VALUE);
            return true;
        } catch (RuntimeException e) {
            LOG.debug("session {} is not told its error: {}", this, e.getMessage());
            return false;
        }
    }

    /** Sends a text, or bytes, or, if it is null, nothing. */
    public final void onAnswer(Object reply) {
        send(reply, shared.settings.outboxLimit);
    }

    /** There was room when it was drawn: what others have sent meanwhile cannot make it too much. */
    @Override
    public final void onDrawn(Object message) {
        send(message, Long.MAX_VALUE);
    }

    private void send(Object reply, long limit) {
        if (reply instanceof String text) {
            send(text, limit);
        } else if (reply != null) {
            send((byte[]) reply, limit);
        }
    }

    // ---- flow

    @Override
    public boolean isWritable() {
        if (isOverHighWater()) {
            awaitsRoom = shared.settings.handling.handlesWritable; // said, and then looked again
        }
        return !isOverHighWater();
    }

    @Override
    public long pending() {
        return outbox.cost();
    }

    /** Whether the application waits for room. */
    public final boolean awaitsRoom() {
        Supply from = supply;
        return awaitsRoom || (from != null && from.isWaiting());
    }

    /** Loop: if the application waits for room in the outbox, it is called on a worker when there is some. */
    public final void offerRoom() {
        if (!awaitsRoom() || outbox.cost() > highWater() / 2) {
            return;
        }
        Supply from = supply;
        if (from != null && from.endWait()) {
            lane.hurry(this::draw);
        }
        if (awaitsRoom) {
            awaitsRoom = false;
            lane.hurry(this::onRoom);
        }
    }

    private void onRoom() throws Exception {
        if (isOpen()) {
            shared.settings.handling.handler.onWritable(this);
        }
    }

    private void draw() {
        if (supply.draw(shared.clock)) {
            lane.hurry(this::draw);
        }
    }

    @Override
    public boolean hasRoom() {
        return !isOverHighWater();
    }

    @Override
    public CompletionStage<Boolean> sendAll(Iterator<String> texts) {
        return supply(Objects.requireNonNull(texts, "sendAll(null): expected an iterator"), () -> {});
    }

    @Override
    public CompletionStage<Boolean> sendAll(Stream<String> texts) {
        return supply(
                Objects.requireNonNull(texts, "sendAll(null): expected a stream")
                        .iterator(),
                texts::close);
    }

    @Override
    public CompletionStage<Boolean> sendAllBytes(Iterator<byte[]> messages) {
        return supply(Objects.requireNonNull(messages, "sendAllBytes(null): expected an iterator"), () -> {});
    }

    @Override
    public CompletionStage<Boolean> sendAllBytes(Stream<byte[]> messages) {
        return supply(
                Objects.requireNonNull(messages, "sendAllBytes(null): expected a stream")
                        .iterator(),
                messages::close);
    }

    private CompletionStage<Boolean> supply(Iterator<?> messages, Runnable close) {
        if (!isOpen()) {
            close.run();
            return CompletableFuture.completedFuture(false);
        }
        CompletionStage<Boolean> done = supply().add(messages, close);
        lane.hurry(this::draw);
        if (Thread.currentThread() != worker) {
            tellLoop();
        }
        return done;
    }

    private Supply supply() {
        Supply made = supply;
        if (made == null) {
            SUPPLY.compareAndSet(this, null, new Supply(this));
            made = supply;
        }
        return made;
    }

    @Override
    public void pauseReading() {
        paused = true;
        tellLoop();
    }

    @Override
    public void resumeReading() {
        paused = false;
        tellLoop();
    }

    /** Loop: whether the application has paused it. */
    public final boolean isPaused() {
        return paused;
    }

    /** Whether the application has paused it, or holds as many requests as it may. */
    final boolean isHeldBack() {
        Supply from = supply;
        return isOverHeld() || paused || (from != null && from.isActive());
    }

    /** Any thread: whether so many replies wait that no more messages should be read and handled. */
    final boolean isOverHighWater() {
        return outbox.cost() > highWater();
    }

    /** Loop: which of them it is, if nothing is to be handled. */
    public final PauseReason whyNotHandled() {
        if (isOverHighWater()) {
            return outbox.cost() > shared.settings.highWater ? PauseReason.REPLIES_WAITING : PauseReason.REPLY_MEMORY;
        } else if (paused) {
            return PauseReason.APPLICATION;
        }
        return isOverHeld() ? PauseReason.REQUESTS_HELD : PauseReason.SUPPLY;
    }

    private long highWater() {
        return Math.min(shared.settings.highWater, shared.replies.allowance());
    }

    // ---- groups

    @Override
    public final boolean take(byte[] payload, Object message, boolean skipsIfSlow) {
        if (skipsIfSlow && isOverHighWater()) {
            shared.counters.messagesSkipped.increment();
            return false;
        }
        boolean isTaken = put(payload, shared.settings.outboxLimit);
        if (isTaken && message instanceof String text) {
            shared.observer.queued(this, text);
        } else if (isTaken) {
            shared.observer.queued(this, (byte[]) message);
        }
        return isTaken;
    }

    @Override
    public final void look() {
        if (!outbox.isEmpty()) {
            deliver();
        }
    }

    @Override
    public final Groups home() {
        return shared.groups;
    }

    @Override
    public final Set<String> groups() {
        return groups;
    }

    @Override
    public final void setGroups(Set<String> names) {
        groups = names;
    }
}
