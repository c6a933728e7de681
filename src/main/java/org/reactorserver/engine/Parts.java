package org.reactorserver.engine;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import org.reactorserver.CloseReason;
import org.reactorserver.PauseReason;
import org.reactorserver.SessionState;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.session.Carrier;
import org.reactorserver.session.ServedSession;
import org.reactorserver.session.Shared;
import org.reactorserver.wire.TlsSession;
import org.reactorserver.wire.Transport;

/**
 * What a connection is made of, and what follows from that alone. Each part knows its own state: {@link Life} how
 * far the connection has come and why it ends, {@link Input} and {@link Output} the two directions, {@link
 * org.reactorserver.loop.Watched} the selector. Loop only.
 */
abstract class Parts extends Carrier {
    final Shared shared;
    Transport transport; // changes while it arrives
    final ServedSession session; // what the application and the observer know of it
    final Life life;
    final Input input;
    final Output output = new Output();
    int requestCost; // its parts in the budgets, as of its last settling
    long messageCost;
    long replyCost;
    private PauseReason toldPause; // to the observer, last; null if it was read then

    Parts(Shared shared, Transport transport, SocketAddress peer) {
        this.shared = shared;
        this.transport = transport;
        this.session = new ServedSession(shared, this, peer);
        this.life = new Life(now());
        this.input = shared.settings.messageRate == null
                ? new Input(now())
                : new PacedInput(shared.settings.messageRate, now());
    }

    @Override
    protected final EventLoop loop() {
        return shared.loop;
    }

    @Override
    public final SocketAddress localAddress() {
        return transport.localAddress();
    }

    @Override
    public final TlsSession tls() {
        return transport.tls();
    }

    @Override
    public final long number() {
        return session.id();
    }

    final long now() {
        return shared.loop.now();
    }

    // ---- what is done to it

    /** Reads once. As a channel's read. */
    abstract int read() throws IOException;

    /** Writes what waits. */
    abstract void write();

    /** The peer gets an error, after the replies to what was valid, and nothing more is read. */
    abstract void refuse(CloseReason why, String text);

    /** Ends it at once; what waits to be written is lost. */
    abstract void abort(CloseReason why);

    /** What is said of it when its time to arrive is up. */
    abstract IOException tooLate();

    /** Closes it in order, for the reason that its life has. */
    abstract void close();

    /** Has it settled at the end of this pass, or of the next. */
    final void touch() {
        shared.loop.touch(this);
    }

    /** It comes into another state. */
    final void to(SessionState next) {
        life.to(next, now());
        if (session.id() > 0) { // else it was never reported
            shared.observer.stateChanged(session, next);
        }
    }

    /** Asks the selector for what is wanted now; here and nowhere else. */
    final void applyInterest() {
        int wanted = transport.interestOps(wantsInput(), output.isBlocked());
        boolean willRead = (wanted & SelectionKey.OP_READ) != 0;
        if (wanted != asked()) {
            turnTo(wanted, willRead);
            toldPause = willRead ? null : pause();
            shared.observer.interestChanged(session, wanted, toldPause);
        } else if (!willRead && shared.isObserved.getAsBoolean()) {
            tellPause(wanted);
        }
    }

    private void turnTo(int wanted, boolean willRead) {
        boolean arrives = life.is(SessionState.ARRIVING);
        boolean waited = arrives ? asked() == 0 : (asked() & SelectionKey.OP_READ) == 0; // for the server itself
        boolean waits = arrives ? wanted == 0 : !willRead;
        if (!waited && waits) {
            input.pause(now());
        } else if (waited && !waits) {
            input.resume(now());
        }
        if (ask(wanted)) {
            awaitSign();
        }
    }

    /** It stays unread, which may have another reason by now. */
    private void tellPause(int asked) {
        PauseReason pause = pause();
        if (pause != toldPause) {
            toldPause = pause;
            shared.observer.interestChanged(session, asked, pause);
        }
    }

    // ---- what follows

    /** Tells the budgets what it holds now. */
    final void account() {
        shared.requests.change(requestCost, requestCost = input.cost() + transport.heapBytes());
        shared.messages.change(messageCost, messageCost = session.lane.weight() + session.unansweredWeight());
        shared.replies.change(replyCost, replyCost = session.outbox.cost());
    }

    /** How many bytes may be read. */
    final int room() {
        return input.room(shared.decoder, shared.requests.allowance());
    }

    /** How much may be decoded, by weight; zero or less if nothing. */
    final long laneRoom() {
        long allowed = shared.messages.allowance() - session.unansweredWeight();
        return Math.min(shared.settings.laneLimit, allowed) - session.lane.weight();
    }

    /** How many messages may be decoded; on shutdown the pace does not count. */
    final int mostMessages() {
        return shared.phase == Shared.Phase.SERVING ? input.allowed(now()) : Integer.MAX_VALUE;
    }

    /** Whether the stream has ended without the last line's end, and that is good enough. */
    final boolean takesLastLine() {
        return shared.settings.lastLine && life.reason() == CloseReason.END_OF_STREAM && input.isIncomplete();
    }

    /** Whether there is room for what would be read, for what it would become, and for the replies to that. */
    final boolean mayRead() {
        return room() > 0
                && (life.is(SessionState.WAITING)
                        || (!input.mayHoldMessages() && laneRoom() > 0 && session.mayHandle()));
    }

    /** Whether the rest of a message is missing, or that of a part of one in its transport; not in the queue. */
    final boolean isIncomplete() {
        return input.isIncomplete() || (transport.begun() > 0 && !life.is(SessionState.WAITING));
    }

    /** Whether nothing has come that is not decoded. */
    final boolean isBetweenMessages() {
        return input.isEmpty() && transport.begun() == 0;
    }

    /** What to ask the selector for, with respect to input. */
    final boolean wantsInput() {
        return wantsInput(life.state(), life.goesOn(), mayRead());
    }

    static boolean wantsInput(SessionState state, boolean goesOn, boolean mayRead) {
        return switch (state) {
            case ARRIVING, LINGERING -> true;
            case WAITING, OPEN -> goesOn && mayRead;
            case DRAINING, CLOSED, GONE -> false;
        };
    }

    /** Why it is not read, which follows from what {@link #wantsInput()} does; null if it is. */
    final PauseReason pause() {
        boolean isOpen = life.is(SessionState.OPEN);
        if (life.is(SessionState.ARRIVING) || life.is(SessionState.LINGERING)) {
            return transport.isReadBlocked() ? PauseReason.TRANSPORT : null;
        } else if (!life.goesOn()) {
            return PauseReason.ENDING;
        } else if (isOpen && !session.mayHandle()) {
            return session.whyNotHandled();
        } else if (isOpen && laneRoom() <= 0) {
            boolean isFull = session.lane.weight() >= shared.settings.laneLimit;
            return isFull ? PauseReason.MESSAGES_WAITING : PauseReason.MESSAGE_MEMORY;
        } else if (isOpen && input.mayHoldMessages()) {
            return mostMessages() > 0 ? PauseReason.MESSAGES_WAITING : PauseReason.PACE;
        } else if (room() <= 0) {
            return shared.requests.isPressed() ? PauseReason.REQUEST_MEMORY : PauseReason.BUFFER_FULL;
        }
        return transport.isReadBlocked() ? PauseReason.TRANSPORT : null;
    }

    /** A sign of the peer, or of the selector, is awaited from now on, unless that time is limited in all. */
    final void awaitSign() {
        boolean isLimited = isIncomplete() && shared.settings.messageNanos > 0;
        if (!isLimited && !life.is(SessionState.ARRIVING)) {
            input.awaitFrom(now());
        }
    }
}
