package org.reactorserver.sim;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.reactorserver.CloseReason;
import org.reactorserver.Session;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.FakeServerSocketChannel;
import org.reactorserver.testkit.net.Wire;

/**
 * A client as a process of its own, with the network between it and the server; and beside it the record
 * of what the server did with it.
 */
final class Peer {
    /** What it does when it has sent what it wanted to. */
    enum Ending {
        HALF_CLOSE,
        CLOSE,
        RESET,
        STAY
    }

    private static final long MILLI = 1_000_000;
    private static final int ARRIVE = 1;
    private static final int DELIVER = 2;
    private static final int SEND = 4;
    private static final int READ = 8;
    private static final int END = 16;

    final int number;
    final InetSocketAddress address;
    final Script script;
    final Speech speech;
    final Replies replies;
    final Ending ending;
    final int endAt; // how many bytes of its speech it sends
    final boolean reads;
    final boolean slow;
    final int listener; // at which it connects
    final Patience patience = new Patience();
    final Unwatched unwatched = new Unwatched();
    Wire wire; // null until it has connected
    long connected; // when that was

    // what the server did
    Session session; // null until it was admitted
    CloseReason turnedAway; // why, or null
    int decoded; // content, see Script
    int handled;
    int messagesDecoded;
    int messagesHandled;
    boolean opened;
    boolean closeTold;
    boolean inHandler;
    int callers; // in the middle of a call to the session
    boolean threw;
    boolean failureTold; // to the handler, by onError
    boolean closeRequested;
    boolean overLimit;
    boolean closeReturned; // the application's call
    boolean sawEnd; // of the server's stream, in order
    boolean leftInterrupt;
    int held; // requests that will be answered later
    int lateAsked; // replies that are to come, in the order of the requests
    int lateQueued; // of these
    int supplying; // sources that are being drawn from
    boolean paused;
    boolean awaitsRoom;
    boolean inGroup;
    int lastOfGroup = -1; // of its messages
    int handledInTurn;
    int overtaken; // by others, while it waits for a worker
    boolean isServed; // by the end of the last pass
    int arrivedBeforeDrain;
    int unreadAtEnd = -1; // when the server ended its stream; negative before that
    CloseReason reason; // null until it was closed
    long closed; // when that was
    int taken; // bytes that the server has read from the wire
    int bytesRead; // of its script, by the server
    long bytesWritten; // of replies, by the server to its transport
    long bytesSent; // by the server to the wire since it was let in
    boolean released; // its socket, by the server
    long accepted = Long.MAX_VALUE; // when it was
    long lastWrite; // when the server last tried to
    boolean isBlocked; // the last write has left something behind
    int writes;
    int lastPass; // in which something was written
    int writesInPass;
    int lateWrites; // for which the server waited as long as it ever does, though it could
    private boolean isKeptWaiting; // nothing is asked of the selector
    private long keptSince;
    private long keptWaiting;
    private long lastExchange; // of bytes, or when it was accepted
    private long lastRead; // of its bytes, likewise
    private long insideSince; // since when the server has read the start of a message only
    private long lastTaken; // when the kernel last took bytes of the server
    private long longestSilence;
    private long longestMute;
    private long longestInside;
    private long longestStuck;

    private final FakeTls.Ear ear = new FakeTls.Ear();
    private final Dice dice;
    private int sent;
    private boolean gone; // will do nothing more
    private long notBefore;
    private long nextSend;

    Peer(int number, Dice dice, Plan plan) {
        this.number = number;
        this.dice = dice;
        boolean good = !dice.oneIn(plan.misbehaving);
        this.address = address(number);
        this.script = new Script(dice, plan, good, number == 0);
        this.replies = new Replies(plan.framing);
        this.ending = good ? Ending.HALF_CLOSE : dice.any(Ending.values());
        this.listener = dice.below(plan.listeners);
        this.speech = new Speech(dice, plan, listener, good, address, script.bytes);
        this.endAt = good || dice.oneIn(2) ? speech.bytes.length : dice.below(speech.bytes.length + 1);
        this.reads = good || !dice.oneIn(3);
        this.slow = !good && dice.oneIn(3);
        this.nextSend = dice.oneIn(3) ? dice.below(3000) * MILLI : 0;
    }

    private static InetSocketAddress address(int number) {
        try {
            InetAddress host = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) (number % 3)});
            return new InetSocketAddress(host, 10_000 + number);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether it does all that a client should and nothing else, and at once. */
    boolean isGood() {
        return script.end == Script.End.GOOD
                && speech.fault == Speech.Fault.NONE
                && ending == Ending.HALF_CLOSE
                && endAt == speech.bytes.length
                && reads
                && !slow;
    }

    /** Whether it reads whatever comes, at once, up to the end of the stream. */
    boolean isAttentive() {
        return reads && !slow && (ending == Ending.HALF_CLOSE || ending == Ending.STAY);
    }

    /** The drain begins: what has arrived by now is to be handled. */
    void onDrain() {
        arrivedBeforeDrain = wire == null ? 0 : speech.clearOf(taken + wire.server.readable());
    }

    /** The server asks the selector for these operations. */
    void onAsked(int interest, long now) {
        boolean reads = (interest & SelectionKey.OP_READ) != 0;
        patience.onAsked(reads, now);
        keptWaiting += isKeptWaiting ? now - keptSince : 0;
        isKeptWaiting = interest == 0;
        keptSince = now;
        unwatched.onAsked(reads);
    }

    /** How long the server has asked nothing of the selector, as while a step of the handshake runs elsewhere. */
    long keptWaiting(long now) {
        return keptWaiting + (isKeptWaiting ? now - keptSince : 0);
    }

    /** The server has accepted it. */
    void onConnected(Session session, long now) {
        this.session = session;
        lastExchange = now;
        lastRead = now;
    }

    /** The server has read so many bytes from the wire. */
    void onTaken(int count, long now) {
        note(now);
        boolean wasInside = isInside();
        taken += count;
        if (!wasInside && isInside()) {
            insideSince = now;
            patience.restart(now);
        }
        if (wasInside || isInside()) {
            lastExchange = now;
        }
        patience.onRead(isInside(), now);
    }

    /** Whether the server has read the start of a message only, or that of a record of TLS. */
    private boolean isInside() {
        return script.isInside(bytesRead) || speech.isInsideRecord(taken);
    }

    /** Whether it has arrived, as far as it is up to what the server has read. */
    boolean hasArrived() {
        return speech.hasArrived(taken);
    }

    /** Whether it has ended its stream in order, and the server knows. */
    boolean hasEnded() {
        return speech.isTls ? speech.isEndSaid(taken) : hasCutOff();
    }

    /** Whether its stream has ended, be it without a notice, and the server knows. */
    boolean hasCutOff() {
        return wire.peer.hasEnded() && wire.server.atEnd();
    }

    /** The server has read so many bytes of its script. */
    void onRead(int count, long now) {
        note(now);
        lastExchange = now;
        lastRead = now;
        int whole = script.contentOf(bytesRead);
        bytesRead += count;
        if (script.contentOf(bytesRead) != whole || whole(bytesRead - count)) {
            insideSince = now;
            patience.restart(now);
        }
        patience.onRead(isInside(), now);
    }

    private boolean whole(int count) {
        return !script.isInside(count);
    }

    /** The server writes; if nothing was left behind before, the kernel's time begins. */
    void onWrite(long now) {
        if (!isBlocked) {
            lastTaken = now;
        }
    }

    /** The kernel has taken so many bytes of the server. */
    void onWritten(long now) {
        note(now);
        lastExchange = now;
        lastTaken = now;
    }

    private void note(long now) {
        longestSilence = Math.max(longestSilence, now - lastExchange);
        longestMute = Math.max(longestMute, now - lastRead);
        if (isBlocked) {
            longestStuck = Math.max(longestStuck, now - lastTaken);
        }
        if (isInside()) {
            longestInside = Math.max(longestInside, now - insideSince);
        }
    }

    /** For how long, at most, no byte was exchanged. */
    long longestSilence(long now) {
        note(now);
        return longestSilence;
    }

    /** For how long, at most, no byte of it was read. */
    long longestMute(long now) {
        note(now);
        return longestMute;
    }

    /** For how long, at most, the server had the start of a message only, be it that it did not read. */
    long longestInside(long now) {
        note(now);
        return longestInside;
    }

    /** For how long, at most, the kernel took nothing of the server. */
    long longestStuck(long now) {
        note(now);
        return longestStuck;
    }

    /** Whether everything that it sent has been decoded. */
    boolean isUnderstood() {
        return decoded == script.contentOf(speech.clearOf(sent));
    }

    /** When it, or the network, can do something; {@link Long#MAX_VALUE} for never. */
    long nextAct(long now) {
        if (wire == null) {
            return gone ? Long.MAX_VALUE : Math.max(notBefore, nextSend);
        }
        if (choices(now) != 0) {
            return notBefore;
        }
        return choices(Long.MAX_VALUE) != 0 ? Math.max(notBefore, nextSend) : Long.MAX_VALUE;
    }

    private int choices(long now) {
        int choices = wire.peer.canTransfer() ? ARRIVE : 0;
        choices |= wire.server.canTransfer() ? DELIVER : 0;
        if (gone) {
            return choices;
        }
        if (now >= nextSend) {
            boolean canSend = sent < endAt && wire.peer.writable() > 0;
            choices |= canSend ? SEND : 0;
            choices |= sent == endAt && !wire.peer.hasEnded() && ending != Ending.STAY ? END : 0;
        }
        choices |= reads && wire.peer.isReadable() ? READ : 0;
        return choices;
    }

    /** Does one thing that it, or the network, can do now. Returns what, for the trace. */
    String act(FakeNetwork network, Plan plan, long now) {
        notBefore = slow ? now + dice.below(800) * MILLI : now;
        if (wire == null) {
            return connect(network, plan, now);
        }
        int choices = choices(now);
        int choice;
        do {
            choice = 1 << dice.below(5);
        } while ((choices & choice) == 0);
        try {
            return switch (choice) {
                case ARRIVE -> {
                    wire.peer.transfer(some());
                    yield "→";
                }
                case DELIVER -> {
                    wire.server.transfer(some());
                    yield "←";
                }
                case SEND -> send(now);
                case READ -> read();
                default -> end();
            };
        } catch (IOException e) { // broken: the process gives up
            disappear();
            return e.getMessage();
        }
    }

    private String connect(FakeNetwork network, Plan plan, long now) {
        FakeServerSocketChannel listening = network.listeners().get(listener);
        if (!listening.isListening()) {
            gone = true;
            return "is refused";
        }
        Wire offered = new Wire(address, plan.sendCapacity, plan.receiveCapacity);
        if (!listening.offer(offered)) {
            notBefore = now + 1000 * MILLI;
            return "finds the backlog full";
        }
        wire = offered;
        connected = now;
        return "connects";
    }

    private int some() {
        return dice.oneIn(3) ? 1 + dice.below(20) : Integer.MAX_VALUE;
    }

    private String send(long now) throws IOException {
        int count = Math.min(some(), endAt - sent);
        count = wire.peer.write(ByteBuffer.wrap(speech.bytes, sent, count), count);
        sent += count;
        if (dice.oneIn(8)) {
            nextSend = now + dice.below(1500) * MILLI;
        }
        return "sends " + count;
    }

    private String read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.min(some(), 1 + wire.peer.readable()));
        int count = wire.peer.read(buffer, buffer.capacity());
        for (int i = 0; i < count; i++) {
            if (speech.isTls) {
                for (byte each : ear.hear(buffer.get(i))) {
                    replies.onByte(each);
                }
            } else {
                replies.onByte(buffer.get(i));
            }
        }
        sawEnd |= count < 0 && wire.peer.atEnd() && (!speech.isTls || ear.hasEnded());
        if (count < 0 && (sent == endAt || dice.oneIn(2))) {
            disappear();
        }
        return "reads " + count;
    }

    private String end() {
        switch (ending) {
            case HALF_CLOSE -> wire.peer.shutdownOutput();
            case RESET -> {
                gone = true;
                wire.peer.abort();
            }
            default -> disappear();
        }
        return ending.toString();
    }

    private void disappear() {
        gone = true;
        wire.peer.close();
    }

    /** The name that traces and messages give it. */
    @Override
    public String toString() {
        return "peer " + number;
    }
}
