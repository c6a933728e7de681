package org.reactorserver.engine;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.reactorserver.CloseReason;
import org.reactorserver.DrainReport;
import org.reactorserver.Group;
import org.reactorserver.PauseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerStats;
import org.reactorserver.Session;
import org.reactorserver.SessionState;
import org.reactorserver.crossing.CrossingProbe;
import org.reactorserver.crossing.Lane;
import org.reactorserver.crossing.Message;
import org.reactorserver.crossing.Workers;
import org.reactorserver.limit.Budget;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopProbe;
import org.reactorserver.loop.Pollable;
import org.reactorserver.session.Seat;
import org.reactorserver.session.ServedSession;
import org.reactorserver.session.Settings;
import org.reactorserver.session.Shared;

/**
 * A server without its thread: the caller runs the passes of its loop, and may ask whether what it
 * finds inside is consistent.
 */
public final class SimulatedServer {
    private final Engine engine;
    private final Settings settings;
    private final long largestReply;
    private final long clockOffset;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Set<Connection> gone = new LinkedHashSet<>(); // while the application has messages of them to answer

    private SimulatedServer(Engine engine, long largestReply, long clockOffset) {
        this.engine = engine;
        this.settings = engine.settings();
        this.largestReply = largestReply;
        this.clockOffset = clockOffset;
    }

    /**
     * Binds the server.
     *
     * @param tlsTasks runs the tasks of handshakes
     * @param workers how many turns the executor may run at a time; 0 to handle in the loop
     * @param largestReply how many bytes the longest reply of the application has
     * @param quantum of a pass
     * @param clockOffset by how much the server's clock is ahead of the caller's
     */
    public static SimulatedServer start(
            ReactorServer.Builder builder,
            Executor executor,
            Executor tlsTasks,
            int workers,
            long largestReply,
            long quantum,
            long clockOffset)
            throws IOException {
        ReactorServer.Builder complete = workers == 0 ? builder.workers(0) : builder.executor(executor, workers);
        SimulatedServer server =
                new SimulatedServer(new Engine(complete.settings(), tlsTasks), largestReply, clockOffset);
        server.engine.loop().setQuantum(quantum);
        return server;
    }

    /** One turn of the loop. */
    public void pass() throws IOException {
        engine.loop().pass();
    }

    /** Whether the loop needs no further pass. */
    public boolean isStopped() {
        return LoopProbe.isStopped(engine.loop());
    }

    /** Whether another pass would sleep, as far as it is up to the loop. */
    public boolean isAtRest(long now) {
        return !LoopProbe.hasLetters(engine.loop())
                && !LoopProbe.isTouched(engine.loop())
                && !engine.shared().workers.isPending()
                && !isStopped()
                && now < nextDeadline();
    }

    /** The loop's earliest deadline; {@link Long#MAX_VALUE} if it has none. */
    public long nextDeadline() {
        return LoopProbe.nextDeadline(engine.loop(), clockOffset);
    }

    /** Ends the stopped loop as its thread would. */
    public DrainReport end() {
        engine.run();
        return engine.awaitEnd();
    }

    /** As {@link ReactorServer#drain}, without the waiting. */
    public void drain(Duration timeout) {
        engine.drain(timeout);
    }

    /** As {@link ReactorServer#group}. */
    public Group group(String name) {
        return engine.group(name);
    }

    /** How many groups have members. */
    public int groups() {
        return EngineProbe.groups(engine);
    }

    /** What was dropped before the drain began. */
    public long droppedBeforeDrain() {
        return engine.droppedBeforeDrain();
    }

    /** As {@link ReactorServer#stats}. */
    public ServerStats stats() {
        return engine.stats();
    }

    /** How many bytes of heap the replies take up that wait for the client. */
    public static long replyCost(Session session) {
        return ((ServedSession) session).outbox.cost();
    }

    /** Whether nothing can be sent to the client any more. */
    public static boolean isShut(Session session) {
        return ((ServedSession) session).outbox.isShut();
    }

    /** Whether something of the session is with the workers, or on the way there. */
    public static boolean isScheduled(Session session) {
        return CrossingProbe.isScheduled(((ServedSession) session).lane);
    }

    /** Whether a reply of it went over its limit, be it that it was on its way to another end. */
    public static boolean isOverLimit(Session session) {
        return ((ServedSession) session).requested() == CloseReason.OUTBOX_FULL;
    }

    /** Whether the session stands in the queue of those that are not served yet. */
    public boolean isWaiting(Session session) {
        return connections.stream()
                .anyMatch(connection -> connection.session == session && connection.life.is(SessionState.WAITING));
    }

    /** Whether the session is on its way to its end, and nothing that still comes is wanted. */
    public boolean isEnding(Session session) {
        return connections.stream()
                .anyMatch(connection -> connection.session == session
                        && connection.life.is(SessionState.OPEN)
                        && connection.life.isEnding());
    }

    private void know(Pollable pollable) {
        if (pollable instanceof Connection connection) {
            connections.add(connection);
        }
    }

    /** What must be true between any two passes. */
    public void check() {
        int live = 0;
        int open = 0;
        int served = 0;
        long stuck = 0;
        long held = 0;
        long waiting;
        long lastServed = 0;
        long firstInQueue = Long.MAX_VALUE;
        int turnedAway = 0;
        int arriving = 0;
        int lost = 0;
        long lostBytes = 0;
        engine.loop().forEach(this::know);
        LoopProbe.forEachTouched(engine.loop(), this::know); // it may have come and been closed in one pass
        connections.stream().filter(each -> each.life.is(SessionState.GONE)).forEach(gone::add);
        connections.removeAll(gone);
        gone.removeIf(each -> each.messageCost == 0);
        waiting = gone.stream().mapToLong(each -> each.messageCost).sum();
        for (Connection connection : connections) {
            boolean closed = connection.life.is(SessionState.CLOSED);
            boolean admitted = connection.seat.isAdmitted();
            live++;
            open += !closed && admitted ? 1 : 0;
            served += !closed && connection.seat.isServed() ? 1 : 0;
            stuck += connection.replyCost;
            waiting += connection.messageCost;
            held += connection.input.cost();
            checkMemory(connection);
            if (connection.life.is(SessionState.WAITING)) {
                firstInQueue = Math.min(firstInQueue, connection.session.id());
            } else if (admitted) {
                lastServed = Math.max(lastServed, connection.seat.isServed() ? connection.session.id() : 0);
            }
            turnedAway += connection.seat == Seat.REFUSED ? 1 : 0;
            boolean lingersBehindAlert = connection.life.is(SessionState.LINGERING) && connection.seat == Seat.KNOWN;
            arriving += connection.life.is(SessionState.ARRIVING) || lingersBehindAlert ? 1 : 0;
            if (closed) {
                Lane<?> lane = connection.session.lane;
                lost++;
                lostBytes += lane.isAbandoned() ? 0 : lane.weight();
                require(isEmpty(connection), connection, "is closed and holds replies");
            }
            PauseReason pause = connection.pause();
            boolean mayBeRead = pause == null || pause == PauseReason.TRANSPORT;
            require(mayBeRead == connection.wantsInput(), connection, "is said not to be read for: " + pause);
        }
        require(
                turnedAway == engine.shared().turnedAway,
                "turned away are %d, not %d",
                engine.shared().turnedAway,
                turnedAway);
        require(
                lost >= engine.shared().lost.count(),
                "%d are lost",
                engine.shared().lost.count());
        require(lostBytes <= settings.messageMemory / 4, "messages of the lost weigh %d", lostBytes);
        require(lastServed < firstInQueue, "session %d did not wait for its turn", lastServed);
        require(live == engine.shared().live, "live is %d, not %d", engine.shared().live, live);
        require(
                open == engine.shared().admission.open(),
                "open is %d, not %d",
                engine.shared().admission.open(),
                open);
        require(
                arriving == engine.shared().admission.arriving(),
                "%d arrive, not %d",
                engine.shared().admission.arriving(),
                arriving);
        require(
                open + Math.max(0, arriving - 1) <= settings.maxConnections,
                "%d connections are open and %d arrive",
                open,
                arriving);
        require(
                stuck == engine.shared().replies.used(),
                "stuck bytes are %d, not %d",
                engine.shared().replies.used(),
                stuck);
        require(
                waiting == engine.shared().messages.used(),
                "waiting messages weigh %d, not %d",
                engine.shared().messages.used(),
                waiting);
        require(
                held == engine.shared().decoder.held(),
                "undecoded bytes are %d, not %d",
                engine.shared().decoder.held(),
                held);
        checkPressure(engine.shared().requests, settings.requestMemory, "undecoded bytes");
        checkPressure(engine.shared().messages, settings.messageMemory, "bytes of waiting messages");
        checkPressure(engine.shared().replies, settings.replyMemory, "bytes of waiting replies");
        int occupied = engine.shared().admission.occupied();
        int inQueue = engine.shared().admission.queued();
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
        int weight = connection.session.lane.weight();
        require(weight <= settings.laneLimit + 64 + 2L * settings.maxMessage, connection, "has a lane of " + weight);
        long replies = connection.session.outbox.cost();
        require(
                replies <= Math.max(settings.outboxLimit, settings.highWater + largestReply) + 200,
                connection,
                "holds replies of " + replies + " bytes");
        Input input = connection.input;
        int unfinished = settings.maxMessage + Integer.BYTES;
        int most = input.isIncomplete() ? unfinished : Math.max(unfinished, EventLoop.BUFFER_SIZE);
        require(input.cost() <= 4L * most + 112, connection, "holds too many undecoded bytes");
    }

    /**
     * What must be true when the loop sleeps: that there is nothing to do.
     *
     * @param inCall whether somebody is in the middle of a call to this session, and will post it
     */
    public void checkAsleep(Predicate<Session> inCall) {
        require(!LoopProbe.hasLetters(engine.loop()), "sleeps on a letter");
        require(!LoopProbe.isTouched(engine.loop()), "sleeps on a touched session");
        require(!engine.shared().workers.isPending(), "sleeps on a session for the workers");
        Workers workers = engine.shared().workers;
        require(
                CrossingProbe.ready(workers) == 0 || CrossingProbe.busy(workers) > 0,
                "%d sessions are ready and no worker is started",
                CrossingProbe.ready(workers));
        require(
                CrossingProbe.busy(workers) == 0 || CrossingProbe.isWatched(workers),
                "sleeps without a look at the workers");
        check();
        checkBudget(engine.shared().requests.used() - inTransports(), settings.requestMemory, "undecoded bytes");
        checkBudget(engine.shared().messages.used() - inHand(), settings.messageMemory, "bytes of waiting messages");
        checkBudget(engine.shared().replies.used(), settings.replyMemory, "bytes of waiting replies");
        for (Connection connection : connections) {
            checkAsleep(connection, inCall);
        }
    }

    /** What the messages weigh that are with workers, or with the application, which will answer them. */
    private long inHand() {
        return Stream.concat(connections.stream(), gone.stream())
                .mapToLong(connection -> CrossingProbe.isScheduled(connection.session.lane)
                        ? connection.messageCost
                        : connection.session.unansweredWeight())
                .sum();
    }

    /** What transports hold is bounded for each, and not by what is left of the budget. */
    private long inTransports() {
        return connections.stream()
                .mapToLong(connection -> connection.transport.heapBytes())
                .sum();
    }

    private boolean isPressed() {
        Shared shared = engine.shared();
        return Math.min(shared.requests.allowance(), Math.min(shared.messages.allowance(), shared.replies.allowance()))
                != Long.MAX_VALUE;
    }

    private static void checkPressure(Budget budget, long limit, String what) {
        boolean isPressed = budget.allowance() != Long.MAX_VALUE;
        require(!isPressed || budget.used() > limit - limit / 8, "only %d " + what + " press", budget.used());
    }

    private static void checkBudget(long used, long limit, String what) {
        require(used <= limit + limit / 4, "%d " + what + " are held", used);
    }

    private void checkAsleep(Connection connection, Predicate<Session> inCall) {
        Lane<?> lane = connection.session.lane;
        boolean scheduled = CrossingProbe.isScheduled(lane);
        boolean hasItems = !CrossingProbe.isEmpty(lane);
        boolean closed = connection.life.is(SessionState.CLOSED);
        boolean ended = connection.input.isEnded();
        boolean isFull = !connection.session.mayHandle();
        boolean isHeld = connection.session.held() > 0;
        int interest = closed ? 0 : connection.asked();
        require(!ended || (interest & SelectionKey.OP_READ) == 0, connection, "reads beyond the end of the stream");
        boolean hasOutput = !isEmpty(connection) || connection.transport.holdsOutput();
        require(hasOutput || (interest & SelectionKey.OP_WRITE) == 0, connection, "waits to write nothing");
        boolean reads = connection.life.is(SessionState.OPEN) && (interest & SelectionKey.OP_READ) != 0;
        require(!reads || !connection.input.mayHoldMessages(), connection, "reads though messages are left over");
        require(!reads || lane.weight() < settings.laneLimit, connection, "reads with a full lane");
        if (scheduled || inCall.test(connection.session)) {
            return; // a worker has it and will post it
        }
        require(!LoopProbe.isPosted(connection), connection, "is posted and not there");
        require(!closed, connection, "is closed and the handler will not be told");
        require(
                isEmpty(connection) || (interest & SelectionKey.OP_WRITE) != 0,
                connection,
                "has replies and does not wait to write them");
        require(!hasItems || isFull || isPressed(), connection, "has messages that nobody will handle");
        require(!lane.isUrgent(), connection, "has an event that nobody will handle");
        require(
                !connection.session.awaitsRoom() || bytes(connection) > settings.highWater / 2 || isPressed(),
                connection,
                "waits for room that is there");
        require(
                connection.session.requested() != CloseReason.OUTBOX_FULL || connection.life.is(SessionState.LINGERING),
                connection,
                "has sent too much and goes on");
        if (connection.life.is(SessionState.WAITING)) {
            return;
        }
        boolean isHeldBack = connection.transport.holdsInput() && connection.wantsInput();
        require(!isHeldBack, connection, "holds input that nobody reads");
        boolean isAtTask = connection.life.is(SessionState.ARRIVING) && connection.seat == Seat.KNOWN;
        boolean isPaused = connection.session.isPaused();
        require(interest != 0 || isHeld || isPressed() || isAtTask || isPaused, connection, "waits for nothing");
        boolean mustSpeak = connection.transport.holdsOutput(); // before it goes on, as TLS may have to
        boolean wantsMore = !connection.life.isEnding() && connection.session.requested() == null;
        boolean backlog = connection.input.mayHoldMessages();
        if (connection.life.is(SessionState.OPEN)) {
            long holds = lane.weight() + connection.session.unansweredWeight();
            boolean isHolder = holds > 0 && engine.shared().messages.isPressed(); // looked at within a second
            boolean isLarge = Message.mostWeight(connection.input.cost()) > Budget.LEAST;
            boolean mayWait = isLarge && engine.shared().messages.isPressed();
            boolean hasNoRoom = lane.weight() >= settings.laneLimit || isHolder || mayWait;
            require(!backlog || hasNoRoom, connection, "has messages that nobody decodes");
            require(
                    bytes(connection) <= settings.highWater || (interest & SelectionKey.OP_READ) == 0,
                    connection,
                    "reads with a full outbox");
            require(wantsMore || backlog, connection, "is to end and stays open");
            require(
                    backlog || isFull || isPressed() || mustSpeak || (interest & SelectionKey.OP_READ) != 0,
                    connection,
                    "does not read");
        } else if (connection.life.is(SessionState.DRAINING)) {
            require(hasItems || hasOutput || isHeld, connection, "is drained and not closed");
        }
    }

    private static long bytes(Connection connection) {
        return connection.session.outbox.cost();
    }

    private static boolean isEmpty(Connection connection) {
        return bytes(connection) == 0;
    }

    private static void require(boolean fact, Connection connection, String complaint) {
        if (!fact) {
            throw new AssertionError(
                    "session " + connection.session.id() + " " + complaint + " (" + connection.life.state() + ")");
        }
    }

    private static void require(boolean fact, String complaint, Object... values) {
        if (!fact) {
            throw new AssertionError(complaint.formatted(values));
        }
    }
}
