package org.reactorserver;

import static org.reactorserver.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.reactorserver.framing.FramingException;
import org.reactorserver.loop.Letter;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/**
 * One client's connection, the loop's side of a session: what is read becomes messages in the {@link
 * Lane}, what the handler sends stands in the {@link Outbox} until it is written. As a letter it tells
 * the loop that somebody has been at one of the two. Loop only.
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
 * each pass that touched the connection.
 */
final class Connection extends Letter implements Pollable {
    /** After so many full buffers of one session the loop turns to the next one. */
    private static final int WRITES_PER_PASS = 4;

    /** Who has been silent for so long is not about to send; there is no need to linger for him. */
    private static final long QUIET_NANOS = 1_000_000_000;

    private static final long NEVER = Long.MAX_VALUE;

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
    private final ServedSession session;
    private final Inbox inbox;

    private State state = State.WAITING;
    private CloseReason reason; // why no more is wanted from the peer; null while more is
    private SelectionKey key;
    private int interest = SelectionKey.OP_READ;
    private boolean touched;
    private boolean admitted; // counted by the admission
    private boolean served; // was OPEN once, so the handler knows it
    private boolean leftBeforeItsTurn; // the peer had ended its stream when its turn came
    private boolean spoken; // bytes have come
    private boolean watched; // the selector has proved to watch it since there last was no interest
    private boolean foundUnwatched; // had something to read, and the selector had not said so
    private boolean peerEnded; // the peer has ended its stream
    private boolean inputPending; // the last read filled its buffer, so there may be more
    private boolean writePending; // the last write left bytes behind

    private long lastActivity; // when bytes last went in or out, or the channel was accepted
    private long lastProgress; // when the peer last took bytes; since when it lingers
    private Timers.Timer deadline; // null if there is none
    private long stuckBytes; // if writePending: its part in the server's total

    Connection(Reactor reactor, SocketChannel channel, InetSocketAddress peer, long id) {
        this.reactor = reactor;
        this.channel = channel;
        this.session = new ServedSession(this, peer, id);
        this.lastActivity = reactor.loop.now();
        this.inbox = new Inbox(lastActivity);
    }

    /** Any thread: the server that it is a connection of. */
    Reactor reactor() {
        return reactor;
    }

    /** What the application and the observer know of it. */
    ServedSession session() {
        return session;
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
        inbox.awaitFrom(reactor.loop.now());
        if (reactor.settings.handlesOpen) {
            session.lane.add(() -> reactor.settings.handler.onOpen(session));
            handOff();
        }
        touch();
    }

    /** It is not let in: it is told why and goes. */
    void turnAway(CloseReason why) {
        reason = why;
        state = State.DRAINING;
        session.sendError(why.toString());
        touch();
    }

    // ---- the loop's calls

    @Override
    public void onRegistered(SelectionKey key) {
        boolean again = this.key != null;
        this.key = key;
        if (again) { // at a selector that has yet to show that it watches this connection
            onWatchedAnew();
            touch();
        }
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if (!watched) {
            watched = true;
            disarmDeadline(); // an idle session needs none
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
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
            decodeRest();
            write();
            advance();
        }
        handOff();
        if (!isClosed()) {
            applyInterest();
            armDeadline();
        } else if (state == State.CLOSED && session.lane.isIdle()) {
            state = State.GONE;
            reactor.forget(admitted);
        }
    }

    @Override
    public void onFailure(Exception cause) {
        if (cause instanceof IOException) {
            abort(CloseReason.CONNECTION_LOST);
        } else {
            LOG.error("session {} failed", session, cause);
            abort(CloseReason.INTERNAL_ERROR);
        }
    }

    // ---- input

    private int read() throws IOException {
        ByteBuffer buffer = reactor.loop.buffer().clear();
        if (state != State.LINGERING) {
            buffer.limit(inbox.room(reactor.decoder));
        }
        int count = channel.read(buffer);
        inputPending = count > 0 && !buffer.hasRemaining();
        if (count > 0) {
            spoken = true;
            lastActivity = reactor.loop.now();
            reactor.counters.bytesRead.add(count);
            reactor.observer.read(session, count);
            if (state == State.OPEN) {
                decode(buffer.flip());
            } else if (state == State.WAITING) {
                inbox.keep(reactor.decoder, buffer.flip());
            }
            refuseIfTooMuchIsHeld();
        } else if (count < 0) {
            onEndOfStream();
        }
        return count;
    }

    /** Whoever adds to what is held undecoded for all, when that is too much, has to go. */
    private void refuseIfTooMuchIsHeld() {
        if (!inbox.isEmpty() && reactor.decoder.held() > reactor.settings.requestMemory) {
            CloseReason why = CloseReason.REQUEST_MEMORY_EXHAUSTED;
            refuse(why, why.toString());
        }
    }

    private void onEndOfStream() {
        peerEnded = true;
        if (state == State.LINGERING || (state == State.WAITING && inbox.isEmpty())) {
            close(CloseReason.END_OF_STREAM);
        } else {
            endInput(CloseReason.END_OF_STREAM);
        }
    }

    /** Moves messages from the input into the lane as long as it has room. */
    private void decode(ByteBuffer input) {
        List<String> messages = reactor.decoded;
        int room = reactor.settings.laneLimit - session.lane.weight();
        int weight = 0;
        try {
            weight = inbox.decode(reactor.decoder, input, room, messages, reactor.loop.now());
        } catch (FramingException e) {
            addToLane(messages, weight);
            refuse(Reactor.closeReason(e.kind()), e.getMessage());
            return;
        }
        addToLane(messages, weight);
    }

    private void addToLane(List<String> messages, int weight) {
        if (messages.isEmpty()) {
            return;
        }
        for (int i = 0; i < messages.size(); i++) {
            reactor.observer.received(session, messages.get(i));
        }
        session.lane.add(messages, weight);
        reactor.counters.messagesRead.add(messages.size());
        messages.clear();
    }

    private void decodeRest() {
        if (state == State.OPEN && inbox.mayHoldMessages() && session.lane.weight() < reactor.settings.laneLimit) {
            decode(Reactor.NO_INPUT);
        }
    }

    /** The peer is told what was wrong, behind the replies to what was right, and nothing more is read. */
    private void refuse(CloseReason why, String text) {
        overtake(why);
        inbox.clear(reactor.decoder);
        session.lane.add(() -> session.sendError(text));
    }

    private void endInput(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    // ---- output

    private void write() throws IOException {
        if (session.outbox.isEmpty()) {
            return;
        }
        ByteBuffer buffer = reactor.loop.buffer();
        boolean wasPending = writePending;
        writePending = false;
        for (int i = 0; i < WRITES_PER_PASS && !writePending && !session.outbox.isEmpty(); i++) {
            session.outbox.copyTo(buffer.clear(), reactor.settings.framing);
            int written = channel.write(buffer.flip());
            writePending = buffer.hasRemaining();
            if (written > 0) {
                wasPending = false;
                onWritten(written);
            }
        }
        writePending |= !session.outbox.isEmpty();
        if (writePending && !wasPending) {
            lastProgress = reactor.loop.now();
        }
        accountStuckBytes(writePending ? session.outbox.bytes() : 0);
    }

    private void onWritten(int written) {
        int messages = session.outbox.remove(written, reactor.settings.framing);
        lastActivity = reactor.loop.now();
        reactor.counters.bytesWritten.add(written);
        reactor.counters.repliesWritten.add(messages);
        reactor.observer.written(session, written, messages);
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
        CloseReason requested = session.requested();
        if (requested == CloseReason.OUTBOX_FULL) {
            abort(requested);
        } else if (requested != null) {
            overtake(requested);
            inbox.clear(reactor.decoder);
        } else if (state == State.OPEN && reactor.wantsEndOf(spoken, inbox.isEmpty() && !inputPending)) {
            endInput(CloseReason.SERVER_SHUTDOWN);
        }
    }

    private void advance() throws IOException {
        if (state == State.OPEN && reason != null && !inbox.mayHoldMessages()) {
            if (inbox.isIncomplete() && reason == CloseReason.END_OF_STREAM) {
                reason = CloseReason.TRUNCATED_MESSAGE;
            }
            inbox.clear(reactor.decoder);
            state = State.DRAINING;
        }
        if (state == State.DRAINING && session.lane.isIdle() && session.outbox.shutIfEmpty()) {
            // again: whoever emptied the lane may have asked for it since this pass looked
            if (session.requested() != null) {
                overtake(session.requested());
            }
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
        if (!session.isOverHighWater() && session.lane.schedule()) {
            reactor.workers.add(session);
        }
    }

    private void applyInterest() {
        int wanted = interestOps();
        if (wanted != interest) {
            if (interest == 0) {
                onWatchedAnew();
            }
            interest = wanted;
            key.interestOps(wanted);
        }
    }

    private void onWatchedAnew() {
        watched = false;
        foundUnwatched = false;
        if (!inbox.isIncomplete()) {
            inbox.awaitFrom(reactor.loop.now());
        }
    }

    private int interestOps() {
        boolean wantsInput = switch (state) {
            case WAITING -> reason == null && inbox.room(reactor.decoder) > 0;
            case OPEN -> reason == null && !inbox.mayHoldMessages() && !session.isOverHighWater();
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
            left = settings.messageNanos - since(inbox.awaitedSince());
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
        return reason == null
                && (inbox.isIncomplete() || mayBeUnwatched())
                && (state == State.OPEN || state == State.WAITING);
    }

    /** Whether input is asked for, and the selector has yet to prove that it heeds that. */
    private boolean mayBeUnwatched() {
        return !watched && (interest & SelectionKey.OP_READ) != 0;
    }

    private void onDeadline() throws IOException {
        Settings settings = reactor.settings;
        if (state == State.LINGERING) {
            endLingering();
        } else if (writePending && since(lastProgress) >= settings.writeNanos) {
            writeUnasked();
        } else if (awaitsBytes() && since(inbox.awaitedSince()) >= settings.messageNanos) {
            if (session.isOverHighWater()) {
                inbox.awaitFrom(reactor.loop.now()); // it is we who do not read
            } else if ((!mayBeUnwatched() || !readUnasked()) && inbox.isIncomplete()) {
                refuse(CloseReason.MESSAGE_TIMEOUT, "the rest of the message did not arrive in time");
            }
        } else if (session.lane.isIdle()) {
            if (!mayBeUnwatched() || !readUnasked()) {
                endInput(CloseReason.IDLE_TIMEOUT);
            }
        } else {
            lastActivity = reactor.loop.now(); // a session that is being worked for is not idle
        }
    }

    /**
     * The selector has not said yet that it watches this connection: the peer is silent, or the kernel
     * refused to watch it ({@link org.reactorserver.loop.EventLoop#watchAnew}). Only reading shows which.
     * Bytes found once may have come this very moment; found twice, they prove it. The selector is asked
     * first, for it may be the loop that has had no time to.
     *
     * @return whether there was, or is, something to read
     */
    private boolean readUnasked() throws IOException {
        inbox.awaitFrom(reactor.loop.now());
        if (reactor.loop.isReady(key)) {
            return true;
        }
        if (read() == 0) {
            return false;
        }
        if (reason == null && foundUnwatched) {
            refuse(CloseReason.NOT_SELECTABLE, CloseReason.NOT_SELECTABLE.toString());
        } else if (reason == null) {
            foundUnwatched = true;
            reactor.loop.watchAnew(key);
        }
        return true;
    }

    /**
     * It may be the loop that was late, and not the peer; or there is room, but too little for the kernel
     * to speak of it; or the kernel does not watch it.
     */
    private void writeUnasked() throws IOException {
        boolean isReady = reactor.loop.isReady(key);
        write();
        if (writePending && since(lastProgress) >= reactor.settings.writeNanos) {
            abort(CloseReason.WRITE_TIMEOUT);
        } else if (!watched && !isReady && !isClosed()) {
            reactor.loop.watchAnew(key);
        }
    }

    /** What has come and was not told of is read, since to close with unread input is a reset. */
    private void endLingering() throws IOException {
        if (!watched) {
            read();
        }
        if (!isClosed()) {
            close(reason);
        }
    }

    private long since(long time) {
        return reactor.loop.now() - time;
    }

    // ---- the end

    /** The server is shutting down: what has arrived by now is the last that is read. */
    void drain() {
        try {
            if (reason == null && (state == State.WAITING || state == State.OPEN)) {
                read();
            }
            if (state == State.WAITING && inbox.isEmpty()) {
                close(CloseReason.SERVER_SHUTDOWN);
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
        boolean cut = !isClosed() || !session.lane.isIdle();
        abort(CloseReason.DRAIN_TIMEOUT);
        return cut;
    }

    /** Ends it at once; what waits to be written is lost. */
    private void abort(CloseReason why) {
        if (why != CloseReason.CONNECTION_LOST) { // what was read of a lost peer is handled
            session.lane.abandon();
        }
        if (isClosed()) {
            return;
        }
        overtake(why);
        if (!session.outbox.isEmpty()) {
            resetOnClose();
        }
        close(why);
    }

    /** Lest the peer take a stream that is cut off for one that has ended. */
    private void resetOnClose() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("session {} cannot be reset", session, e);
        }
    }

    /** As {@link #endInput}, but an end in order is no longer true: not everything is answered. */
    private void overtake(CloseReason why) {
        boolean wasInOrder = reason == CloseReason.END_OF_STREAM || reason == CloseReason.SERVER_SHUTDOWN;
        if (wasInOrder && state != State.LINGERING) {
            reason = why;
        } else {
            endInput(why);
        }
    }

    private void close(CloseReason why) {
        endInput(why);
        state = State.CLOSED;
        inbox.clear(reactor.decoder);
        session.outbox.shut();
        reactor.counters.repliesDropped.add(session.outbox.discard());
        accountStuckBytes(0);
        disarmDeadline();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing session {} failed", session, e);
        }
        reactor.counters.closed(reason);
        if (admitted) {
            reactor.observer.closed(session, reason);
            reactor.admission.leave(this, reactor.loop.now(), served, !leftBeforeItsTurn);
        }
        if (served && reactor.settings.handlesClose) {
            CloseReason told = reason;
            session.lane.add(() -> reactor.settings.handler.onClose(session, told));
        }
        touch();
    }
}
