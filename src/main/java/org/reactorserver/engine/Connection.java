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
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.List;
import org.reactorserver.CloseReason;
import org.reactorserver.crossing.Message;
import org.reactorserver.framing.FramingException;
import org.reactorserver.loop.EventLoop;
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
final class Connection extends Pollable implements Admission.Guest, Deadline.Facts {
    /** At the end of lingering so much is discarded at most. */
    private static final int LAST_READS = 16;

    private final Shared shared;
    private final Transport transport;
    private final ServedSession session;
    private final Life life;
    private final Input input;
    private final Output output = new Output();
    private final Watch watch;
    private Seat seat = Seat.NONE;
    private Timers.Timer alarm; // for the earliest of its deadlines; null if there is none
    private Lost.Entry lost; // null unless messages of it wait though it is lost
    long requestCost; // its parts in the budgets, as of its last settling
    long messageCost;
    long replyCost;

    Connection(Shared shared, Transport transport, SocketAddress peer) {
        this.shared = shared;
        this.transport = transport;
        this.session = new ServedSession(shared, this, peer);
        this.life = new Life(now());
        this.input = new Input(shared.decoder, now());
        this.watch = new Watch(shared.loop, this, SelectionKey.OP_READ);
        shared.came();
    }

    private long now() {
        return shared.loop.now();
    }

    // ---- coming in

    /** It goes on as soon as its transport can be spoken over: it is let in, or it is told why not. */
    void arrive() {
        if (!transport.isEstablished()) {
            return;
        }
        CloseReason objection = shared.admission.objection(address());
        if (objection == null) {
            session.number(shared.admission.nextNumber());
            life.to(WAITING, now());
            seat = Seat.QUEUED;
            shared.counters.accepted.increment();
            shared.observer.connected(session);
            shared.admission.enter(this);
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
            life.to(DRAINING, now());
            session.sendError(why.toString());
            touch();
        } else {
            close(false);
        }
    }

    @Override
    public InetAddress address() {
        return session.peer() == null ? null : session.peer().getAddress();
    }

    @Override
    public void open() {
        life.to(OPEN, now());
        seat = input.isEnded() ? Seat.UNUSED : Seat.TAKEN;
        input.awaitFrom(now());
        if (shared.settings.handlesOpen) {
            session.lane.open(() -> shared.settings.handler.onOpen(session));
        }
        touch();
    }

    // ---- the loop's calls

    @Override
    public void onRegistered(SelectionKey key) {
        watch.registered();
        awaitSign();
        touch();
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
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            write();
        }
        touch();
    }

    @Override
    public boolean isBulk() {
        return input.isBulk() || session.outbox.cost() > Message.BULK;
    }

    @Override
    protected void onDelivery() {
        life.active(now()); // a turn is over, or something was sent
        touch();
    }

    private void touch() {
        shared.loop.touch(this);
    }

    /** Input first, since it may be what ends it; then output; then what follows from both. */
    @Override
    public void onSettle() throws IOException {
        if (!life.isClosed()) {
            obeyRequest();
            decodeRest();
            takeInLast();
            if (!output.isBlocked()) {
                write();
            }
            advance();
        }
        handOff();
        account();
        if (!life.isClosed()) {
            applyInterest();
            arm();
        } else if (life.is(CLOSED) && session.lane.isIdle()) {
            life.to(GONE, now());
            shared.lost.leave(lost);
            shared.gone(!seat.isAdmitted());
        }
    }

    /** Tells the budgets what it holds now. */
    void account() {
        requestCost = shared.requests.change(requestCost, input.cost());
        messageCost = shared.messages.change(messageCost, session.lane.weight());
        replyCost = shared.replies.change(replyCost, session.outbox.cost());
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
        boolean discards = life.is(LINGERING) || life.is(ARRIVING);
        int count = input.read(transport, buffer, discards ? EventLoop.BUFFER_SIZE : room());
        if (life.is(ARRIVING)) {
            arrive();
        }
        if (count > 0) {
            life.active(now());
            shared.counters.bytesRead.add(count);
            shared.observer.read(session, count);
            if (life.is(OPEN)) {
                decode(buffer.flip());
            } else if (life.is(WAITING)) {
                input.keep(buffer.flip());
            }
        } else if (count < 0) {
            onEndOfStream();
        }
        return count;
    }

    private int room() {
        return input.room(shared.requests.allowance());
    }

    private void onEndOfStream() {
        if (life.is(LINGERING) || life.is(ARRIVING) || (life.is(WAITING) && input.isEmpty())) {
            life.end(CloseReason.END_OF_STREAM);
            close(false);
        } else {
            life.end(CloseReason.END_OF_STREAM);
        }
    }

    /** How much may be decoded, by weight; zero or less if nothing. */
    private long laneRoom() {
        return Math.min(shared.settings.laneLimit, shared.messages.allowance()) - session.lane.weight();
    }

    /** Moves messages from the input into the lane as long as it has room. */
    private void decode(ByteBuffer bytes) {
        List<String> messages = shared.decoded;
        int weight = 0;
        FramingException refused = null;
        try {
            weight = input.decode(bytes, laneRoom(), takesLastLine(), messages, now());
        } catch (FramingException e) {
            refused = e;
            weight = weight(messages);
        }
        if (!messages.isEmpty()) {
            shared.counters.messagesRead.add(messages.size());
            for (int i = 0; i < messages.size(); i++) {
                shared.observer.received(session, messages.get(i)); // before a worker can have them
            }
            session.lane.add(messages, weight);
            messages.clear();
        }
        if (refused != null) {
            refuse(Life.reasonOf(refused.kind()), refused.getMessage());
        }
    }

    private static int weight(List<String> messages) {
        int weight = 0;
        for (String message : messages) {
            weight += Message.weight(message);
        }
        return weight;
    }

    private void decodeRest() {
        if (life.is(OPEN) && (input.mayHoldMessages() || takesLastLine()) && laneRoom() > 0) {
            decode(Shared.NO_INPUT);
        }
    }

    /** Whether the stream has ended without the last line's end, and that is good enough. */
    private boolean takesLastLine() {
        return shared.settings.lastLine && life.reason() == CloseReason.END_OF_STREAM && input.isIncomplete();
    }

    /**
     * Before the server ends a session, or gives it up, what has arrived is taken in: it is read until a read that
     * had room finds nothing, or as much as can have stood in the system's buffer.
     */
    private void takeInLast() throws IOException {
        boolean wantsEnd = output.isBroken() || shared.phase.wantsEndOf(input.hasSpoken(), input.isEmpty());
        if (!life.is(OPEN) || life.isEnding() || !wantsEnd || !mayRead()) {
            return;
        }
        if (read() >= 0 && !life.isEnding()) {
            if (!input.isTakenIn(transport.mostUnread())) {
                touch(); // nobody else will report it
            } else if (output.isBroken()) {
                abort(CloseReason.CONNECTION_LOST);
            } else if (shared.phase.wantsEndOf(true, input.isEmpty())) {
                life.end(CloseReason.SERVER_SHUTDOWN);
            }
        }
    }

    /** The peer is told what was wrong, behind the replies to what was right, and nothing more is read. */
    private void refuse(CloseReason why, String text) {
        life.overtake(why);
        input.clear();
        session.lane.end(() -> session.sendError(text));
        touch();
    }

    // ---- output

    private void write() {
        if ((!session.outbox.isEmpty() || transport.holdsOutput()) && output.write(transport, session, shared)) {
            life.active(now());
        }
    }

    // ---- what follows

    private void obeyRequest() {
        CloseReason requested = session.requested();
        if (requested != null) {
            life.overtake(requested);
            input.clear();
        }
        if (requested == CloseReason.OUTBOX_FULL) {
            abort(requested);
        }
    }

    private void advance() throws IOException {
        if (output.isBroken() && (!life.is(OPEN) || life.isEnding())) {
            abort(CloseReason.CONNECTION_LOST);
            return;
        }
        if (life.is(OPEN) && life.isEnding() && !input.mayHoldMessages() && !takesLastLine()) {
            if (input.isIncomplete()) {
                life.truncate();
            }
            input.clear();
            life.to(DRAINING, now());
        } else if (life.is(WAITING) && life.isEnding() && input.isEmpty()) { // its turn will not come
            shared.admission.withdraw(this);
            life.to(DRAINING, now());
        }
        if (life.is(DRAINING) && session.isAtRest() && session.outbox.shutIfEmpty()) {
            // again: the worker that emptied the lane may have asked for it since this pass looked
            if (session.requested() != null) {
                life.overtake(session.requested());
            }
            if (input.isEnded()) {
                close(false);
            } else if (transport.endOutput()) {
                life.to(LINGERING, now());
            }
        }
    }

    private void handOff() {
        if (session.mayHandle() && session.lane.schedule()) {
            shared.workers.add(session, session.lane.weight());
        }
    }

    private void applyInterest() {
        int wanted = transport.interestOps(wantsInput(), output.isBlocked());
        boolean reads = (watch.asked() & SelectionKey.OP_READ) != 0;
        boolean willRead = (wanted & SelectionKey.OP_READ) != 0;
        if (reads && !willRead) {
            input.pause(now());
        } else if (!reads && willRead) {
            input.resume(now());
        }
        if (watch.ask(wanted)) {
            awaitSign();
        }
    }

    private boolean wantsInput() {
        return wantsInput(life.state(), life.goesOn(), mayRead());
    }

    /** What a connection asks the selector for, with respect to input. */
    static boolean wantsInput(Life.State state, boolean goesOn, boolean mayRead) {
        return switch (state) {
            case ARRIVING, LINGERING -> true;
            case WAITING, OPEN -> goesOn && mayRead;
            case DRAINING, CLOSED, GONE -> false;
        };
    }

    /** Whether there is room for what would be read, for what it would become, and for the replies to that. */
    private boolean mayRead() {
        return room() > 0 && (life.is(WAITING) || (!input.mayHoldMessages() && laneRoom() > 0 && session.mayHandle()));
    }

    /** A sign of the peer, or of the selector, is awaited from now on. */
    private void awaitSign() {
        if (!input.isIncomplete()) {
            input.awaitFrom(now());
        }
    }

    // ---- deadlines

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

    /** Before the peer is blamed it is looked at: it may be the server that was late, or did not run at all. */
    private void onPassed(Deadline deadline) throws IOException {
        switch (deadline) {
            case ARRIVAL -> {
                if (read() == 0) {
                    life.end(CloseReason.MESSAGE_TIMEOUT);
                    close(false);
                }
            }
            case LINGER -> endLingering();
            case WRITE -> writeUnasked();
            case BYTES -> {
                if (!readUnasked() && input.isIncomplete() && shared.settings.messageNanos > 0) {
                    refuse(CloseReason.MESSAGE_TIMEOUT, "the rest of the message did not arrive in time");
                }
            }
            case IDLE -> {
                if (!readUnasked()) {
                    life.end(CloseReason.IDLE_TIMEOUT);
                }
            }
        }
    }

    /**
     * Reads what the selector has not reported. If it has not proved to watch this connection, the kernel may
     * have refused to, see {@link Watch}; it is asked first, for it may be the loop that has had no time to.
     *
     * @return whether there was, or is, something to read
     */
    private boolean readUnasked() throws IOException {
        boolean isUnproven = watch.isInputUnproven();
        if (isUnproven && watch.isReady()) {
            awaitSign();
            return true;
        }
        if (read() == 0) {
            awaitSign();
            return false;
        }
        if (isUnproven && !life.isEnding() && watch.isCaught()) {
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
            if (shared.settings.writeNanos > 0) {
                abort(CloseReason.WRITE_TIMEOUT);
            } else {
                output.restart(now());
            }
        } else if (!watch.isProven() && !isReady && !life.isClosed()) {
            watch.anew();
        }
    }

    /** What has come is read, since to close with unread input is a reset. */
    private void endLingering() throws IOException {
        for (int i = 0; i < LAST_READS && life.is(LINGERING) && read() > 0; i++) {
            input.clear();
        }
        if (!life.isClosed()) {
            close(false);
        }
    }

    // ---- the end

    /** The server is shutting down. */
    void drain() {
        try {
            if (life.is(WAITING) && life.goesOn() && mayRead()) {
                read();
            }
            if (life.is(ARRIVING) ? shared.phase == Shared.Phase.CLOSING : life.is(WAITING) && input.isEmpty()) {
                life.end(CloseReason.SERVER_SHUTDOWN);
                close(false);
            }
        } catch (IOException e) {
            onFailure(e);
        }
        touch();
    }

    /** The drain has run out of time. Returns whether anything was cut off. */
    boolean force() {
        boolean cut = !life.is(LINGERING) && (!life.isClosed() || !session.lane.isIdle());
        if (life.is(LINGERING)) {
            close(false); // all was answered, it only waited for the peer
        } else {
            abort(CloseReason.DRAIN_TIMEOUT);
        }
        handOff();
        return cut;
    }

    /** It holds too much that is not decoded. */
    void endForRequests() {
        refuse(CloseReason.REQUEST_MEMORY_EXHAUSTED, CloseReason.REQUEST_MEMORY_EXHAUSTED.toString());
    }

    /** Too many messages of it wait. */
    void endForMessages() {
        refuse(CloseReason.MESSAGE_MEMORY_EXHAUSTED, CloseReason.MESSAGE_MEMORY_EXHAUSTED.toString());
        session.abandon();
    }

    /** Ends it at once; what waits to be written is lost. */
    void abort(CloseReason why) {
        boolean isMissed = !session.outbox.isEmpty();
        boolean isUnanswered = session.requested() == null && !session.isAtRest();
        if (why != CloseReason.CONNECTION_LOST) { // what was read of a lost peer is handled
            session.abandon();
        }
        if (life.isClosed()) {
            return;
        }
        if (isMissed || isUnanswered || output.isBroken() || shared.cutOff) {
            life.overtake(why);
        } else {
            life.end(why);
        }
        close(isMissed);
    }

    private void close(boolean cutOff) {
        CloseReason reason = life.reason();
        life.to(CLOSED, now());
        input.clear();
        output.discard(session, shared);
        disarm();
        try {
            transport.close(cutOff);
        } catch (IOException e) {
            LOG.debug("closing session {} failed", session, e);
        }
        shared.counters.closed(reason);
        if (seat.isServed() && shared.settings.handlesClose) {
            session.lane.end(() -> shared.settings.handler.onClose(session, reason));
        }
        int waiting = session.lane.weight();
        if (waiting > 0) {
            lost = shared.lost.enter(address(), waiting);
            if (lost == null) {
                session.abandon();
            }
        }
        if (seat.isAdmitted()) {
            shared.observer.closed(session, reason);
            shared.admission.leave(this, now(), seat);
        }
        shared.closed();
        touch();
    }

    // ---- what it is made of

    @Override
    public Life life() {
        return life;
    }

    @Override
    public Input input() {
        return input;
    }

    @Override
    public Output output() {
        return output;
    }

    @Override
    public Watch watch() {
        return watch;
    }

    /** What the application and the observer know of it. */
    @Override
    public ServedSession session() {
        return session;
    }

    Seat seat() {
        return seat;
    }
}
