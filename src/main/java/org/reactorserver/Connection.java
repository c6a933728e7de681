package org.reactorserver;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.loop.Letter;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/**
 * One client's connection: what is read becomes messages in the {@link Lane}, what the handler sends
 * stands in the {@link Outbox} until it is written. As a letter it tells the loop that a worker has been
 * at it, as a session it is what the handler sees.
 *
 * <p>It only ever goes forward through its states, and may skip any:
 *
 * <pre>
 *   WAITING   connected, not its turn yet: reads until its buffer is full, decodes nothing
 *   OPEN      reads, decodes, hands off, writes
 *   DRAINING  reads no more; what was decoded is handled, what was sent is written
 *   LINGERING has ended its own stream and discards what still arrives, until the peer ends too: a
 *             close with unread input would be a reset, which can destroy replies under way
 *   CLOSED    the channel is closed; the handler is told so after the last message
 *   GONE      the handler has been told
 * </pre>
 *
 * <p>Reading pauses while the lane or the outbox is full. No state and no flag says so: what the
 * selector is asked for is worked out from what there is, in {@link #interestOps}, at the end of
 * each pass that touched the connection. Loop only, but for {@link #run} and the {@link Session}
 * methods.
 */
final class Connection extends Letter implements Pollable, Session {
    private static final VarHandle REQUESTED;

    static {
        try {
            REQUESTED = MethodHandles.lookup()
                    .findVarHandle(Connection.class, "requested", CloseReason.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** After so long with one session a worker turns to the next one. */
    private static final long NANOS_PER_TURN = 1_000_000;

    /** After so many full buffers of one session the loop turns to the next one. */
    private static final int WRITES_PER_PASS = 4;

    /** Who has been silent for so long is not about to send; there is no need to linger for him. */
    private static final long QUIET_NANOS = 1_000_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    /** What stands in the lane and is no message. */
    private enum Event {
        OPENED,
        CLOSED
    }

    /** Stands in the lane behind the last message of a session whose input was refused. */
    private record Refusal(String text) {}

    private enum State {
        WAITING,
        OPEN,
        DRAINING,
        LINGERING,
        CLOSED,
        GONE
    }

    private final Reactor reactor;
    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final long id;
    private final Lane lane = new Lane();
    private final Outbox outbox = new Outbox();

    private State state = State.WAITING;
    private CloseReason reason; // why no more is wanted from the peer; null while more is
    private SelectionKey key;
    private int interest = SelectionKey.OP_READ;
    private boolean touched;
    private boolean admitted; // counted by the admission
    private boolean served; // was OPEN once, so the handler knows it
    private boolean leftBeforeItsTurn; // the peer had ended its stream when its turn came
    private boolean reported; // the selector has said once that it is readable
    private boolean foundUnreported; // was readable once without the selector saying so
    private boolean peerEnded; // the peer has ended its stream
    private boolean writePending; // the last write left bytes behind

    private Residue residue; // null if nothing is left over
    private boolean incomplete; // the residue is the start of a message, not messages without room

    private long lastActivity; // when bytes last went in or out, or the channel was accepted
    private long messageSince; // since when the rest of a message, or a first byte, is awaited
    private long lastProgress; // when the peer last took bytes; since when it lingers
    private Timers.Timer deadline; // null if there is none
    private long stuckBytes; // if writePending: its part in the server's total

    private volatile CloseReason requested; // by another thread; see REQUESTED
    private volatile boolean abandoned; // its waiting messages are to be skipped
    private volatile Thread worker; // at work on its lane
    private volatile Object attachment;

    Connection(Reactor reactor, SocketChannel channel, InetSocketAddress peer, long id) {
        this.reactor = reactor;
        this.channel = channel;
        this.peer = peer;
        this.id = id;
        this.lastActivity = reactor.loop.now();
        this.messageSince = lastActivity;
    }

    // ---- coming in

    /** It is let in, and stands in the queue until {@link #open}. */
    void admit() {
        admitted = true;
        reactor.admission.enter(this);
    }

    /** Its turn has come: from here on it is served. */
    void open() {
        state = State.OPEN;
        served = true;
        leftBeforeItsTurn = peerEnded;
        messageSince = reactor.loop.now();
        if (reactor.settings.handlesOpen) {
            lane.add(Event.OPENED);
            handOff();
        }
        touch();
    }

    /** It is not let in: it is told why and goes. */
    void turnAway(CloseReason why) {
        reason = why;
        state = State.DRAINING;
        reply(why.toString());
        touch();
    }

    // ---- the loop's calls

    @Override
    public void onRegistered(SelectionKey key) {
        this.key = key;
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            if (!reported) {
                reported = true;
                disarmDeadline(); // an idle session needs none
            }
            read();
            handOff();
        }
        touch();
    }

    @Override
    protected void onDelivery() {
        touch();
    }

    private void touch() {
        if (!touched) {
            touched = true;
            reactor.loop.touch(this);
        }
    }

    /** Input first, since it may be what ends it; then output; then what follows from both. */
    @Override
    public void onSettle() throws IOException {
        touched = false;
        if (!isClosed()) {
            heedRequest();
            decodeResidue();
            write();
            advance();
        }
        handOff();
        if (!isClosed()) {
            applyInterest();
            armDeadline();
        } else if (state == State.CLOSED && lane.isIdle()) {
            state = State.GONE;
            reactor.forget(admitted);
        }
    }

    @Override
    public void onFailure(Exception cause) {
        if (cause instanceof IOException) {
            abort(CloseReason.CONNECTION_LOST);
        } else {
            reactor.log.error("session {} failed", id, cause);
            abort(CloseReason.INTERNAL_ERROR);
        }
    }

    // ---- input

    private int read() throws IOException {
        ByteBuffer buffer = reactor.loop.buffer().clear();
        if (state != State.LINGERING) {
            buffer.limit(reactor.decoder.room(residue));
        }
        int count = channel.read(buffer);
        if (count > 0) {
            lastActivity = reactor.loop.now();
            reactor.counters.bytesRead.add(count);
            reactor.observer.read(this, count);
            if (state == State.OPEN) {
                decode(buffer.flip());
            } else if (state == State.WAITING) {
                residue = Decoder.keep(residue, buffer.flip());
            }
        } else if (count < 0) {
            onEndOfStream();
        }
        return count;
    }

    private void onEndOfStream() {
        peerEnded = true;
        if (state == State.LINGERING || (state == State.WAITING && residue == null)) {
            close(CloseReason.END_OF_STREAM);
        } else {
            endInput(CloseReason.END_OF_STREAM);
        }
    }

    /** Moves messages from the input into the lane as long as it has room; what is left stays here. */
    private void decode(ByteBuffer input) {
        Decoder decoder = reactor.decoder;
        List<String> messages = reactor.decoded;
        boolean wasIncomplete = incomplete;
        int room = reactor.settings.laneLimit - lane.weight();
        int weight = 0;
        FramingException refusal = null;
        decoder.load(residue, input);
        try {
            String message = "";
            while (weight < room && (message = decoder.next()) != null) {
                reactor.observer.received(this, message);
                messages.add(message);
                weight += Lane.weight(message);
            }
            residue = decoder.unload();
            incomplete = residue != null && message == null;
        } catch (FramingException e) {
            refusal = e;
        }
        if (incomplete && !(wasIncomplete && messages.isEmpty())) {
            messageSince = reactor.loop.now();
        }
        if (!messages.isEmpty()) {
            lane.add(messages, weight);
            reactor.counters.messagesRead.add(messages.size());
            messages.clear();
        }
        if (refusal != null) {
            refuse(Reactor.closeReason(refusal.kind()), refusal.getMessage());
        }
    }

    private void decodeResidue() {
        if (state == State.OPEN
                && residue != null
                && !incomplete
                && lane.weight() < reactor.settings.laneLimit) {
            decode(Reactor.NO_INPUT);
        }
    }

    /** The peer is told what was wrong, behind the replies to what was right, and nothing more is read. */
    private void refuse(CloseReason why, String text) {
        endInput(why);
        dropResidue();
        lane.add(new Refusal(text));
    }

    private void endInput(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    private void dropResidue() {
        residue = null;
        incomplete = false;
    }

    // ---- output

    private void write() throws IOException {
        if (outbox.isEmpty()) {
            return;
        }
        ByteBuffer buffer = reactor.loop.buffer();
        boolean wasPending = writePending;
        writePending = false;
        for (int i = 0; i < WRITES_PER_PASS && !writePending && !outbox.isEmpty(); i++) {
            outbox.copyTo(buffer.clear(), reactor.settings.framing);
            int written = channel.write(buffer.flip());
            writePending = buffer.hasRemaining();
            if (written > 0) {
                wasPending = false;
                onWritten(written);
            }
        }
        writePending |= !outbox.isEmpty();
        if (writePending && !wasPending) {
            lastProgress = reactor.loop.now();
        }
        accountStuckBytes(writePending ? outbox.bytes() : 0);
    }

    private void onWritten(int written) {
        int messages = outbox.remove(written, reactor.settings.framing);
        lastActivity = reactor.loop.now();
        reactor.counters.bytesWritten.add(written);
        reactor.counters.repliesWritten.add(messages);
        reactor.observer.written(this, written, messages);
    }

    /** Whoever makes the replies that peers do not take more than the server may hold has to go. */
    private void accountStuckBytes(long bytes) {
        boolean grew = bytes > stuckBytes;
        boolean withinBudget = reactor.accountStuckBytes(bytes - stuckBytes);
        stuckBytes = bytes;
        if (grew && !withinBudget) {
            abort(CloseReason.REPLY_MEMORY_EXHAUSTED);
        }
    }

    // ---- what follows

    private boolean isClosed() {
        return state.compareTo(State.CLOSED) >= 0;
    }

    private void heedRequest() {
        if (requested == CloseReason.OUTBOX_FULL) {
            abort(requested);
        } else if (requested != null) {
            endInput(requested);
            dropResidue();
        } else if (state == State.OPEN && reactor.wantsEndOf(reported, residue == null)) {
            endInput(CloseReason.SERVER_SHUTDOWN);
        }
    }

    private void advance() throws IOException {
        if (state == State.OPEN && reason != null && (residue == null || incomplete)) {
            if (incomplete && reason == CloseReason.END_OF_STREAM) {
                reason = CloseReason.TRUNCATED_MESSAGE;
            }
            dropResidue();
            state = State.DRAINING;
        }
        if (state == State.DRAINING && lane.isIdle() && outbox.isEmpty()) {
            if (peerEnded || reactor.loop.now() - lastActivity > QUIET_NANOS) {
                close(reason);
            } else {
                channel.shutdownOutput();
                state = State.LINGERING;
                lastProgress = reactor.loop.now();
            }
        }
    }

    private void handOff() {
        if (outbox.bytes() <= reactor.settings.highWater && lane.schedule()) {
            reactor.workers.add(this);
        }
    }

    private void applyInterest() {
        int wanted = interestOps();
        if (wanted != interest) {
            interest = wanted;
            key.interestOps(wanted);
        }
    }

    private int interestOps() {
        boolean wantsInput = switch (state) {
            case WAITING -> reason == null && reactor.decoder.room(residue) > 0;
            case OPEN ->
                reason == null
                        && (residue == null || incomplete)
                        && outbox.bytes() <= reactor.settings.highWater;
            case LINGERING -> true;
            case DRAINING, CLOSED, GONE -> false;
        };
        return (wantsInput ? SelectionKey.OP_READ : 0) | (writePending ? SelectionKey.OP_WRITE : 0);
    }

    // ---- deadlines

    /**
     * Sets the timer for the earliest deadline. One that is set for an earlier time stays: when it
     * fires it looks again. So a busy session never moves it.
     */
    private void armDeadline() {
        long left = timeLeft();
        if (left == NEVER) {
            return;
        }
        long at = reactor.loop.now() + left;
        if (deadline == null) {
            deadline = new Deadline();
        }
        if (!deadline.isArmed() || at - deadline.deadline() < 0) {
            reactor.loop.timers().arm(deadline, at);
        }
    }

    private void disarmDeadline() {
        if (deadline != null) {
            reactor.loop.timers().cancel(deadline);
            deadline = null;
        }
    }

    private final class Deadline extends Timers.Timer {
        @Override
        protected void onTimer() {
            deadline = null;
            try {
                if (timeLeft() <= 0) {
                    onDeadline();
                }
            } catch (IOException e) {
                onFailure(e);
            }
            touch();
        }
    }

    private long timeLeft() {
        Settings settings = reactor.settings;
        long left = NEVER;
        if (awaitsBytes()) {
            left = settings.messageNanos - since(messageSince);
        }
        if (writePending) {
            left = Math.min(left, settings.writeNanos - since(lastProgress));
        }
        if (state == State.LINGERING) {
            left = Math.min(left, settings.lingerNanos - since(lastProgress));
        }
        if (state == State.OPEN && settings.idleNanos > 0) {
            left = Math.min(left, settings.idleNanos - since(lastActivity));
        }
        return left;
    }

    /** Whether the rest of a message is awaited, or the first sign of the selector. */
    private boolean awaitsBytes() {
        return state == State.OPEN ? incomplete || !reported : state == State.WAITING && !reported;
    }

    private void onDeadline() throws IOException {
        Settings settings = reactor.settings;
        if (state == State.LINGERING) {
            close(reason);
        } else if (writePending && since(lastProgress) >= settings.writeNanos) {
            abort(CloseReason.WRITE_TIMEOUT);
        } else if (awaitsBytes() && since(messageSince) >= settings.messageNanos) {
            if (incomplete) {
                refuse(
                        CloseReason.MESSAGE_TIMEOUT,
                        "the rest of the message did not arrive in time");
            } else {
                lookUnasked();
            }
        } else if (lane.isIdle()) {
            endInput(CloseReason.IDLE_TIMEOUT);
        } else {
            lastActivity = reactor.loop.now(); // a session that is being worked for is not idle
        }
    }

    /**
     * The selector has never said that this connection is readable: the peer is silent, or the kernel
     * refused to watch it ({@code epoll_ctl} may fail for want of memory, which the JDK does not tell).
     * Only reading shows which. Bytes found once may have come this very moment; found twice, they prove
     * it.
     */
    private void lookUnasked() throws IOException {
        messageSince = reactor.loop.now();
        if (read() == 0) {
            return;
        }
        if (foundUnreported) {
            refuse(CloseReason.NOT_SELECTABLE, CloseReason.NOT_SELECTABLE.toString());
        }
        foundUnreported = true;
    }

    private long since(long time) {
        return reactor.loop.now() - time;
    }

    // ---- the end

    /** The server is shutting down: what has arrived by now is the last that is read. */
    void drain() {
        try {
            if (state == State.WAITING && residue == null) {
                close(CloseReason.SERVER_SHUTDOWN);
            } else if (state == State.OPEN && reason == null) {
                read();
            }
            touch();
        } catch (IOException e) {
            onFailure(e);
        }
    }

    /** The drain has run out of time. Returns whether anything was cut off. */
    boolean force() {
        if (state == State.LINGERING) {
            close(reason); // all was answered, it only waited for the peer
            return false;
        }
        boolean cut = !isClosed() || !lane.isIdle();
        abort(CloseReason.DRAIN_TIMEOUT);
        return cut;
    }

    /** Ends it at once; what waits to be written is lost. */
    private void abort(CloseReason why) {
        if (why != CloseReason.CONNECTION_LOST) { // what was read of a lost peer is handled
            abandoned = true;
        }
        if (isClosed()) {
            return;
        }
        boolean wasInOrder =
                reason == CloseReason.END_OF_STREAM || reason == CloseReason.SERVER_SHUTDOWN;
        if (wasInOrder && state != State.LINGERING) {
            reason = why; // no longer true: not everything was answered
        }
        close(why);
    }

    private void close(CloseReason why) {
        endInput(why);
        state = State.CLOSED;
        dropResidue();
        outbox.shut();
        reactor.counters.repliesDropped.add(outbox.discard());
        accountStuckBytes(0);
        disarmDeadline();
        try {
            channel.close();
        } catch (IOException e) {
            reactor.log.debug("closing session {} failed", id, e);
        }
        reactor.counters.closed(reason);
        if (admitted) {
            reactor.observer.closed(this, reason);
            reactor.admission.leave(this, reactor.loop.now(), served, !leftBeforeItsTurn);
        }
        if (served && reactor.settings.handlesClose) {
            lane.add(Event.CLOSED);
        }
        touch();
    }

    // ---- the worker

    /**
     * Worker: handles waiting messages in order, up to a budget, and tells the loop once.
     *
     * @param began the time at which this begins
     */
    void run(long began) {
        worker = Thread.currentThread();
        reactor.observer.taken(this);
        long now = began;
        int handled = 0;
        Object item;
        while (handled < reactor.settings.messagesPerTurn
                && now - began < NANOS_PER_TURN
                && outbox.bytes() <= reactor.settings.highWater
                && (item = lane.poll()) != null) {
            if (!(item instanceof String message)) {
                handleEvent(item);
            } else if (abandoned) {
                reactor.counters.messagesDropped.increment();
            } else {
                handle(message);
                handled++;
                long end = reactor.clock.getAsLong();
                reactor.observer.handled(this, end - now);
                now = end;
            }
        }
        reactor.counters.messagesHandled.add(handled);
        worker = null;
        lane.release();
        reactor.loop.post(this);
    }

    private void handle(String message) {
        try {
            reactor.settings.handler.onMessage(this, message);
        } catch (Throwable e) { // an Error of the handler's is no reason to lose the worker
            onHandlerFailure(e);
        }
    }

    private void handleEvent(Object event) {
        try {
            if (event == Event.OPENED) {
                reactor.settings.handler.onOpen(this);
            } else if (event == Event.CLOSED) {
                reactor.settings.handler.onClose(this, reason);
            } else {
                reply(((Refusal) event).text());
            }
        } catch (Throwable e) {
            onHandlerFailure(e);
        }
    }

    private void onHandlerFailure(Throwable cause) {
        if (reactor.warnings.allows()) {
            StackTraceElement[] stack = cause.getStackTrace();
            reactor.log.warn(
                    "the handler failed at session {}: {}{}{}",
                    this,
                    Printable.escape(cause.toString()), // which may quote the client
                    stack.length == 0 ? "" : " at " + stack[0],
                    reactor.warnings.held());
            reactor.log.debug("the whole of it", cause);
        }
        reply("the handler failed");
        request(CloseReason.HANDLER_FAILED);
    }

    /** Any thread: tells the peer what is wrong, unless it is too late to tell it anything. */
    private void reply(String error) {
        byte[] payload = ("error: " + error).getBytes(StandardCharsets.UTF_8);
        outbox.add(payload, reactor.settings.framing, Long.MAX_VALUE);
    }

    // ---- the session, for any thread

    @Override
    public boolean send(String text) {
        reactor.settings.framing.check(text);
        if (requested != null) {
            return false;
        }
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        switch (outbox.add(payload, reactor.settings.framing, reactor.settings.outboxLimit)) {
            case TAKEN -> {
                reactor.observer.queued(this, text);
                if (Thread.currentThread() != worker) {
                    reactor.loop.post(this);
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

    @Override
    public void close() {
        request(CloseReason.CLOSED_BY_APPLICATION);
    }

    private void request(CloseReason why) {
        if (REQUESTED.compareAndSet(this, null, why)) {
            abandoned = true;
            reactor.loop.post(this);
        }
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
