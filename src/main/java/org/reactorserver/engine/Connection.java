package org.reactorserver.engine;

import static org.reactorserver.engine.Life.State.ARRIVING;
import static org.reactorserver.engine.Life.State.CLOSED;
import static org.reactorserver.engine.Life.State.DRAINING;
import static org.reactorserver.engine.Life.State.GONE;
import static org.reactorserver.engine.Life.State.LINGERING;
import static org.reactorserver.engine.Life.State.OPEN;
import static org.reactorserver.engine.Life.State.WAITING;
import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.List;
import org.reactorserver.CloseReason;
import org.reactorserver.crossing.Workers;
import org.reactorserver.framing.FramingException;
import org.reactorserver.loop.Letter;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;
import org.reactorserver.loop.Watch;
import org.reactorserver.wire.Transport;

/**
 * One client's connection, the loop's side of a session: what is read becomes messages in the lane, what
 * the handler sends stands in the outbox until it is written. As a letter it tells the loop that somebody
 * has been at one of the two. Loop only.
 *
 * <p>What it is made of knows its own state: {@link Life} how far it has come and why it ends, {@link
 * Input} and {@link Output} the two directions, {@link Watch} the selector, {@link Seat} the admission.
 * What the selector is asked for and when the time is up is worked out from these, each in one place, at
 * the end of each pass that touched the connection.
 */
final class Connection extends Letter implements Pollable, Admission.Guest, Deadline.Facts {
    /** A peer silent this long is not about to send; there is no need to linger. */
    private static final long QUIET_NANOS = 1_000_000_000;

    private final Shared shared;
    private final Workers workers;
    private final Admission admission;
    private final Transport transport;
    private final ServedSession session;
    private final Life life = new Life();
    private final Input input;
    private final Output output;
    private final Watch watch;
    private Seat seat = Seat.NONE;
    private boolean touched;
    private long lastActivity; // when bytes last went in or out, or it was found at work, or it came
    private long lingersSince;
    private Timers.Timer alarm; // for the earliest of its deadlines; null if there is none

    Connection(Shared shared, Workers workers, Admission admission, Transport transport, InetSocketAddress peer) {
        this.shared = shared;
        this.workers = workers;
        this.admission = admission;
        this.transport = transport;
        this.session = new ServedSession(shared, this, peer);
        this.lastActivity = now();
        this.input = new Input(shared.decoder, lastActivity);
        this.output = new Output(shared, session);
        this.watch = new Watch(shared.loop, SelectionKey.OP_READ);
    }

    /** What the application and the observer know of it. */
    ServedSession session() {
        return session;
    }

    private long now() {
        return shared.loop.now();
    }

    // ---- coming in

    /** It has arrived: it is let in, or it is told why not. */
    void arrive() {
        CloseReason objection = admission.objection(address());
        if (objection == null) {
            session.number(admission.nextNumber());
            shared.counters.accepted.increment();
            shared.observer.connected(session);
            life.to(WAITING);
            seat = Seat.QUEUED;
            admission.enter(this);
        } else {
            shared.counters.refused.increment();
            shared.observer.refused(session.peer(), objection);
            turnAway(objection);
        }
    }

    private void turnAway(CloseReason why) {
        life.end(why);
        if (shared.turnedAway < Admission.MOST_TURNED_AWAY) {
            shared.turnedAway++;
            life.to(DRAINING);
            session.sendError(why.toString());
            touch();
        } else {
            close(why, false);
        }
    }

    @Override
    public InetAddress address() {
        return session.peer().getAddress();
    }

    @Override
    public void open() {
        life.to(OPEN);
        seat = input.isEnded() ? Seat.UNUSED : Seat.TAKEN;
        input.awaitFrom(now());
        if (shared.settings.handlesOpen) {
            session.lane.open(() -> shared.settings.handler.onOpen(session));
            handOff();
        }
        touch();
    }

    // ---- the loop's calls

    @Override
    public void onRegistered(SelectionKey key) {
        if (watch.registered(key)) {
            awaitSign();
            touch();
        }
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if (watch.reported()) {
            disarm(); // an idle session needs none
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
            shared.loop.touch(this);
        }
    }

    /** Input first, since it may be what ends it; then output; then what follows from both. */
    @Override
    public void onSettle() throws IOException {
        touched = false;
        if (!life.isClosed()) {
            obeyRequest();
            decodeRest();
            write();
            advance();
        }
        handOff();
        if (!life.isClosed()) {
            applyInterest();
            arm();
        } else if (life.is(CLOSED) && session.lane.isIdle()) {
            life.to(GONE);
            shared.gone(!seat.isAdmitted());
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
        ByteBuffer buffer = shared.loop.buffer();
        int count = input.read(transport, buffer, life.is(LINGERING));
        if (count > 0) {
            lastActivity = now();
            shared.counters.bytesRead.add(count);
            shared.observer.read(session, count);
            if (life.is(OPEN)) {
                decode(buffer.flip());
            } else if (life.is(WAITING)) {
                input.keep(buffer.flip());
            }
            refuseIfTooMuchIsHeld();
        } else if (count < 0) {
            onEndOfStream();
        }
        return count;
    }

    /** Ends the session whose read exceeds the memory for requests. */
    private void refuseIfTooMuchIsHeld() {
        if (!input.isEmpty() && shared.decoder.held() > shared.settings.requestMemory) {
            CloseReason why = CloseReason.REQUEST_MEMORY_EXHAUSTED;
            refuse(why, why.toString());
        }
    }

    private void onEndOfStream() {
        if (life.is(LINGERING) || (life.is(WAITING) && input.isEmpty())) {
            close(CloseReason.END_OF_STREAM, false);
        } else {
            life.end(CloseReason.END_OF_STREAM);
        }
    }

    /** Moves messages from the input into the lane as long as it has room. */
    private void decode(ByteBuffer bytes) {
        List<String> messages = shared.decoded;
        int room = shared.settings.laneLimit - session.lane.weight();
        int weight = 0;
        try {
            weight = input.decode(bytes, room, messages, now());
        } catch (FramingException e) {
            addToLane(messages, weight);
            refuse(Life.reasonOf(e.kind()), e.getMessage());
            return;
        }
        addToLane(messages, weight);
    }

    private void addToLane(List<String> messages, int weight) {
        if (messages.isEmpty()) {
            return;
        }
        for (int i = 0; i < messages.size(); i++) {
            shared.observer.received(session, messages.get(i));
        }
        session.lane.add(messages, weight);
        shared.counters.messagesRead.add(messages.size());
        messages.clear();
    }

    private void decodeRest() {
        if (life.is(OPEN) && input.mayHoldMessages() && session.lane.weight() < shared.settings.laneLimit) {
            decode(Shared.NO_INPUT);
        }
    }

    /** The peer is told what was wrong, behind the replies to what was right, and nothing more is read. */
    private void refuse(CloseReason why, String text) {
        life.overtake(why);
        input.clear();
        session.lane.end(() -> session.sendError(text));
    }

    // ---- output

    private void write() throws IOException {
        if (!output.write(transport)) {
            abort(CloseReason.REPLY_MEMORY_EXHAUSTED);
        }
    }

    // ---- what follows

    private void obeyRequest() {
        CloseReason requested = session.requested();
        if (requested == CloseReason.OUTBOX_FULL) {
            abort(requested);
        } else if (requested != null) {
            life.overtake(requested);
            input.clear();
        } else if (life.is(OPEN) && shared.phase.wantsEndOf(input.hasSpoken(), input.isBetweenMessages())) {
            life.end(CloseReason.SERVER_SHUTDOWN);
        }
    }

    private void advance() throws IOException {
        if (life.is(OPEN) && life.isEnding() && !input.mayHoldMessages()) {
            if (input.isIncomplete()) {
                life.truncate();
            }
            input.clear();
            life.to(DRAINING);
        }
        if (life.is(DRAINING) && session.lane.isIdle() && session.outbox.shutIfEmpty()) {
            // again: the worker that emptied the lane may have asked for it since this pass looked
            if (session.requested() != null) {
                life.overtake(session.requested());
            }
            if (input.isEnded() || now() - lastActivity() > QUIET_NANOS) {
                close(life.reason(), false);
            } else if (transport.endOutput()) {
                life.to(LINGERING);
                lingersSince = now();
            }
        }
    }

    private void handOff() {
        if (!session.isOverHighWater() && session.lane.schedule()) {
            workers.add(session);
        }
    }

    private void applyInterest() {
        if (watch.ask(transport.interestOps(wantsInput(), output.isBlocked()))) {
            awaitSign();
        }
    }

    private boolean wantsInput() {
        return switch (life.state()) {
            case ARRIVING, LINGERING -> true;
            case WAITING -> life.goesOn() && input.room() > 0;
            case OPEN -> life.goesOn() && !input.mayHoldMessages() && !session.isOverHighWater();
            case DRAINING, CLOSED, GONE -> false;
        };
    }

    /** A sign of the peer, or of the selector, is awaited from now on. */
    private void awaitSign() {
        if (!input.isIncomplete()) {
            input.awaitFrom(now());
        }
    }

    // ---- deadlines

    @Override
    public Life.State state() {
        return life.state();
    }

    @Override
    public long lingersSince() {
        return lingersSince;
    }

    @Override
    public boolean isBlocked() {
        return output.isBlocked();
    }

    @Override
    public long blockedSince() {
        return output.blockedSince();
    }

    /** Whether the rest of a message is awaited, or the first sign of the selector. */
    @Override
    public boolean awaitsBytes() {
        return life.goesOn() && (input.isIncomplete() || watch.isInputUnproven());
    }

    @Override
    public long awaitedSince() {
        return input.awaitedSince();
    }

    @Override
    public long lastActivity() {
        return output.lastWrite() - lastActivity > 0 ? output.lastWrite() : lastActivity;
    }

    /**
     * Sets the timer for the earliest deadline. One that is set for an earlier time stays: when it
     * fires it looks again. So a busy session never moves it.
     */
    private void arm() {
        long left = Deadline.leastLeft(this, shared.settings, now());
        if (left == Deadline.NEVER) {
            return;
        }
        if (alarm == null) {
            alarm = new Alarm();
        }
        long at = now() + left;
        if (!alarm.isArmed() || at - alarm.deadline() < 0) {
            shared.loop.timers().arm(alarm, at);
        }
    }

    private void disarm() {
        if (alarm != null) {
            shared.loop.timers().cancel(alarm);
            alarm = null;
        }
    }

    private final class Alarm extends Timers.Timer {
        @Override
        protected void onTimer() {
            alarm = null;
            try {
                Deadline passed = Deadline.passed(Connection.this, shared.settings, now());
                if (passed != null) {
                    onPassed(passed);
                }
            } catch (IOException e) {
                onFailure(e);
            }
            touch();
        }
    }

    private void onPassed(Deadline deadline) throws IOException {
        switch (deadline) {
            case LINGER -> endLingering();
            case WRITE -> writeUnasked();
            case BYTES -> blameForSilence();
            case IDLE -> blameForIdleness();
        }
    }

    private void blameForSilence() throws IOException {
        if (session.isOverHighWater()) {
            input.awaitFrom(now()); // it is we who do not read
        } else if (!readUnasked() && input.isIncomplete()) {
            refuse(CloseReason.MESSAGE_TIMEOUT, "the rest of the message did not arrive in time");
        }
    }

    private void blameForIdleness() throws IOException {
        if (!session.lane.isIdle()) {
            lastActivity = now(); // a session that is being worked for is not idle
        } else if (!readUnasked()) {
            life.end(CloseReason.IDLE_TIMEOUT);
        }
    }

    /**
     * The selector has not said yet that it watches this connection: the peer is silent, or the kernel
     * refused to watch it. Only reading shows which. The selector is asked first, for it may be the loop
     * that has had no time to.
     *
     * @return whether there was, or is, something to read that the selector has not reported
     */
    private boolean readUnasked() throws IOException {
        if (!watch.isInputUnproven()) {
            return false;
        }
        input.awaitFrom(now());
        if (watch.isReady()) {
            return true;
        }
        if (read() == 0) {
            return false;
        }
        if (!life.isEnding() && watch.isCaught()) {
            refuse(CloseReason.NOT_SELECTABLE, CloseReason.NOT_SELECTABLE.toString());
        }
        return true;
    }

    /**
     * It may be the loop that was late, and not the peer; or there is room, but too little for the kernel
     * to speak of it; or the kernel does not watch it.
     */
    private void writeUnasked() throws IOException {
        boolean isReady = watch.isReady();
        write();
        if (Deadline.WRITE.left(this, shared.settings, now()) <= 0) {
            abort(CloseReason.WRITE_TIMEOUT);
        } else if (!watch.isProven() && !isReady && !life.isClosed()) {
            watch.anew();
        }
    }

    /** What has come and was not told of is read, since to close with unread input is a reset. */
    private void endLingering() throws IOException {
        if (!watch.isProven()) {
            read();
        }
        if (!life.isClosed()) {
            close(life.reason(), false);
        }
    }

    // ---- the end

    /** The server is shutting down: what has arrived by now is the last that is read. */
    void drain() {
        try {
            if (life.goesOn()) {
                read();
            }
            if (life.is(WAITING) && input.isEmpty()) {
                close(CloseReason.SERVER_SHUTDOWN, false);
            }
            touch();
        } catch (IOException e) {
            onFailure(e);
        }
    }

    /** The drain has run out of time. Returns whether anything was cut off. */
    boolean force() {
        if (life.is(LINGERING)) {
            close(life.reason(), false); // all was answered, it only waited for the peer
            return false;
        }
        boolean cut = !life.isClosed() || !session.lane.isIdle();
        abort(CloseReason.DRAIN_TIMEOUT);
        return cut;
    }

    /** Ends it at once; what waits to be written is lost. */
    private void abort(CloseReason why) {
        if (why != CloseReason.CONNECTION_LOST) { // what was read of a lost peer is handled
            session.lane.abandon();
        }
        if (life.isClosed()) {
            return;
        }
        life.overtake(why);
        close(why, !session.outbox.isEmpty());
    }

    private void close(CloseReason why, boolean cutOff) {
        life.end(why);
        life.to(CLOSED);
        input.clear();
        output.discard();
        disarm();
        try {
            transport.close(cutOff);
        } catch (IOException e) {
            LOG.debug("closing session {} failed", session, e);
        }
        CloseReason reason = life.reason();
        shared.counters.closed(reason);
        if (seat.isAdmitted()) {
            shared.observer.closed(session, reason);
            admission.leave(this, now(), seat);
        }
        if (seat.isServed() && shared.settings.handlesClose) {
            session.lane.end(() -> shared.settings.handler.onClose(session, reason));
        }
        touch();
    }

    // ---- for who checks it

    boolean is(Life.State state) {
        return life.is(state);
    }

    boolean isWanted() {
        return !life.isEnding() && session.requested() == null;
    }

    Input input() {
        return input;
    }

    Seat seat() {
        return seat;
    }

    long stuckBytes() {
        return output.stuckBytes();
    }

    int asked() {
        return watch.asked();
    }
}
