package org.reactorserver.session;

import static org.reactorserver.text.Log.LOG;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.reactorserver.CloseReason;
import org.reactorserver.Session;
import org.reactorserver.crossing.Lane;
import org.reactorserver.crossing.Outbox;
import org.reactorserver.option.Durations;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;
import org.reactorserver.wire.TlsSession;

/**
 * What a session is made of: its address and number, the lane and the outbox that stand between its worker, other
 * threads and the loop, how the application ends it, and what it holds. Any thread, but for what says otherwise.
 */
abstract class SessionParts implements Session {
    private static final AtomicReferenceFieldUpdater<SessionParts, CloseReason> REQUESTED =
            AtomicReferenceFieldUpdater.newUpdater(SessionParts.class, CloseReason.class, "requested");
    private static final AtomicReferenceFieldUpdater<SessionParts, Reminders> REMINDERS =
            AtomicReferenceFieldUpdater.newUpdater(SessionParts.class, Reminders.class, "reminders");
    private static final AtomicIntegerFieldUpdater<SessionParts> HELD =
            AtomicIntegerFieldUpdater.newUpdater(SessionParts.class, "held");

    final Shared shared;
    public final Lane<Object> lane = new Lane<>();
    public final Outbox outbox = new Outbox();

    /** At work on the lane. Not volatile: it is only compared with the caller, who sees what it has written itself. */
    Thread worker;

    private final Carrier carrier; // as a letter it has the loop look at the lane and the outbox
    private SocketAddress peer; // the proxy's until its header has been read
    private long id; // 0 until it is admitted
    private volatile CloseReason requested; // the end that the application has requested; see REQUESTED
    private volatile int held; // requests that will be answered later; see HELD
    private volatile Object attachment;
    private volatile String closedFor; // null unless the application has said so
    private volatile Reminders reminders; // null until there is one; see REMINDERS

    SessionParts(Shared shared, Carrier carrier, SocketAddress peer) {
        this.shared = shared;
        this.carrier = carrier;
        this.peer = peer;
    }

    /** Loop: sets the client's address, before the session is published. */
    public void identify(SocketAddress client) {
        peer = client;
    }

    /** Loop: it is admitted, before it is published. */
    public void number(long number) {
        id = number;
    }

    /** Has the loop look at the lane and the outbox. */
    public final void tellLoop() {
        shared.loop.post(carrier);
    }

    /** Loop: the same, at once. */
    final void deliver() {
        carrier.onDelivery();
    }

    // ---- its end

    @Override
    public void close() {
        request(CloseReason.CLOSED_BY_APPLICATION);
    }

    @Override
    public final void close(String why) {
        Objects.requireNonNull(why, "close(null): expected a reason, or close() without one");
        if (requested == null) {
            closedFor = why; // first, for the call of onClose
        }
        request(CloseReason.CLOSED_BY_APPLICATION);
    }

    @Override
    public final String closedFor() {
        return requested == CloseReason.CLOSED_BY_APPLICATION ? closedFor : null;
    }

    /** Any thread: it is to end. Returns whether this is what ends it. */
    final boolean request(CloseReason why) {
        boolean isFirst = REQUESTED.compareAndSet(this, null, why);
        if (isFirst) {
            abandon();
            tellLoop();
        }
        return isFirst;
    }

    /** Any thread: the messages that wait are dropped. */
    public final void abandon() {
        shared.counters.messagesDropped.add(lane.abandon());
    }

    /** The end that the application has requested; null if none. */
    public final CloseReason requested() {
        return requested;
    }

    /** Whether anything can be sent still. */
    public final boolean isOpen() {
        return requested == null && !outbox.isShut();
    }

    // ---- what it is reminded of

    @Override
    public final Scheduled schedule(Duration delay, Runnable task) {
        Objects.requireNonNull(delay, "schedule(null, ...): expected a delay");
        Objects.requireNonNull(task, "schedule(..., null): expected a task");
        if (delay.isNegative()) {
            throw new IllegalArgumentException("schedule(%s, ...): expected a delay of zero or more".formatted(delay));
        }
        if (reminders == null) {
            REMINDERS.compareAndSet(this, null, new Reminders(shared.loop.timers(), shared.loop::execute));
        }
        return reminders.at(shared.clock.getAsLong() + Durations.nanos(delay), reminder -> {
            lane.hurry(() -> {
                if (isOpen() && !reminder.isCancelled()) {
                    task.run();
                }
            });
            deliver();
        });
    }

    /** Loop: it is closed. */
    final void forgetReminders() {
        if (reminders != null) {
            reminders.close();
        }
    }

    // ---- what it holds

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

    /** A request is going to be answered later. */
    public final void onAsked() {
        HELD.incrementAndGet(this);
        shared.held.incrementAndGet();
    }

    /** It has been. */
    public final void onAnswered() {
        shared.held.decrementAndGet();
        HELD.decrementAndGet(this);
        tellLoop();
    }

    /** Loop: how many requests are held. */
    public final int held() {
        return held;
    }

    /** Loop: whether nothing waits to be handled, is being handled, or will be answered later. */
    public final boolean isAtRest() {
        return lane.isIdle() && held == 0; // in this order: a request is held before its lane is released
    }

    /** Of all sessions together, the limit concerns those that hold some: it ends when they answer. */
    final boolean isOverHeld() {
        int count = held;
        return count > 0
                && (count >= shared.settings.maxHeldPerSession || shared.held.get() >= shared.settings.maxHeld);
    }

    // ---- identity

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final InetSocketAddress peer() {
        return peer instanceof InetSocketAddress address ? address : null;
    }

    @Override
    public final SocketAddress remoteAddress() {
        return peer;
    }

    @Override
    public final SocketAddress localAddress() {
        return carrier.localAddress();
    }

    @Override
    public final TlsSession tls() {
        return carrier.tls();
    }

    @Override
    public final Object attachment() {
        return attachment;
    }

    @Override
    public final void attach(Object attachment) {
        this.attachment = attachment;
    }

    final void logFailure(String who, Throwable cause) {
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

    /** {@code 3 127.0.0.1:43072}. */
    @Override
    public String toString() {
        return id + " " + Addresses.text(peer);
    }
}
