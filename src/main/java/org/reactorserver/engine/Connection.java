package org.reactorserver.engine;

import static org.reactorserver.SessionState.ARRIVING;
import static org.reactorserver.SessionState.CLOSED;
import static org.reactorserver.SessionState.DRAINING;
import static org.reactorserver.SessionState.GONE;
import static org.reactorserver.SessionState.LINGERING;
import static org.reactorserver.SessionState.OPEN;
import static org.reactorserver.SessionState.WAITING;
import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import org.reactorserver.CloseReason;
import org.reactorserver.crossing.Message;
import org.reactorserver.framing.FramingException;
import org.reactorserver.limit.Budget;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.session.Seat;
import org.reactorserver.session.Shared;
import org.reactorserver.text.Addresses;
import org.reactorserver.text.Printable;
import org.reactorserver.wire.TlsRecord;
import org.reactorserver.wire.Transport;

/**
 * One client's connection, the loop's side of a session: what is read becomes messages in the lane, what
 * the handler sends stands in the outbox until it is written. As a letter it tells the loop that somebody
 * has been at one of the two. Loop only.
 *
 * <p>What it is made of knows its own state, see {@link Parts}, and {@link Seat} what the admission has given. What
 * the selector is asked for and when the time is up is worked out from these, each in one place, at the end of each
 * pass that touched the connection.
 */
final class Connection extends Arriving {
    private Alarm alarm; // for the earliest of its deadlines; null if there is none

    Connection(Shared shared, Door door, SocketChannel channel, SocketAddress sender) {
        super(shared, door, channel, sender);
    }

    // ---- the loop's calls

    @Override
    public void onRegistered(SelectionKey key) {
        super.onRegistered(key);
        awaitSign();
        touch();
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        if (reported()) {
            disarm(); // an idle session needs none
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && wantsInput()) { // not settled since it was last, maybe
            read();
            handOff();
            accountIfMuch(); // before others read: in one pass all of them could
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
        accountIfMuch(); // it may take some passes until it is settled
        touch();
    }

    private void accountIfMuch() {
        if (isBulk()) {
            account(); // little can wait until it is settled, which is in this pass as a rule
        }
    }

    /** Input first, since it may be what ends it; then output; then what follows from both. */
    @Override
    public void onSettle() throws IOException {
        if (!life.isClosed()) {
            if (transport.holdsInput() && wantsInput()) {
                read();
            }
            obeyRequest();
            decodeRest();
            takeInLast();
            boolean hasAllLeft = session.outbox.isEmpty() && !transport.holdsOutput(); // as while it read
            if (!output.isBlocked() || hasAllLeft) {
                write();
            }
            session.offerRoom(); // before it is taken to be through
            advance();
        }
        handOff();
        account();
        if (!life.isClosed()) {
            applyInterest();
            if (transport.holdsInput() && wantsInput()) { // also since it has been settled
                touch(); // no event will announce it
            }
            alarm = Alarm.arm(alarm, this);
        } else if (life.is(CLOSED) && session.lane.isIdle()) {
            to(GONE);
            shared.lost.leave(this);
            shared.gone(seat == Seat.REFUSED);
        }
    }

    @Override
    public void onFailure(Exception cause) {
        if (cause instanceof IOException failure) {
            CloseReason why = Life.reasonOf(failure);
            if (why != CloseReason.CONNECTION_LOST) {
                tell(failure.getMessage());
            }
            if (life.is(ARRIVING) && why == CloseReason.HANDSHAKE_FAILED) {
                lingerBehindAlert();
            } else {
                abort(why);
            }
        } else {
            LOG.error("session {} failed", session, cause);
            abort(CloseReason.INTERNAL_ERROR);
        }
    }

    private void tell(String problem) {
        if (shared.warnings.allows()) {
            String who = Addresses.text(session.remoteAddress());
            LOG.info("{}: {}{}", who, problem, shared.warnings.held());
        }
    }

    // ---- input

    @Override
    int read() throws IOException {
        ByteBuffer buffer = shared.loop.buffer();
        boolean discards = life.is(LINGERING) || life.is(ARRIVING);
        boolean isFirst = !input.hasSpoken();
        int held = transport.unsent();
        int begun = transport.begun();
        boolean wasIncomplete = isIncomplete();
        int count = input.read(transport, buffer, discards ? EventLoop.BUFFER_SIZE : room());
        if (held > 0 && transport.unsent() != held) { // it has to write before it reads on, and the peer took some
            output.restart(now());
        }
        if (life.is(ARRIVING)) {
            hear();
        }
        if (transport.begun() != begun) {
            life.active(now());
        }
        if (!wasIncomplete && transport.begun() > 0) {
            input.awaitFrom(now());
        }
        if (count > 0) {
            life.active(now());
            shared.counters.bytesRead.add(count);
            shared.observer.read(session, count);
            if (isFirst && !discards && !speaksTls() && TlsRecord.isHello(buffer)) {
                tell("the peer speaks TLS where none is spoken: --tls-cert, or a --listen with ,tls");
                refuse(CloseReason.TLS_NOT_SPOKEN, CloseReason.TLS_NOT_SPOKEN.toString());
            } else if (life.is(OPEN)) {
                decode(buffer.flip());
            } else if (life.is(WAITING)) {
                input.keep(shared.decoder, buffer.flip());
            }
        } else if (count < 0) {
            onEndOfStream();
        }
        return count;
    }

    private void onEndOfStream() {
        boolean isCutOff = transport.end() == Transport.End.TRUNCATED;
        life.end(isCutOff ? CloseReason.TRUNCATED_STREAM : CloseReason.END_OF_STREAM);
        if (life.is(LINGERING) || life.is(ARRIVING) || (life.is(WAITING) && input.isEmpty())) {
            close();
        }
    }

    /** Moves messages from the input into the lane as long as it has room; what may be too large a one waits. */
    private void decode(ByteBuffer bytes) {
        if (shared.messages.isPressed() && mayBeTooMuch(bytes.remaining())) {
            input.keep(shared.decoder, bytes);
            return;
        }
        FramingException refused = input.decode(bytes, laneRoom(), mostMessages(), takesLastLine(), session, shared);
        if (refused != null) {
            if (refused.guess() != null) {
                Charset charset = refused.guess().charset();
                tell("the message is not UTF-8, and probably " + charset + ", \""
                        + Printable.escape(refused.guess().text()) + "\": --charset " + charset);
            }
            refuse(Life.reasonOf(refused.kind()), refused.getMessage());
        }
    }

    /** Whether that, with what is left over, could be one message that has no room; a small one always has. */
    private boolean mayBeTooMuch(int bytes) {
        boolean holdsNone = session.lane.weight() + session.unansweredWeight() == 0;
        return Message.mostWeight(input.cost() + bytes) > Math.max(holdsNone ? Budget.LEAST : 0, laneRoom());
    }

    private void decodeRest() {
        if (input.mayHoldMessages()) {
            decodeMore();
        }
        if (takesLastLine()) { // as it may have turned out just now
            decodeMore();
        }
    }

    private void decodeMore() {
        if (life.is(OPEN) && laneRoom() > 0 && mostMessages() > 0) {
            decode(Shared.NO_INPUT);
        }
    }

    /**
     * Before the server ends a session, or gives it up, what has arrived is taken in: it is read until a read that
     * had room finds nothing, or as much as can have stood in the system's buffer.
     */
    private void takeInLast() throws IOException {
        boolean wantsEnd = output.isBroken() || shared.phase.wantsEndOf(input.hasSpoken(), isBetweenMessages());
        if (!life.is(OPEN) || life.isEnding() || !wantsEnd || !mayRead() || transport.isReadBlocked()) {
            return;
        }
        int count = read();
        if (count >= 0 && !life.isEnding() && !transport.isReadBlocked()) { // else it has not looked
            if (!input.isTakenIn(count, transport.mostUnread())) {
                touch(); // no event will report it
            } else if (output.isBroken()) {
                abort(lossReason());
            } else if (shared.phase.wantsEndOf(true, isBetweenMessages())) {
                life.end(CloseReason.SERVER_SHUTDOWN);
            }
        }
    }

    @Override
    void refuse(CloseReason why, String text) {
        if (!seat.isAdmitted()) { // the peer cannot be told, or has got the error already
            abort(why);
            return;
        }
        boolean isNews = life.overtake(why); // else it has got its error
        input.clear(shared.decoder);
        if (isNews) {
            session.lane.end(() -> session.sendError(why, text));
        }
        touch();
    }

    // ---- output

    @Override
    void write() {
        boolean wasBroken = output.isBroken();
        boolean isDue = !session.outbox.isEmpty() || transport.holdsOutput() || output.isBlocked(); // by what has left
        if (isDue && output.write(transport, session, shared)) {
            life.active(now());
        }
        if (!wasBroken && output.isBroken()) {
            touch(); // no event need report it
        }
    }

    // ---- what follows

    private void obeyRequest() {
        CloseReason requested = session.requested();
        if (requested != null) {
            life.overtake(requested);
            input.clear(shared.decoder);
        }
        if (requested == CloseReason.OUTBOX_FULL) {
            abort(requested);
        }
    }

    private void advance() throws IOException {
        if (output.isBroken() && (!life.is(OPEN) || life.isEnding())) {
            abort(lossReason());
            return;
        }
        if (life.is(OPEN) && life.isEnding() && !input.mayHoldMessages() && !takesLastLine()) {
            if (input.isIncomplete()) {
                life.truncate();
            }
            input.clear(shared.decoder);
            to(DRAINING);
        } else if (life.is(WAITING) && life.isEnding() && input.isEmpty()) { // its turn will not come
            shared.admission.withdraw(this);
            to(DRAINING);
        }
        if (life.is(DRAINING) && session.isAtRest() && !transport.holdsOutput() && session.outbox.shutIfEmpty()) {
            // again: the worker that emptied the lane may have asked for it since this pass looked
            if (session.requested() != null) {
                life.overtake(session.requested());
            }
            if (input.isEnded()) {
                close();
            } else if (transport.endOutput()) {
                to(LINGERING);
            } else {
                output.block(now()); // it holds what has to leave before the end
            }
        }
    }

    /** Why nothing more can be sent. */
    private CloseReason lossReason() {
        IOException failure = transport.failure();
        return failure == null ? CloseReason.CONNECTION_LOST : Life.reasonOf(failure);
    }

    private void handOff() {
        session.offerRoom();
        if ((session.mayHandle() || session.lane.isUrgent()) && session.lane.schedule()) {
            session.readySince(now());
            int ahead = input.isBulk() ? Message.BULK : 0; // what stands behind it counts too
            shared.workers.add(session, ahead + session.lane.weight());
        }
    }

    private void disarm() {
        if (alarm != null) {
            shared.loop.timers().cancel(alarm);
            alarm = null;
        }
    }

    // ---- the end

    /** The server is shutting down. */
    void drain() {
        try {
            if (life.is(WAITING) && life.goesOn() && mayRead()) {
                read();
            }
            if (life.is(ARRIVING)
                    ? shared.phase == Shared.Phase.CLOSING
                    : life.is(WAITING)
                            && isBetweenMessages()
                            && !transport.holdsInput()
                            && !transport.isReadBlocked()) {
                life.end(CloseReason.SERVER_SHUTDOWN);
                close();
            }
        } catch (IOException | RuntimeException e) { // the others are to be drained all the same
            onFailure(e);
        }
        touch();
    }

    /** The drain has run out of time. Returns whether anything was cut off. */
    boolean force() {
        boolean cut = !life.is(LINGERING) && !life.isClosed();
        if (life.is(LINGERING)) {
            close(); // all was answered, it only waited for the peer
        } else {
            abort(CloseReason.DRAIN_TIMEOUT);
        }
        handOff();
        return cut;
    }

    @Override
    void abort(CloseReason why) {
        // first, so that nothing is taken and missed unnoticed
        boolean isMissed = output.discard(session, shared) || transport.holdsWritten();
        boolean isLost = why == CloseReason.CONNECTION_LOST || why == CloseReason.TLS_FAILED;
        boolean isUndone = !session.isAtRest() || input.mayHoldMessages() || why == CloseReason.INTERNAL_ERROR;
        boolean isUnanswered = session.requested() == null && isUndone;
        if (!isLost) { // what was read of a lost peer is handled
            session.abandon();
        }
        if (life.isClosed()) {
            return;
        }
        if (isMissed || isUnanswered || output.isBroken() || shared.cutOff) {
            boolean isRefused = transport.end() == Transport.End.BOTH_WAYS; // though its last input waits to be read
            life.overtake(isRefused ? CloseReason.REPLIES_REFUSED : why);
        } else {
            life.end(why);
        }
        close(isMissed || (output.isBroken() && transport.end() != Transport.End.BOTH_WAYS));
    }

    @Override
    void close() {
        close(false);
    }

    private void close(boolean cutOff) {
        CloseReason reason = life.reason();
        to(CLOSED);
        input.clear(shared.decoder);
        output.discard(session, shared);
        disarm();
        try {
            transport.close(cutOff);
        } catch (IOException e) {
            LOG.debug("closing session {} failed", session, e);
        }
        shared.counters.closed(reason);
        session.onClosed(reason, seat.isServed());
        int waiting = session.lane.weight();
        if (waiting > 0 && !shared.lost.enter(this, address(), waiting)) {
            session.abandon();
        }
        if (seat.isAdmitted()) {
            shared.observer.closed(session, reason);
        } else if (seat != Seat.REFUSED && reason != CloseReason.END_OF_STREAM) {
            shared.counters.refused.increment();
            shared.observer.refused(session.remoteAddress(), reason);
        }
        if (seat != Seat.REFUSED) {
            shared.admission.leave(this, now(), seat);
        }
        shared.closed();
        touch();
    }
}
