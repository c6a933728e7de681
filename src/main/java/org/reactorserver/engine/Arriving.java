package org.reactorserver.engine;

import static org.reactorserver.SessionState.DRAINING;
import static org.reactorserver.SessionState.LINGERING;
import static org.reactorserver.SessionState.OPEN;
import static org.reactorserver.SessionState.WAITING;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.reactorserver.CloseReason;
import org.reactorserver.session.Admission;
import org.reactorserver.session.Seat;
import org.reactorserver.session.Shared;
import org.reactorserver.wire.ProxyException;
import org.reactorserver.wire.TlsException;

/**
 * How a connection is admitted: through a {@link Door} and the {@link Admission}, to its seat. Loop only.
 */
abstract class Arriving extends Parts implements Admission.Guest {
    private final Door door;
    Seat seat = Seat.ARRIVING;
    private boolean isProxys; // own connection, and no client's

    Arriving(Shared shared, Door door, SocketChannel channel, SocketAddress sender) {
        super(shared, door.begin(channel), sender);
        this.door = door;
        shared.came();
    }

    final boolean speaksTls() {
        return door.listen().tls();
    }

    /** It is registered, and takes up room. */
    final void begin() throws IOException {
        shared.admission.arrive(this);
        arrive();
    }

    /** It has said something on its arrival. */
    final void hear() throws IOException {
        shared.admission.hear(this);
        arrive();
    }

    /** When the client's address is known, it is checked; when the transport is established too, it is admitted. */
    private void arrive() throws IOException {
        if (seat == Seat.ARRIVING && transport.isEstablished()) {
            identify();
        }
        if (seat == Seat.KNOWN && transport.isEstablished()) {
            session.number(shared.admission.nextNumber());
            life.to(WAITING, now()); // connected() tells that
            seat = Seat.QUEUED;
            shared.counters.accepted.increment();
            shared.observer.connected(session);
            shared.admission.enter(this);
        }
    }

    private void identify() throws IOException {
        session.identify(Door.client(transport, session.remoteAddress()));
        isProxys = Door.isOwn(transport);
        CloseReason objection = shared.admission.objection(address(), now());
        if (objection != null) {
            turnAway(objection);
            return;
        }
        seat = Seat.KNOWN;
        shared.admission.know(this);
        transport = door.secure(transport, () -> shared.loop.post(this));
    }

    private void turnAway(CloseReason why) {
        boolean isTold = shared.turnedAway < Admission.MOST_TURNED_AWAY && !speaksTls();
        shared.admission.leave(this, now(), seat);
        seat = Seat.REFUSED;
        shared.turnedAway++;
        shared.counters.refused.increment();
        shared.observer.refused(session.remoteAddress(), why);
        life.end(why);
        if (isTold) {
            to(DRAINING);
            session.sendError(why, why.toString());
            touch();
        } else {
            close();
        }
    }

    @Override
    final IOException tooLate() {
        return seat == Seat.ARRIVING ? ProxyException.tooLate() : TlsException.tooLate();
    }

    @Override
    public final void giveWay() {
        life.end(CloseReason.ARRIVAL_OVERTAKEN);
        close();
    }

    @Override
    public final InetAddress address() {
        return isProxys || session.peer() == null ? null : session.peer().getAddress();
    }

    @Override
    public final void open() {
        to(OPEN);
        seat = input.isEnded() ? Seat.UNUSED : Seat.TAKEN;
        input.awaitFrom(now());
        output.restart(now());
        if (shared.settings.handling.handlesOpen) {
            session.lane.hurry(() -> shared.settings.handling.handler.onOpen(session));
        }
        shared.groups.everyone.add(session);
        touch();
    }

    /** The peer gets an alert, which a close with unread input could destroy. */
    final void lingerBehindAlert() {
        life.end(CloseReason.HANDSHAKE_FAILED);
        try {
            transport.endOutput();
            to(LINGERING);
            touch();
        } catch (IOException e) {
            close();
        }
    }
}
