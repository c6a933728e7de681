package org.reactorserver.sim;

import java.net.InetSocketAddress;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;

/**
 * The application of the simulated server, which replies at random, fails and is slow; and the witness
 * of what the server does with its handler: order, once and only once, and true reasons.
 */
final class Application implements MessageHandler, ServerObserver {
    private static final String PADDING = "é".repeat(20) + "-".repeat(200_000);

    private final Simulation simulation;
    private final Plan plan;
    private final Dice dice;
    private final Throwable[] failures = {
        new Exception("planned", null, false, false) {
            private static final long serialVersionUID = 1L;
        },
        new RuntimeException("planned", null, false, false) {
            private static final long serialVersionUID = 1L;
        },
        new Error("planned", null, false, false) {
            private static final long serialVersionUID = 1L;
        }
    };

    int accepted;
    int refused;
    int acceptFailures;
    int repliesWritten;
    int selectorsReplaced;

    Application(Simulation simulation, Plan plan, Dice dice) {
        this.simulation = simulation;
        this.plan = plan;
        this.dice = dice;
    }

    private Peer peerOf(Session session) {
        Peer peer = simulation.peerAt(session.peer());
        simulation.require(peer.session == session, peer, "has another session");
        return peer;
    }

    // -- the handler

    @Override
    public void onOpen(Session session) throws Exception {
        Peer peer = enter(session);
        simulation.require(!peer.opened && !peer.closeTold, peer, "is opened late or again");
        peer.opened = true;
        if (dice.oneIn(4)) {
            send(peer);
        }
        leave(peer);
    }

    @Override
    public void onMessage(Session session, String message) throws Exception {
        Peer peer = enter(session);
        simulation.require(peer.opened && !peer.closeTold, peer, "is not open to messages");
        peer.handled = peer.script.contentWith(peer.handled, message);
        peer.messagesHandled++;
        simulation.require(peer.handled >= 0, peer, "is handled wrongly: " + message);
        int replies = dice.pick(0, 1, 1, 1, 1, 2, 3);
        for (int i = 0; i < replies; i++) {
            send(peer);
        }
        if (dice.oneIn(plan.stalls)) {
            simulation.work(dice.oneIn(3) ? 3_000_000_000L : dice.below(2_000_000));
        }
        if (dice.oneIn(plan.closing)) {
            close(peer);
        }
        leave(peer);
    }

    @Override
    public void onClose(Session session, CloseReason reason) throws Exception {
        Peer peer = enter(session);
        simulation.require(peer.opened && !peer.closeTold, peer, "is closed before or again");
        simulation.require(reason == peer.reason, peer, "is told another reason: " + reason);
        peer.closeTold = true;
        simulation.require(!session.send("late"), peer, "is closed and took a reply");
        leave(peer);
    }

    private Peer enter(Session session) {
        Peer peer = peerOf(session);
        simulation.require(!peer.inHandler, peer, "is in the handler twice");
        peer.inHandler = true;
        simulation.pause();
        return peer;
    }

    private void leave(Peer peer) throws Exception {
        simulation.pause();
        peer.inHandler = false;
        if (dice.oneIn(plan.throwing)) {
            peer.threw = true;
            Throwable failure = dice.any(failures);
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    // -- from any thread

    /** Another thread has something to do with a session. */
    void act(Peer peer) {
        if (plan.closing > 0 && dice.oneIn(4)) {
            close(peer);
        } else {
            send(peer);
        }
    }

    private void send(Peer peer) {
        int before = peer.replies.queued.size();
        boolean ending = peer.closeRequested || peer.threw || peer.reason != null;
        peer.callers++;
        boolean taken = peer.session.send(reply(peer.number, before));
        peer.callers--;
        if (!taken && !ending) {
            peer.overLimit = true;
        }
        simulation.trace("%s: a reply is %s", peer, taken ? "queued" : "not taken");
        simulation.pause();
    }

    private String reply(int number, int count) {
        int size = dice.oneIn(5) ? dice.below(plan.largestReply) : dice.below(10);
        return "<" + number + "." + count + ":" + PADDING.substring(0, size) + ">";
    }

    private void close(Peer peer) {
        peer.closeRequested = true;
        peer.callers++;
        peer.session.close();
        peer.callers--;
        simulation.trace("%s: the application closes", peer);
        simulation.pause();
    }

    // -- the observer

    @Override
    public void connected(Session session) {
        Peer peer = simulation.peerAt(session.peer());
        simulation.require(peer.session == null, peer, "is connected again");
        peer.onConnected(session, simulation.loopTime());
        accepted++;
        simulation.require(session.id() >= accepted, peer, "has number " + session.id());
        simulation.trace("%s: session %d", peer, session.id());
        simulation.progress();
    }

    @Override
    public void refused(InetSocketAddress address, CloseReason reason) {
        refused++;
        simulation.peerAt(address).turnedAway = true;
        simulation.trace("%s: %s", simulation.peerAt(address), reason);
        simulation.progress();
    }

    @Override
    public void acceptFailed(Exception cause, long retryMillis) {
        acceptFailures++;
        simulation.trace("accept failed");
    }

    @Override
    public void received(Session session, String message) {
        Peer peer = peerOf(session);
        peer.decoded = peer.script.contentWith(peer.decoded, message);
        peer.messagesDecoded++;
        simulation.require(peer.decoded >= 0, peer, "is misunderstood: " + message);
        simulation.progress();
    }

    @Override
    public void handedOff(int sessions, int workersStarted) {
        simulation.require(sessions > 0, "nothing was handed off");
        simulation.pause();
    }

    @Override
    public void taken(Session session) {
        simulation.pause();
    }

    @Override
    public void handled(Session session, long nanos) {
        simulation.progress();
        simulation.pause();
    }

    @Override
    public void queued(Session session, String message) {
        peerOf(session).replies.queued.add(message);
        simulation.pause();
    }

    @Override
    public void selected(int ready, boolean slept) {
        simulation.onSelected();
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        repliesWritten += messages;
    }

    @Override
    public void wokenUp() {
        simulation.pause();
    }

    @Override
    public void selectorReplaced() {
        selectorsReplaced++;
        simulation.trace("the selector is replaced");
        simulation.progress();
    }

    @Override
    public void closed(Session session, CloseReason reason) {
        Peer peer = peerOf(session);
        simulation.require(peer.reason == null, peer, "is closed again");
        peer.reason = reason;
        simulation.trace("%s: closed, %s", peer, reason);
        simulation.require(isTrue(peer, reason), peer, "is said to have ended by " + reason);
        simulation.progress();
    }

    private boolean isTrue(Peer peer, CloseReason reason) {
        long now = simulation.getAsLong();
        Wire wire = peer.wire;
        Script.End end = peer.script.end;
        return switch (reason) {
            case END_OF_STREAM ->
                wire.peer.hasEnded()
                        && wire.server.atEnd()
                        && !peer.script.isInside(peer.bytesRead)
                        && peer.handled == peer.script.contentOf(peer.bytesRead)
                        && peer.bytesWritten >= bytes(peer)
                        && !peer.threw;
            case TRUNCATED_MESSAGE ->
                wire.peer.hasEnded() && wire.server.atEnd() && peer.script.isInside(peer.bytesRead);
            case CONNECTION_LOST -> wire.server.isReset();
            case INVALID_UTF8 -> end == Script.End.MALFORMED;
            case MESSAGE_TOO_LARGE -> end == Script.End.TOO_LARGE;
            case NEGATIVE_LENGTH -> end == Script.End.NEGATIVE;
            case MESSAGE_TIMEOUT -> peer.longestInside(now) >= plan.message.toNanos();
            case IDLE_TIMEOUT -> !plan.idle.isZero() && peer.longestSilence(now) >= plan.idle.toNanos();
            case WRITE_TIMEOUT -> peer.lastWrite == now && peer.longestStuck(now) >= plan.write.toNanos();
            case OUTBOX_FULL -> peer.overLimit || peer.callers > 0; // in a send that has failed
            case REPLY_MEMORY_EXHAUSTED -> plan.replyMemory > 0;
            case REQUEST_MEMORY_EXHAUSTED -> plan.requestMemory > 0;
            case MESSAGE_MEMORY_EXHAUSTED -> plan.messageMemory > 0;
            case HANDLER_FAILED -> peer.threw;
            case CLOSED_BY_APPLICATION -> peer.closeRequested;
            case SERVER_SHUTDOWN, DRAIN_TIMEOUT -> simulation.isDraining();
            case NOT_SELECTABLE -> plan.deaf > 0;
            case TOO_MANY_CONNECTIONS, TOO_MANY_FROM_ADDRESS, INTERNAL_ERROR -> false;
        };
    }

    private long bytes(Peer peer) {
        long bytes = 0;
        for (String reply : peer.replies.queued) {
            bytes += reply.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + plan.framing.overhead();
        }
        return bytes;
    }
}
