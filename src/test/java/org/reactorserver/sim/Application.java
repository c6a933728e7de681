package org.reactorserver.sim;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.reactorserver.AsyncHandler;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
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

    private final Errands errands;

    int accepted;
    int refused;
    int acceptFailures;
    int repliesWritten;
    int selectorsReplaced;
    private int replies; // that were made

    Application(Simulation simulation, Plan plan, Dice dice) {
        this.simulation = simulation;
        this.plan = plan;
        this.dice = dice;
        this.errands = new Errands(simulation, plan, dice, this::reply);
    }

    /** A server whose handler it is, of the kind that is planned. */
    ReactorServer.Builder handledBy(ReactorServer.Builder builder) {
        return plan.isLate ? builder.asyncHandler(new Late()) : builder.handler(this);
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
            Session.Hold hold = session.hold();
            errands.later(peer, () -> answer(peer, hold));
            simulation.trace("%s: an answer will come later", peer);
        }
        if (dice.oneIn(plan.flowing)) {
            errands.flow(peer);
        }
        if (dice.oneIn(plan.pausing)) {
            errands.pause(peer);
        }
        if (dice.oneIn(plan.grouping)) {
            errands.group(peer, simulation.group());
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

    /** Whether it is right that just now a message of it is handled; before any other step. */
    private void checkTurn(Peer peer) {
        simulation.require(!peer.closeReturned, peer, "was closed by the application and is handled");
        simulation.require(peer.reason == null || !isAbandoned(peer.reason), peer, "was cut off and is handled");
        simulation.require(++peer.handledInTurn <= plan.messagesPerTurn, peer, "has a turn without end");
        boolean mayBeOver = peer.wire.server.isReset() || peer.speech.isTls || peer.reason != null;
        simulation.require(mayBeOver || peer.held < plan.mostHeld, peer, "holds " + peer.held + " requests");
        simulation.require(mayBeOver || peer.supplying == 0, peer, "is handled before all is sent");
        simulation.require(mayBeOver || !peer.paused, peer, "is paused and is handled");
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
        errands.onClose(peer, simulation.group());
        simulation.require(!session.send("late"), peer, "is closed and took a reply");
        leave(peer);
    }

    @Override
    public void onWritable(Session session) throws Exception {
        Peer peer = enter(session);
        simulation.require(peer.opened && !peer.closeTold, peer, "is writable before or after its time");
        peer.awaitsRoom = false;
        if (dice.oneIn(2)) {
            errands.fill(peer);
        }
        leave(peer);
    }

    @Override
    public String onError(Session session, String message, Throwable cause) throws Exception {
        Peer peer = enter(session);
        simulation.require(peer.threw, peer, "is said to have failed");
        peer.failureTold = true;
        simulation.require(!session.send("late"), peer, "has failed and took a reply");
        leave(peer);
        return dice.oneIn(2) ? "error: as the application says" : null;
    }

    /** The same with stages of replies. */
    private final class Late implements AsyncHandler {
        @Override
        public CompletionStage<String> onMessage(Session session, String message) throws Exception {
            Application.this.onMessage(session, message);
            return errands.answer(peerOf(session));
        }

        @Override
        public void onOpen(Session session) throws Exception {
            Application.this.onOpen(session);
        }

        @Override
        public void onWritable(Session session) throws Exception {
            Application.this.onWritable(session);
        }

        @Override
        public String onError(Session session, String message, Throwable cause) throws Exception {
            return Application.this.onError(session, message, cause);
        }

        @Override
        public void onClose(Session session, CloseReason reason) throws Exception {
            Application.this.onClose(session, reason);
        }
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

    /** What other threads have to do later. */
    Errands errands() {
        return errands;
    }

    /** A request that was held is answered. */
    private void answer(Peer peer, Session.Hold hold) {
        if (!dice.oneIn(4)) {
            send(peer);
        }
        simulation.trace("%s: the answer has come", peer);
        peer.held--;
        hold.release();
    }

    /** Another thread has something to do with a session. */
    void act(Peer peer) {
        if (plan.closing > 0 && dice.oneIn(4)) {
            close(peer);
        } else if (plan.grouping > 0 && dice.oneIn(2)) {
            errands.group(peer, simulation.group());
        } else {
            send(peer);
        }
    }

    private void send(Peer peer) {
        boolean ending = peer.closeRequested || peer.threw || peer.reason != null;
        peer.callers++;
        boolean taken = peer.session.send(reply(""));
        peer.callers--;
        if (!taken && !ending) {
            peer.overLimit = true;
        }
        simulation.trace("%s: a reply is %s", peer, taken ? "queued" : "not taken");
        simulation.pause();
    }

    private String reply(String beginning) {
        int size = plan.flood ? plan.largestReply - 1 : dice.oneIn(5) ? dice.below(plan.largestReply) : dice.below(10);
        return "<" + beginning + replies++ + ":" + PADDING.substring(0, size) + ">";
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

    /** Another observer, which fails now and then, in any call. */
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
        Peer peer = peerOf(session);
        peer.replies.queued.add(message);
        errands.onQueued(peer, message);
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
        peer.overLimit |= SimulatedServer.isOverLimit(session); // by a late reply, though its end has another reason
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
                hasPassed(plan.arrival, simulation.getAsLong() - peer.accepted + Simulation.MILLI); // as below
            case CONNECTION_LOST -> peer.wire.server.isReset();
            case REQUEST_MEMORY_EXHAUSTED -> plan.requestMemory > 0;
            case SERVER_SHUTDOWN -> simulation.isDraining();
            case DRAIN_TIMEOUT -> simulation.isDrainOver();
            default -> peer.speech.justifies(reason, peer.taken, peer.hasCutOff());
        };
    }

    /** Only a session that the server ends sees the end of its stream before it is closed. */
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

    private static boolean hasPassed(Duration limit, long nanos) {
        return !limit.isZero() && nanos >= limit.toNanos();
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
                        && peer.bytesSent >= bytes(peer) // also what a transport has held
                        && Errands.isThrough(peer)
                        && !peer.awaitsRoom
                        && !peer.threw;
            case TRUNCATED_MESSAGE -> peer.hasEnded() && peer.script.isInside(peer.bytesRead);
            case CONNECTION_LOST -> wire.server.isReset();
            case INVALID_UTF8 -> end == Script.End.MALFORMED && areUnderstood(peer);
            case MESSAGE_TOO_LARGE -> end == Script.End.TOO_LARGE && areUnderstood(peer);
            case MALFORMED_MESSAGE -> end == Script.End.SHAPELESS && areUnderstood(peer);
            case NEGATIVE_LENGTH -> end == Script.End.NEGATIVE && areUnderstood(peer);
            case MESSAGE_TIMEOUT -> // the loop's time is that of its last select, which may be a little behind
                peer.patience.longest(simulation.loopTime()) >= plan.message.toNanos() - Simulation.MILLI;
            case IDLE_TIMEOUT ->
                (hasPassed(plan.idle, peer.longestSilence(now)) || hasPassed(plan.readIdle, peer.longestMute(now)))
                        && Errands.isThrough(peer)
                        && !peer.paused
                        && (plan.interleaving > 0
                                || peer.unreadAtEnd <= 0
                                || peer.longestStuck(now) > 0); // the end stood behind what could not be written
            case WRITE_TIMEOUT -> peer.lastWrite == now && peer.longestStuck(now) >= plan.write.toNanos();
            case OUTBOX_FULL -> peer.overLimit |= plan.isLate || plan.grouping > 0 || peer.callers > 0; // in a send
            case REPLY_MEMORY_EXHAUSTED -> plan.replyMemory > 0;
            case REQUEST_MEMORY_EXHAUSTED -> plan.requestMemory > 0;
            case MESSAGE_MEMORY_EXHAUSTED -> plan.messageMemory > 0;
            case HANDLER_FAILED -> peer.threw;
            case CLOSED_BY_APPLICATION -> peer.closeRequested;
            case SERVER_SHUTDOWN ->
                simulation.isDraining()
                        && peer.bytesSent >= bytes(peer)
                        && Errands.isThrough(peer)
                        && !peer.awaitsRoom
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
