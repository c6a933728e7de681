package org.reactorserver.sim;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.engine.SimulatedServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.testkit.net.Wire;

/**
 * The application of the simulated server, which replies at random, fails and is slow; and the witness
 * of what the server does with its handler: order, once and only once, and true reasons.
 */
final class Application implements MessageHandler, ServerObserver {
    private static final long MOST_DELAY = 100_000_000; // of a reply, while its handler goes on
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

    private final List<Held> holds = new ArrayList<>();

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
        checkTurn(peerOf(session));
        Peer peer = enter(session);
        simulation.require(peer.opened && !peer.closeTold, peer, "is not open to messages");
        peer.handled = peer.script.contentWith(peer.handled, message);
        peer.messagesHandled++;
        simulation.require(peer.handled >= 0, peer, "is handled wrongly: " + message);
        int replies = plan.flood ? 6 : dice.pick(0, 1, 1, 1, 1, 2, 3);
        for (int i = 0; i < replies; i++) {
            send(peer);
        }
        if (dice.oneIn(plan.stalls)) {
            if (dice.oneIn(3)) {
                goOn(peer);
            } else {
                simulation.work(dice.below(2_000_000));
            }
        }
        if (dice.oneIn(plan.closing)) {
            close(peer);
        }
        if (dice.oneIn(plan.holding)) {
            peer.held++;
            holds.add(new Held(peer, session.hold(), simulation.getAsLong() + dice.below(3_000) * 1_000_000L));
            simulation.trace("%s: an answer will come later", peer);
        }
        leave(peer);
    }

    /** The handler is long at it: what it has sent by now is not to wait until it is through. */
    private void goOn(Peer peer) {
        long sent = bytes(peer);
        int writes = peer.writes;
        long began = simulation.getAsLong();
        simulation.work(3_000_000_000L);
        boolean isLong = plan.workers > 0 && simulation.getAsLong() - began >= MOST_DELAY;
        boolean mayLeave = peer.reason == null && !peer.isBlocked && !peer.wire.server.isReset();
        simulation.require(
                !isLong || !mayLeave || peer.writes > writes || peer.bytesWritten >= sent,
                peer,
                "'s replies wait for the handler to come back");
    }

    /** Whether it is right that just now a message of it is handled; before anybody else can do anything. */
    private void checkTurn(Peer peer) {
        simulation.require(!peer.closeReturned, peer, "was closed by the application and is handled");
        simulation.require(peer.reason == null || !isAbandoned(peer.reason), peer, "was cut off and is handled");
        simulation.require(++peer.handledInTurn <= plan.messagesPerTurn, peer, "has a turn without end");
        simulation.require(
                peer.wire.server.isReset() || peer.speech.isTls || peer.reason != null || peer.held < plan.mostHeld,
                peer,
                "holds " + peer.held + " requests");
        simulation.require(
                SimulatedServer.replyCost(peer.session) <= plan.highWater, peer, "is handled over the high water");
        boolean isInterrupted = Thread.currentThread().isInterrupted();
        simulation.require(!isInterrupted || peer.leftInterrupt, peer, "finds an interrupt of somebody else");
    }

    private static boolean isAbandoned(CloseReason reason) {
        return switch (reason) {
            case DRAIN_TIMEOUT,
                    WRITE_TIMEOUT,
                    OUTBOX_FULL,
                    REPLY_MEMORY_EXHAUSTED,
                    MESSAGE_MEMORY_EXHAUSTED,
                    HANDLER_FAILED,
                    CLOSED_BY_APPLICATION -> true;
            default -> false;
        };
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
        simulation.onHandled();
        peer.inHandler = false;
        if (dice.oneIn(plan.leftInterrupts)) {
            peer.leftInterrupt = true;
            Thread.currentThread().interrupt();
        }
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

    /** A request that is answered later. */
    private record Held(Peer peer, Session.Hold hold, long due) {}

    /** When the next of those requests is answered; {@link Long#MAX_VALUE} for never. */
    long nextAnswer() {
        return holds.stream().mapToLong(Held::due).min().orElse(Long.MAX_VALUE);
    }

    /** Another thread answers a request that is due. Returns whether there was one. */
    boolean answer() {
        List<Held> due = holds.stream()
                .filter(held -> held.due <= simulation.getAsLong())
                .toList();
        if (due.isEmpty()) {
            return false;
        }
        Held held = due.get(dice.below(due.size()));
        holds.remove(held);
        if (!dice.oneIn(4)) {
            send(held.peer);
        }
        simulation.trace("%s: the answer has come", held.peer);
        held.peer.held--;
        held.peer.callers++;
        held.hold.release();
        held.peer.callers--;
        return true;
    }

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
        int size = plan.flood ? plan.largestReply - 1 : dice.oneIn(5) ? dice.below(plan.largestReply) : dice.below(10);
        return "<" + number + "." + count + ":" + PADDING.substring(0, size) + ">";
    }

    private void close(Peer peer) {
        peer.closeRequested = true;
        peer.callers++;
        peer.session.close();
        peer.callers--;
        peer.closeReturned = true;
        simulation.trace("%s: the application closes", peer);
        simulation.pause();
    }

    // -- the observer

    /** Another observer, which fails now and then, whatever it is told. */
    ServerObserver failingObserver() {
        return (ServerObserver) Proxy.newProxyInstance(
                ServerObserver.class.getClassLoader(),
                new Class<?>[] {ServerObserver.class},
                (proxy, method, values) -> {
                    if (dice.oneIn(plan.observerFailures)) {
                        throw dice.any(failures[1], failures[2]);
                    }
                    return null;
                });
    }

    @Override
    public void connected(Session session) {
        Peer peer = simulation.peerAt(session.peer());
        simulation.require(peer.session == null, peer, "is connected again");
        simulation.require(session.peer().equals(peer.speech.client), peer, "is taken for " + session.peer());
        simulation.require(peer.hasArrived(), peer, "is let in before it has arrived");
        simulation.require(
                peer.speech.isOwn || !plan.isDenied(session.peer().getAddress()), peer, "is denied and let in");
        peer.onConnected(session, simulation.loopTime());
        accepted++;
        simulation.require(session.id() >= accepted, peer, "has number " + session.id());
        simulation.trace("%s: session %d", peer, session.id());
        simulation.progress();
    }

    @Override
    public void refused(SocketAddress address, CloseReason reason) {
        refused++;
        Peer peer = simulation.peerAt((InetSocketAddress) address);
        simulation.trace("%s: %s", peer, reason);
        simulation.require(peer.turnedAway == null && peer.session == null, peer, "is refused again");
        simulation.require(isRefused(peer, reason), peer, "is said to be refused by " + reason);
        peer.turnedAway = reason;
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
        Peer peer = peerOf(session);
        peer.handledInTurn = 0;
        simulation.onTaken(peer);
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
    public void read(Session session, int count) {
        simulation.peerAt(session.peer()).onRead(count, simulation.loopTime()); // also of one that is refused
        simulation.progress(); // as of what a transport held
    }

    @Override
    public void written(Session session, int bytes, int messages) {
        simulation.peerAt(session.peer()).bytesWritten += bytes;
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
        peer.closed = simulation.getAsLong();
        simulation.trace("%s: closed, %s", peer, reason);
        simulation.require(isTrue(peer, reason), peer, "is said to have ended by " + reason);
        simulation.require(isEndTold(peer, reason), peer, "is not told its end");
        simulation.progress();
    }

    private boolean isRefused(Peer peer, CloseReason reason) {
        return switch (reason) {
            case TOO_MANY_CONNECTIONS -> plan.maxConnections > 0;
            case TOO_MANY_FROM_ADDRESS -> plan.maxPerAddress > 0 && !peer.speech.isOwn;
            case ACCESS_DENIED -> !peer.speech.isOwn && plan.isDenied(peer.speech.client.getAddress());
            case ARRIVAL_OVERTAKEN -> plan.maxConnections > 0 && (peer.speech.isTls || !peer.hasArrived());
            case WRITE_TIMEOUT -> peer.longestStuck(simulation.getAsLong()) >= plan.write.toNanos();
            case ARRIVAL_TIMEOUT ->
                !plan.arrival.isZero() && simulation.getAsLong() - peer.accepted >= plan.arrival.toNanos();
            case CONNECTION_LOST -> peer.wire.server.isReset();
            case REQUEST_MEMORY_EXHAUSTED -> plan.requestMemory > 0;
            case SERVER_SHUTDOWN -> simulation.isDraining();
            case DRAIN_TIMEOUT -> simulation.isDrainOver();
            default -> peer.speech.justifies(reason, peer.taken, peer.hasCutOff());
        };
    }

    /** Whom the server wants to end, and nobody else, sees the end of its stream before it is closed. */
    private boolean isEndTold(Peer peer, CloseReason reason) {
        boolean isWanted = reason == CloseReason.SERVER_SHUTDOWN || reason == CloseReason.IDLE_TIMEOUT;
        boolean mayBeCutShort = peer.hasCutOff()
                || peer.wire.server.isReset()
                || simulation.isDrainOver()
                || peer.longestStuck(simulation.getAsLong()) >= plan.write.toNanos()
                || plan.replyMemory > 0
                || plan.requestMemory > 0;
        return !isWanted || !peer.opened || mayBeCutShort || peer.unreadAtEnd >= 0;
    }

    private boolean isTrue(Peer peer, CloseReason reason) {
        long now = simulation.getAsLong();
        Wire wire = peer.wire;
        Script.End end = peer.script.end;
        return switch (reason) {
            case END_OF_STREAM ->
                peer.hasEnded()
                        && !peer.script.isInside(peer.bytesRead)
                        && peer.handled == peer.script.contentOf(peer.bytesRead)
                        && peer.bytesWritten >= bytes(peer)
                        && peer.held == 0
                        && !peer.threw;
            case TRUNCATED_MESSAGE -> peer.hasEnded() && peer.script.isInside(peer.bytesRead);
            case CONNECTION_LOST -> wire.server.isReset();
            case INVALID_UTF8 -> end == Script.End.MALFORMED && areUnderstood(peer);
            case MESSAGE_TOO_LARGE -> end == Script.End.TOO_LARGE && areUnderstood(peer);
            case MALFORMED_MESSAGE -> end == Script.End.SHAPELESS && areUnderstood(peer);
            case NEGATIVE_LENGTH -> end == Script.End.NEGATIVE && areUnderstood(peer);
            case MESSAGE_TIMEOUT -> peer.patience.longest(simulation.loopTime()) >= plan.message.toNanos();
            case IDLE_TIMEOUT ->
                !plan.idle.isZero()
                        && peer.longestSilence(now) >= plan.idle.toNanos()
                        && peer.held == 0
                        && (plan.interleaving > 0 || peer.unreadAtEnd <= 0);
            case WRITE_TIMEOUT -> peer.lastWrite == now && peer.longestStuck(now) >= plan.write.toNanos();
            case OUTBOX_FULL -> peer.overLimit || peer.callers > 0; // in a send that has failed
            case REPLY_MEMORY_EXHAUSTED -> plan.replyMemory > 0;
            case REQUEST_MEMORY_EXHAUSTED -> plan.requestMemory > 0;
            case MESSAGE_MEMORY_EXHAUSTED -> plan.messageMemory > 0;
            case HANDLER_FAILED -> peer.threw;
            case CLOSED_BY_APPLICATION -> peer.closeRequested;
            case SERVER_SHUTDOWN ->
                simulation.isDraining()
                        && peer.held == 0
                        && peer.decoded >= peer.script.contentOf(peer.arrivedBeforeDrain);
            case DRAIN_TIMEOUT -> simulation.isDrainOver();
            case NOT_SELECTABLE -> peer.unwatched.mostRefusals() >= (plan.interleaving > 0 ? 1 : 2);
            default -> peer.speech.justifies(reason, peer.taken, peer.hasCutOff());
        };
    }

    /** Whether all that came before the bad message was understood; a chunk is bad as a whole. */
    private boolean areUnderstood(Peer peer) {
        return plan.framing == Framing.chunks() || peer.decoded == peer.script.messages.size();
    }

    private long bytes(Peer peer) {
        long bytes = 0;
        for (String reply : peer.replies.queued) {
            int length = reply.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            bytes += length + plan.framing.overhead(length);
        }
        return bytes;
    }
}
