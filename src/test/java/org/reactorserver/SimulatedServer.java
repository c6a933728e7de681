package org.reactorserver;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.reactorserver.framing.Residue;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Letter;
import org.reactorserver.loop.Timers;

/**
 * A server without its thread: the caller runs the passes of its loop, and may ask whether what it
 * finds inside is consistent. This is the only test code that knows the server's private parts.
 */
public final class SimulatedServer {
    private static final VarHandle STOPPED = field(EventLoop.class, "stopped");
    private static final VarHandle TOUCHED = field(EventLoop.class, "touched");
    private static final VarHandle MAILBOX = field(EventLoop.class, "mailbox");
    private static final VarHandle HEAD = field(MAILBOX.varType(), "head");
    private static final VarHandle POSTED = field(Letter.class, "posted");
    private static final VarHandle TIMERS = field(Timers.class, "size");
    private static final VarHandle HEAP = field(Timers.class, "heap");
    private static final VarHandle DRAIN = field(Reactor.class, "drain");
    private static final VarHandle DROPPED_BEFORE = field(DRAIN.varType(), "messagesDroppedBefore");
    private static final VarHandle LIVE = field(Reactor.class, "live");
    private static final VarHandle STUCK_IN_ALL = field(Reactor.class, "stuckBytes");
    private static final VarHandle OCCUPIED = field(Admission.class, "occupied");
    private static final VarHandle OPEN = field(Admission.class, "open");
    private static final VarHandle IN_QUEUE = field(Admission.class, "waiting");
    private static final VarHandle READY = field(Workers.class, "ready");
    private static final VarHandle IDLE = field(Workers.class, "idle");
    private static final VarHandle TURNS = field(Workers.class, "turns");
    private static final VarHandle WATCH = field(Workers.class, "watch");
    private static final VarHandle STATE = field(Connection.class, "state");
    private static final VarHandle REASON = field(Connection.class, "reason");
    private static final VarHandle KEY = field(Connection.class, "key");
    private static final VarHandle INBOX = field(Connection.class, "inbox");
    private static final VarHandle RESIDUE = field(Inbox.class, "residue");
    private static final VarHandle PEER_ENDED = field(Connection.class, "peerEnded");
    private static final VarHandle ADMITTED = field(Connection.class, "admitted");
    private static final VarHandle SERVED = field(Connection.class, "served");
    private static final VarHandle STUCK = field(Connection.class, "stuckBytes");
    private static final VarHandle WEIGHT = field(Lane.class, "weight");
    private static final VarHandle SCHEDULED = field(Lane.class, "scheduled");
    private static final VarHandle ARRIVED = field(Lane.class, "arrived");
    private static final VarHandle BATCH = field(Lane.class, "batch");

    private final Reactor reactor;
    private final Settings settings;
    private final long largestReply;
    private final Set<Connection> connections = new LinkedHashSet<>();

    private SimulatedServer(Reactor reactor, long largestReply) {
        this.reactor = reactor;
        this.settings = reactor.settings;
        this.largestReply = largestReply;
    }

    private static VarHandle field(Class<?> owner, String name) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .unreflectVarHandle(owner.getDeclaredField(name));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Binds the server.
     *
     * @param workers how many turns the executor may run at a time; 0 to handle in the loop
     * @param largestReply how many bytes the longest reply of the application has
     */
    public static SimulatedServer start(
            ReactorServer.Builder builder, Executor executor, int workers, long largestReply) throws IOException {
        Reactor reactor = (workers == 0 ? builder.workers(0) : builder.executor(executor, workers)).reactor();
        return new SimulatedServer(reactor, largestReply);
    }

    /** One turn of the loop. */
    public void pass() throws IOException {
        reactor.loop.pass();
    }

    /** Whether the loop wants no further pass. */
    public boolean isStopped() {
        return (boolean) STOPPED.getVolatile(reactor.loop);
    }

    /** Whether another pass would sleep, as far as it is up to the loop. */
    public boolean isAtRest(long now) {
        return HEAD.getVolatile(MAILBOX.get(reactor.loop)) == null
                && ((List<?>) TOUCHED.get(reactor.loop)).isEmpty()
                && !reactor.workers.isPending()
                && !isStopped()
                && now < nextDeadline();
    }

    /** The loop's earliest deadline; {@link Long#MAX_VALUE} if it has none. */
    public long nextDeadline() {
        Timers timers = reactor.loop.timers();
        return (int) TIMERS.get(timers) == 0
                ? Long.MAX_VALUE
                : ((Timers.Timer) ((Object[]) HEAP.get(timers))[0]).deadline();
    }

    /** Ends the stopped loop as its thread would. */
    public DrainReport end() {
        reactor.loop.run(reactor::onLoopEnd);
        return reactor.drained().join();
    }

    /** As {@link ReactorServer#drain}, without the waiting. */
    public void drain(Duration timeout) {
        reactor.drain(timeout);
    }

    /** What was dropped before the drain began. */
    public long droppedBeforeDrain() {
        return (long) DROPPED_BEFORE.get(DRAIN.get(reactor));
    }

    /** As {@link ReactorServer#stats}. */
    public ServerStats stats() {
        return reactor.counters.snapshot();
    }

    /** What must be true between any two passes. */
    public void check() {
        int live = 0;
        int open = 0;
        int served = 0;
        long stuck = 0;
        long held = 0;
        long lastServed = 0;
        long firstInQueue = Long.MAX_VALUE;
        reactor.loop.forEach(pollable -> {
            if (pollable instanceof Connection connection) {
                connections.add(connection);
            }
        });
        connections.removeIf(connection -> isState(connection, "GONE"));
        for (Connection connection : connections) {
            boolean closed = isState(connection, "CLOSED");
            boolean admitted = (boolean) ADMITTED.get(connection);
            live++;
            open += !closed && admitted ? 1 : 0;
            served += !closed && (boolean) SERVED.get(connection) ? 1 : 0;
            stuck += (long) STUCK.get(connection);
            Residue residue = (Residue) RESIDUE.get((Inbox) INBOX.get(connection));
            held += residue == null ? 0 : residue.length();
            checkMemory(connection);
            if (isState(connection, "WAITING")) {
                firstInQueue = Math.min(firstInQueue, connection.session().id());
            } else if (admitted) {
                lastServed = Math.max(
                        lastServed,
                        (boolean) SERVED.get(connection) ? connection.session().id() : 0);
            }
            if (closed) {
                require(isEmpty(connection), connection, "is closed and holds replies");
            }
        }
        require(lastServed < firstInQueue, "session %d did not wait for its turn", lastServed);
        require(live == (int) LIVE.get(reactor), "live is %d, not %d", LIVE.get(reactor), live);
        require(open == (int) OPEN.get(reactor.admission), "open is %d, not %d", OPEN.get(reactor.admission), open);
        require(open <= settings.maxConnections, "%d connections are open", open);
        require(
                stuck == (long) STUCK_IN_ALL.get(reactor),
                "stuck bytes are %d, not %d",
                STUCK_IN_ALL.get(reactor),
                stuck);
        require(stuck <= settings.replyMemory, "%d bytes of replies wait for slow peers", stuck);
        require(held == reactor.decoder.held(), "undecoded bytes are %d, not %d", reactor.decoder.held(), held);
        require(held <= settings.requestMemory, "%d undecoded bytes are held", held);
        int occupied = (int) OCCUPIED.get(reactor.admission);
        int inQueue = ((Collection<?>) IN_QUEUE.get(reactor.admission)).size();
        require(
                served == occupied || (served < occupied && settings.sessionGapNanos > 0),
                "%d places are occupied and %d sessions served",
                occupied,
                served);
        require(occupied <= settings.activeSessions, "%d places are occupied", occupied);
        require(
                inQueue == 0 || occupied == settings.activeSessions,
                "%d sessions wait while %d places are occupied",
                inQueue,
                occupied);
    }

    private void checkMemory(Connection connection) {
        int weight = (int) WEIGHT.get(connection.session().lane);
        require(weight <= settings.laneLimit + 64 + settings.maxMessage, connection, "has a lane of " + weight);
        long replies = connection.session().outbox.bytes();
        require(
                replies <= Math.max(settings.outboxLimit, settings.highWater + largestReply) + 200,
                connection,
                "holds replies of " + replies + " bytes");
        Inbox inbox = (Inbox) INBOX.get(connection);
        Residue residue = (Residue) RESIDUE.get(inbox);
        int unfinished = settings.maxMessage + Integer.BYTES;
        int most = inbox.isIncomplete() ? unfinished : Math.max(unfinished, EventLoop.BUFFER_SIZE);
        require(residue == null || residue.length() <= most, connection, "holds too many undecoded bytes");
    }

    /**
     * What must be true when the loop sleeps: that there is nothing to do.
     *
     * @param inCall whether somebody is in the middle of a call to this session, and will post it
     */
    public void checkAsleep(Predicate<Session> inCall) {
        require(HEAD.getVolatile(MAILBOX.get(reactor.loop)) == null, "sleeps on a letter");
        require(((List<?>) TOUCHED.get(reactor.loop)).isEmpty(), "sleeps on a touched session");
        require(!reactor.workers.isPending(), "sleeps on a session for the workers");
        ArrayDeque<?> ready = (ArrayDeque<?>) READY.get(reactor.workers);
        ArrayDeque<?> idle = (ArrayDeque<?>) IDLE.get(reactor.workers);
        List<?> turns = (ArrayList<?>) TURNS.get(reactor.workers);
        require(
                ready.isEmpty() || turns.size() > idle.size(),
                "%d sessions are ready and no worker is started",
                ready.size());
        require(
                turns.size() == idle.size() || ((Timers.Timer) WATCH.get(reactor.workers)).isArmed(),
                "sleeps without a look at the workers");
        check();
        for (Connection connection : connections) {
            checkAsleep(connection, inCall);
        }
    }

    private void checkAsleep(Connection connection, Predicate<Session> inCall) {
        Lane lane = connection.session().lane;
        boolean scheduled = (boolean) SCHEDULED.get(lane);
        boolean hasItems = ARRIVED.get(lane) != null || BATCH.get(lane) != null;
        boolean closed = isState(connection, "CLOSED");
        boolean ended = (boolean) PEER_ENDED.get(connection);
        boolean isFull = bytes(connection) > settings.highWater;
        int interest = closed ? 0 : ((SelectionKey) KEY.get(connection)).interestOps();
        require(!ended || (interest & SelectionKey.OP_READ) == 0, connection, "reads beyond the end of the stream");
        require(!isEmpty(connection) || (interest & SelectionKey.OP_WRITE) == 0, connection, "waits to write nothing");
        if (scheduled || inCall.test(connection.session())) {
            return; // somebody is at it and will post it
        }
        require(!(boolean) POSTED.getVolatile(connection), connection, "is posted and not there");
        require(!closed, connection, "is closed and the handler will not be told");
        require(
                isEmpty(connection) || (interest & SelectionKey.OP_WRITE) != 0,
                connection,
                "has replies and does not wait to write them");
        require(!hasItems || isFull, connection, "has messages that nobody will handle");
        if (isState(connection, "WAITING")) {
            return;
        }
        require(interest != 0, connection, "waits for nothing");
        boolean wantsMore =
                REASON.get(connection) == null && connection.session().requested() == null;
        boolean backlog = ((Inbox) INBOX.get(connection)).mayHoldMessages();
        if (isState(connection, "OPEN")) {
            require(!backlog || lane.weight() >= settings.laneLimit, connection, "has messages that nobody decodes");
            require(!isFull || (interest & SelectionKey.OP_READ) == 0, connection, "reads with a full outbox");
            require(wantsMore || backlog, connection, "is to end and stays open");
            require(backlog || isFull || (interest & SelectionKey.OP_READ) != 0, connection, "does not read");
        } else if (isState(connection, "DRAINING")) {
            require(hasItems || !isEmpty(connection), connection, "is drained and not closed");
        }
    }

    private static long bytes(Connection connection) {
        return connection.session().outbox.bytes();
    }

    private static boolean isEmpty(Connection connection) {
        return bytes(connection) == 0;
    }

    private static boolean isState(Connection connection, String name) {
        return STATE.get(connection).toString().equals(name);
    }

    private static void require(boolean fact, Connection connection, String complaint) {
        if (!fact) {
            throw new AssertionError(
                    "session " + connection.session().id() + " " + complaint + " (" + STATE.get(connection) + ")");
        }
    }

    private static void require(boolean fact, String complaint, Object... values) {
        if (!fact) {
            throw new AssertionError(complaint.formatted(values));
        }
    }
}
