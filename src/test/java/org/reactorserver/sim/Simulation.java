package org.reactorserver.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.reactorserver.CloseReason;
import org.reactorserver.DrainReport;
import org.reactorserver.Group;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerStats;
import org.reactorserver.engine.SimulatedServer;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.FakeServerSocketChannel;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/**
 * One run of the whole server from one seed: the production code, unmodified, over a network in memory,
 * with a clock that stands still until nobody has anything to do.
 *
 * <p>Everything happens on one thread. The loop, the turns of the workers, the peers and other threads
 * of the application are steps that a seed puts in an order, and a step may come in the middle of
 * another one: at each system call, each call of the handler or the observer, and each look at the
 * clock. So a worker's turn may run between two statements of the loop, and passes of the loop within a
 * handler.
 */
public final class Simulation implements World {
    private static final int MOST_STEPS = 200_000;
    private static final int MOST_PASSES = 1_000_000;
    private static final int MOST_CALLS = 200_000; // in which nothing happens
    private static final int MOST_WRITES = 8; // four when the selector has told, and four at the end of a pass
    private static final int MOST_TLS_WRITES = 8 * MOST_WRITES; // of each a record or more, and those before
    private static final int MOST_ANSWERS = 4 * 32; // of TLS, to updates of the keys; so many in each read
    private static final int MOST_IDLE_PASSES = 40;
    private static final int MOST_FOREIGN_ACTS = 10;
    private static final int MOST_REFUSALS = 5; // to watch a channel, each noticed after 30 s
    private static final int MOST_BROKEN_SLEEPS =
            (MOST_FOREIGN_ACTS + 1) * 512; // a reason to wake up in between counts anew
    private static final int MOST_LATE_WRITES = MOST_REFUSALS + 5; // some take bytes just then
    private static final int DEEPEST = 5;
    static final long MILLI = 1_000_000;
    private static final long LEAST_SLEEP = 10 * MILLI; // while a handler is at work

    private final long seed;
    private final Dice dice;
    private final Plan plan;
    private final FakeNetwork network = new FakeNetwork(this);
    private final Application application;
    private final SimulatedServer server; // null while it starts
    private final List<Peer> peers = new ArrayList<>();
    private final List<Runnable> turns = new ArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>(); // of handshakes
    private final WorkersOrder order = new WorkersOrder(peers);
    private final StringBuilder trace; // null unless wanted

    private long now = 1_000_000_000;
    private int steps;
    private int depth; // of steps within steps
    private int turnDepth; // of turns of workers among these
    private boolean isLoopInterrupted; // between two passes
    private boolean inLoop; // within a pass
    private boolean asleep; // within a select that waits
    private long wakeTime; // of the loop, when it sleeps
    private int idlePasses; // without progress and without a real sleep, in a row
    private long lastPass;
    private int idleAdvances; // of the clock, in a row
    private int foreignActs;
    private int refusals;
    private final Map<ServerSocketChannel, Long> acceptFailed = new HashMap<>(); // when accept() last failed
    private Selector broken; // returns at once, always
    private int brokenSleeps; // of it, in a row
    private int earlyDrainAt;
    private long drainBegan = -1;
    private long ended;
    private int passes;
    private int calls; // of the server to its surroundings, without progress
    private long lastReleased; // a socket, or a handler
    private long lateBeforeDrain;
    private long late; // how long the loop was kept from its work
    private long heldUp; // how long since it last looked at the clock, so its time is that much behind
    private int repliesBeforeDrain;
    private int openBeforeDrain;
    private AssertionError failure;

    private Simulation(long seed, boolean traced) throws IOException {
        this.seed = seed;
        this.trace = traced ? new StringBuilder() : null;
        this.dice = new Dice(seed);
        this.plan = new Plan(seed, dice);
        this.application = new Application(this, plan, dice);
        for (int i = 0; i < plan.peers; i++) {
            peers.add(new Peer(i, dice, plan));
        }
        this.earlyDrainAt = plan.earlyDrain == 0 ? 0 : 1 + dice.below(plan.earlyDrain);
        ReactorServer.Builder builder = application
                .handledBy(plan.builder())
                .observer(application)
                .observer(application.failingObserver())
                .clock(this::clock)
                .selectorProvider(network);
        if (plan.hasTls()) {
            builder.tls(FakeTls.afterTrial(FakeTls.context(plan.isTls13, this)));
        }
        this.server = SimulatedServer.start(
                builder, turns::add, tasks::add, plan.workers, plan.largestReply + 30, plan.quantum, plan.clockOffset);
    }

    /** Runs a seed. Throws what went wrong, if anything. */
    public static void run(long seed) throws IOException {
        new Simulation(seed, false).run();
    }

    /** Runs a seed and returns what happened, with what went wrong at its end. */
    public static String trace(long seed) throws IOException {
        Simulation simulation = new Simulation(seed, true);
        simulation.trace("seed %d: %s", seed, simulation.plan);
        try {
            simulation.run();
            simulation.trace("all is well");
        } catch (AssertionError e) {
            simulation.trace("WRONG: %s", e.getMessage());
        }
        return simulation.trace.toString();
    }

    private void run() throws IOException {
        try {
            while (!server.isStopped()) {
                if (network.selector() != broken && dice.oneIn(3)) {
                    step(Long.MAX_VALUE);
                } else {
                    pass();
                }
                throwFailure();
            }
            finish();
        } catch (AssertionError e) {
            throw failure != null ? failure : e;
        } finally {
            Thread.interrupted();
        }
        throwFailure();
    }

    private void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    // -- steps
    // -------------------------------------------------------------------------------------

    private void pass() {
        boolean wasInterrupted = Thread.interrupted(); // that is another thread's
        restoreInterrupt(isLoopInterrupted);
        inLoop = true;
        try {
            require(++passes <= MOST_PASSES, "it turns for ever");
            idlePasses = now - lastPass >= LEAST_SLEEP ? 0 : idlePasses + 1;
            lastPass = now;
            if (idlePasses > MOST_IDLE_PASSES) {
                fail("the loop spins");
            }
            server.pass();
            server.check();
            noteServed();
        } catch (IOException e) {
            fail("the loop failed: " + e);
        } catch (AssertionError e) {
            fail(e);
        } finally {
            inLoop = false;
            isLoopInterrupted = Thread.interrupted();
            restoreInterrupt(wasInterrupted);
        }
    }

    /** A session's time for a message begins when it is served. */
    private void noteServed() {
        for (Peer peer : peers) {
            if (!peer.isServed
                    && peer.session != null
                    && (plan.activeSessions == 0 || !server.isWaiting(peer.session))) {
                peer.isServed = true;
                peer.patience.begin(loopTime());
            }
        }
    }

    private static void restoreInterrupt(boolean wasInterrupted) {
        Thread.interrupted();
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One step; if none is possible, time passes, but not beyond the limit. */
    private void step(long limit) {
        if (++steps > MOST_STEPS) {
            fail("it does not come to rest");
        }
        if (steps == earlyDrainAt) {
            drain();
        }
        int choice = dice.below(16);
        boolean done = choice < 8
                ? actPeer()
                : choice < 12
                        ? runTurn()
                        : choice < 14
                                ? runTask() || passIfPossible()
                                : choice < 15
                                        ? actApplication()
                                        : advance(Math.min(limit, now + dice.below(1000) * 1000L));
        if (!done && !actPeer() && !runTurn() && !runTask() && !answer()) {
            advance(limit);
        }
    }

    private boolean actPeer() {
        int first = dice.below(peers.size());
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get((first + i) % peers.size());
            if (peer.nextAct(now) <= now) {
                actPeer(peer);
                return true;
            }
        }
        return false;
    }

    private void actPeer(Peer peer) {
        try {
            String deed = peer.act(network, plan, now);
            trace("%s %s", peer, deed);
            idleAdvances = 0;
            progress();
        } catch (AssertionError e) {
            fail(peer + ": " + e.getMessage());
        }
    }

    private boolean runTurn() {
        if (turns.isEmpty() || depth > DEEPEST) {
            return false;
        }
        Runnable turn = turns.remove(dice.below(turns.size()));
        trace("a worker begins");
        boolean wasInterrupted = Thread.interrupted(); // that is another thread's
        turnDepth++;
        order.begin();
        turn.run();
        order.end();
        turnDepth--;
        restoreInterrupt(wasInterrupted);
        trace("a worker ends");
        idleAdvances = 0;
        progress();
        return true;
    }

    /** A handshake's task runs, on a thread of its own. */
    private boolean runTask() {
        if (tasks.isEmpty() || depth > DEEPEST) {
            return false;
        }
        trace("a task of TLS");
        tasks.remove(dice.below(tasks.size())).run();
        progress();
        return true;
    }

    private boolean passIfPossible() {
        if (inLoop || depth > DEEPEST || server.isStopped()) {
            return false;
        }
        pass();
        return true;
    }

    private boolean answer() {
        if (!application.errands().runOne()) {
            return false;
        }
        idleAdvances = 0;
        progress();
        return true;
    }

    private boolean actApplication() {
        if (dice.oneIn(2) && answer()) {
            return true;
        }
        if (foreignActs == MOST_FOREIGN_ACTS || !dice.oneIn(plan.foreign)) {
            return false;
        }
        Peer peer = peers.get(dice.below(peers.size()));
        if (!peer.opened) {
            return false;
        }
        foreignActs++;
        idleAdvances = 0;
        application.act(peer);
        return true;
    }

    /** Time goes on to when the next one can do something. */
    private boolean advance(long limit) {
        if (inLoop && !asleep) {
            return false;
        }
        if (!inLoop && (!server.isAtRest(now) || network.selector().isAwake())) {
            return passIfPossible(); // it would not sleep now
        }
        long nextOfPeers = nextOfPeers();
        long next = Math.min(nextOfPeers, asleep ? wakeTime : server.nextDeadline());
        if (!turns.isEmpty()) {
            idleAdvances = 0; // a worker is slow to begin
        } else if (next == Long.MAX_VALUE) {
            onIdle(100);
        } else if (nextOfPeers == Long.MAX_VALUE) {
            onIdle(1);
        }
        if (network.selector().isAwake() || (!inLoop && !server.isAtRest(now))) {
            return true; // the loop, just told to end, has its turn before time goes on
        }
        next = Math.min(limit, next);
        now = next == Long.MAX_VALUE ? now : Math.max(now, next);
        return true;
    }

    private long nextOfPeers() {
        long next = application.errands().next();
        for (Peer peer : peers) {
            next = Math.min(next, peer.nextAct(now));
        }
        return next;
    }

    /** Nothing but the clock moves. When that goes on, the drain begins. */
    private void onIdle(int weight) {
        idleAdvances += weight;
        boolean isRestless = plan.interrupts > 0 || plan.acceptFailures > 0; // time goes on in smaller steps
        if (idleAdvances < (plan.deaf > 0 ? 200 : isRestless ? 30 : 8)) {
            return;
        }
        if (drainBegan < 0) {
            if (turnDepth == 0) {
                checkLiveness();
                drain();
            }
        } else if (idleAdvances > 1000) {
            fail("it hangs");
        }
    }

    private void drain() {
        if (drainBegan < 0) {
            trace("the server is to end");
            drainBegan = now;
            lateBeforeDrain = late;
            peers.forEach(Peer::onDrain);
            server.drain(plan.drain);
        }
    }

    /** A worker works for so long; meanwhile others go on. */
    void work(long nanos) {
        long until = now + nanos;
        if (inLoop) { // the loop itself works, or is held up by the scheduler for a moment
            long held = plan.workers == 0 ? nanos : Math.min(nanos, MILLI / 10);
            for (int i = 0; i < 500 && held > MILLI && actPeer(); i++) {
                steps++;
            }
            now += held;
            late += held;
            heldUp += plan.workers == 0 ? 0 : held; // after its own work it looks at the clock again
            return;
        }
        boolean wasInterrupted = Thread.interrupted(); // that is this worker's
        for (int i = 0; i < 100 && now < until && failure == null; i++) {
            step(until);
        }
        restoreInterrupt(wasInterrupted);
    }

    // -- what the others ask
    // -----------------------------------------------------------------------

    Peer peerAt(InetSocketAddress address) {
        return peers.get(address.getPort() - 10_000);
    }

    /** The group that sessions join and leave. */
    Group group() {
        return server.group("group");
    }

    boolean isDraining() {
        return drainBegan >= 0;
    }

    /** Whether the time of the drain is over; the loop's time may be a little behind. */
    boolean isDrainOver() {
        return isDraining() && now - drainBegan >= plan.drain.toNanos() - 5 * MILLI;
    }

    /** A worker has taken a session. */
    void onTaken(Peer peer) {
        Peer starving = order.onTaken(peer);
        require(starving == null, starving, "waits for a worker while others are taken again and again");
    }

    /** A handler has returned. */
    void onHandled() {
        lastReleased = now;
    }

    /** The time, for the simulation's own parts. */
    long getAsLong() {
        return now;
    }

    /** The time as the loop should know it: of its last look at the clock. */
    long loopTime() {
        return now - heldUp;
    }

    /** The loop has looked at the clock. */
    void onSelected() {
        heldUp = 0;
    }

    /** The time, for the server. */
    private long clock() {
        onCall();
        pause();
        return now + plan.clockOffset;
    }

    void progress() {
        idlePasses = 0;
        brokenSleeps = 0;
        calls = 0;
    }

    void require(boolean fact, Peer peer, String complaint) {
        if (!fact) {
            fail(peer + " " + complaint);
        }
    }

    void require(boolean fact, String complaint) {
        if (!fact) {
            fail(complaint);
        }
    }

    private void fail(String complaint) {
        fail(new AssertionError(complaint));
    }

    private void fail(AssertionError complaint) {
        if (failure == null) { // the first one is the true one
            failure = new AssertionError("seed " + seed + ": " + complaint.getMessage(), complaint);
            trace("WRONG: %s", complaint.getMessage());
        }
        throw failure;
    }

    void trace(String format, Object... values) {
        if (trace != null) {
            trace.append(String.format(Locale.ROOT, "%10.3f %s", now / 1e9, "  ".repeat(depth)))
                    .append(format.formatted(values))
                    .append('\n');
        }
    }

    // -- the world
    // ---------------------------------------------------------------------------------

    @Override
    public void pause() {
        boolean isAlone = server == null || application.errands().isExclusive();
        if (!isAlone && failure == null && depth < DEEPEST && dice.oneIn(plan.interleaving)) {
            depth++;
            int choice = dice.below(4);
            if (choice == 0) {
                if (!dice.oneIn(2) || !runTask()) {
                    runTurn();
                }
            } else if (choice == 1) {
                passIfPossible();
            } else if (choice == 2) {
                actPeer();
            } else {
                actApplication();
            }
            depth--;
        }
    }

    /** Once something is wrong everything ends, as fast as it can. */
    @Override
    public void onCall() {
        throwFailure();
        require(++calls <= MOST_CALLS, "it goes round and round, and nothing happens");
    }

    @Override
    public int some(int possible) {
        if (possible < 2 || !dice.oneIn(plan.shortIo)) {
            return possible;
        }
        return dice.oneIn(2) ? 1 : 1 + dice.below(possible);
    }

    @Override
    public IOException acceptFailure(ServerSocketChannel listener) {
        if (!dice.oneIn(plan.acceptFailures)) {
            return null;
        }
        require(isDraining() || now > acceptFailed.getOrDefault(listener, -1L), "accept is tried again at once");
        acceptFailed.put(listener, now);
        if (((FakeServerSocketChannel) listener).isAwaited()) {
            idleAdvances = 0; // accept() will be tried again
        }
        return new IOException(dice.any("Too many open files", "Cannot allocate memory"));
    }

    @Override
    public IOException setupFailure() {
        if (!dice.oneIn(plan.setupFailures)) {
            return null;
        }
        progress();
        return new IOException("Invalid argument");
    }

    @Override
    public void arrange(List<SelectionKey> ready) {
        for (int i = ready.size() - 1; i > 0; i--) {
            Collections.swap(ready, i, dice.below(i + 1));
        }
    }

    @Override
    public boolean isSpurious(SelectionKey key) {
        boolean spurious = key.selector() != broken && dice.oneIn(plan.spurious);
        if (spurious) {
            progress();
        }
        return spurious;
    }

    @Override
    public boolean isDeaf() {
        boolean isTooEarly = plan.spins && broken == null; // it is the new selector's turn
        if (isTooEarly || refusals == MOST_REFUSALS || !dice.oneIn(plan.deaf)) {
            return false;
        }
        refusals++;
        return true;
    }

    @Override
    public void sleep(Selector selector, BooleanSupplier isAwake, long millis) {
        wakeTime = millis == 0 ? Long.MAX_VALUE : now + millis * MILLI;
        if (failure != null) {
            return;
        }
        if (selector == broken) {
            idlePasses = 0;
            require(++brokenSleeps <= MOST_BROKEN_SLEEPS, "a broken selector is not replaced");
            return;
        }
        try {
            server.checkAsleep(session -> peerAt(session.peer()).callers > 0);
        } catch (AssertionError e) {
            fail(e);
        }
        peers.forEach(this::checkPatience);
        peers.forEach(this::checkArrival);
        peers.forEach(peer -> require(
                !peer.unwatched.isIgnored()
                        || peer.speech.isTls // a part of a record is no sign
                        || peer.reason != null
                        || peer.unreadAtEnd >= 0,
                peer,
                "is not watched, which is proved, and goes on"));
        boolean mayWait = plan.deaf > 0 || plan.acceptFailures > 0;
        require(
                mayWait || network.listeners().stream().noneMatch(FakeServerSocketChannel::isAwaited),
                "it sleeps on somebody who has connected");
        if (plan.spins && broken == null && dice.oneIn(20)) {
            broken = selector;
        }
        if (dice.oneIn(plan.interrupts)) {
            Thread.currentThread().interrupt();
            return;
        }
        if (turnDepth > 0 || depth > 0) {
            return; // a thread that this pass interrupts has to go on
        }
        asleep = true;
        while (!isAwake.getAsBoolean() && now < wakeTime && failure == null) {
            step(Long.MAX_VALUE);
        }
        asleep = false;
        progress();
    }

    /** No peer has longer for a message than its timeout, unless the server does not read. */
    private void checkPatience(Peer peer) {
        boolean isAwaited = peer.opened && peer.reason == null && plan.deaf == 0 && peer.unreadAtEnd < 0;
        require(
                !isAwaited || peer.patience.longest(loopTime()) <= plan.message.toNanos() + late + MILLI,
                peer,
                "has all the time in the world for a message");
    }

    /**
     * Nobody has longer to arrive than the time for that, less what the server itself takes, and as long as the server
     * lingers behind its alert; whom the kernel does not watch is looked at then too.
     */
    private void checkArrival(Peer peer) {
        boolean isOver = peer.session != null || peer.turnedAway != null || peer.wire == null || peer.released;
        long spent = now - peer.accepted; // negative if it was not
        long most = plan.arrival.toNanos() + plan.linger.toNanos() + peer.keptWaiting(now);
        require(
                isOver || plan.arrival.isZero() || spent <= most + late + MILLI,
                peer,
                "has all the time in the world to arrive");
    }

    @Override
    public void onAccepted(Wire wire) {
        peerAt(wire.peerAddress).accepted = now;
    }

    @Override
    public void onAsked(Wire wire, int interest) {
        peerAt(wire.peerAddress).onAsked(interest, loopTime());
    }

    @Override
    public void onUnwatched(Wire wire) {
        peerAt(wire.peerAddress).unwatched.onRefused();
    }

    @Override
    public void onReported(Wire wire) {
        peerAt(wire.peerAddress).unwatched.onReported();
    }

    @Override
    public void onReleased(Wire wire) {
        lastReleased = now;
        peerAt(wire.peerAddress).released = true;
    }

    @Override
    public void onOutputEnded(Wire wire) {
        Peer peer = peerAt(wire.peerAddress);
        peer.unreadAtEnd = wire.server.readable();
        peer.patience.end(loopTime());
    }

    @Override
    public void onRead(Wire wire, int count, boolean isWatched) {
        Peer peer = peerAt(wire.peerAddress);
        trace("%s: the server reads %d", peer, count);
        require(peer.session == null || !server.isEnding(peer.session), peer, "is read though no more is wanted");
        if (count > 0) {
            peer.onTaken(count, loopTime());
            if (!isWatched && !isDraining() && !wire.server.isReset()) {
                peer.unwatched.onFound();
            }
        }
        if (count != 0) {
            progress();
        }
    }

    @Override
    public void onWritten(Wire wire, int count, boolean isShort, boolean isAwaited) {
        Peer peer = peerAt(wire.peerAddress);
        trace("%s: the server writes %d", peer, count);
        boolean isLate = isAwaited && now - peer.lastWrite >= plan.write.toNanos();
        peer.lateWrites += isLate && plan.workers > 0 ? 1 : 0;
        require(peer.lateWrites <= MOST_LATE_WRITES, peer, "is written to by its deadline only");
        peer.lastWrite = now;
        peer.onWrite(loopTime());
        peer.writes++;
        peer.writesInPass = peer.lastPass == passes ? peer.writesInPass + 1 : 1;
        peer.lastPass = passes;
        peer.isBlocked = isShort || peer.writesInPass >= MOST_WRITES / 2 || peer.speech.isTls; // more may be left then
        require(peer.writesInPass <= mostWrites(peer), peer, "is written to without end");
        if (count > 0) {
            peer.bytesSent += peer.session == null ? 0 : count;
            peer.onWritten(loopTime());
            progress();
        }
    }

    // -- the reckoning
    // -----------------------------------------------------------------------------

    /** All peers are done and time has passed: good clients have received everything. */
    private void checkLiveness() {
        boolean nobodyStays = peers.stream().allMatch(Peer::isGood);
        for (Peer peer : peers) {
            boolean forgotten = peer.opened && peer.reason == null && peer.ending != Peer.Ending.STAY;
            require(!forgotten || !peer.reads, peer, "has ended and was forgotten");
            boolean unharmed = peer.isGood()
                    && !peer.threw
                    && !peer.closeRequested
                    && !peer.overLimit
                    && peer.turnedAway == null
                    && peer.reason != CloseReason.REPLIES_REFUSED
                    && plan.deaf == 0
                    && plan.setupFailures == 0
                    && plan.replyMemory == 0
                    && plan.requestMemory == 0
                    && plan.messageMemory == 0
                    && plan.idle.isZero()
                    && plan.readIdle.isZero()
                    && peer.longestInside(now) < plan.message.toNanos()
                    && peer.longestStuck(now) < plan.write.toNanos()
                    && (plan.activeSessions == 0 || nobodyStays);
            if (unharmed) {
                require(peer.reason == CloseReason.END_OF_STREAM, peer, "was not served: " + peer.reason);
                require(peer.isUnderstood(), peer, "was not understood");
            }
        }
    }

    private void finish() {
        DrainReport report = server.end();
        ended = now;
        ServerStats stats = server.stats();
        trace("%s", report);
        trace("%s", stats);
        require(network.openSockets() == 0, network.openSockets() + " sockets are still open");
        require(network.listeners().size() == plan.listeners, "it does not listen where it should");
        int taken = 0;
        for (FakeServerSocketChannel listener : network.listeners()) {
            require(!listener.isListening(), "it still listens");
            taken += listener.taken();
        }
        long closed =
                stats.closed().values().stream().mapToLong(Long::longValue).sum();
        require(
                plan.setupFailures > 0 || taken == closed,
                taken + " have come in, by all listeners, and " + closed + " are counted");
        long lateSince = late - lateBeforeDrain;
        require(ended - drainBegan <= plan.drain.toNanos() + lateSince + 2 * MILLI, "the end takes longer than it may");
        boolean isAllTold = peers.stream().allMatch(peer -> peer.closeTold || !peer.opened);
        require(
                !isAllTold || ended - Math.max(drainBegan, lastReleased) <= lateSince + 2 * MILLI,
                "it goes on though nobody is left");
        require(
                report.took().toNanos() <= plan.drain.toNanos() + late + 2 * MILLI,
                "it took too long to end: " + report.took());
        checkCounters(stats, report);
        equal("handlers at work in the end", 0, report.running());
        boolean mayBeUnanswered = ranOut(report) || peers.stream().anyMatch(this::gaveUp);
        require(mayBeUnanswered || report.unanswered() == 0, report.unanswered() + " requests are not answered");
        while (runTurn() || runTask() || actPeer() || answer() || advancePeers()) {
            if (++steps > MOST_STEPS) {
                fail("the peers do not come to rest");
            }
        }
        peers.forEach(peer -> checkReplies(peer, report));
        require(server.groups() == 0 || ranOut(report), "a group is left without members");
        equal("handled in the end", stats.messagesHandled(), server.stats().messagesHandled());
    }

    private void checkCounters(ServerStats stats, DrainReport report) {
        long bytesRead = 0;
        long bytesWritten = 0;
        int decoded = 0;
        int handled = 0;
        int queued = 0;
        for (Peer peer : peers) {
            require(peer.session == null || peer.reason != null, peer, "was not closed");
            bytesRead += peer.bytesRead;
            bytesWritten += peer.bytesWritten;
            decoded += peer.messagesDecoded;
            handled += peer.messagesHandled;
            queued += peer.replies.queued.size();
        }
        equal("accepted", application.accepted, stats.accepted());
        equal("refused", application.refused, stats.refused());
        equal("acceptFailures", application.acceptFailures, stats.acceptFailures());
        equal("bytesRead", bytesRead, stats.bytesRead());
        equal("bytesWritten", bytesWritten, stats.bytesWritten());
        equal("messagesRead", decoded, stats.messagesRead());
        equal("repliesWritten", application.repliesWritten, stats.repliesWritten());
        equal("open", 0, stats.open());
        equal("waiting", 0, stats.waiting());
        equal("replyBytesWaiting", 0, stats.replyBytesWaiting());
        equal("dropped at the end", decoded - handled - server.droppedBeforeDrain(), report.messagesDropped());
        long replies = stats.repliesWritten() + stats.repliesDropped();
        long mostErrors = 3L * application.accepted + application.refused;
        require(
                replies >= queued && replies <= queued + mostErrors,
                queued + " replies were taken, and " + replies + " written or dropped");
        boolean areTold = peers.stream().anyMatch(peer -> isTold(peer.turnedAway)); // and may be lost before that
        for (CloseReason reason : CloseReason.values()) {
            long count = peers.stream()
                    .filter(peer -> peer.reason == reason || peer.turnedAway == reason)
                    .count();
            boolean mayBeMore = reason == CloseReason.END_OF_STREAM; // who leaves before it has said anything
            require(
                    areTold
                            || stats.closed().get(reason) == count
                            || (mayBeMore && stats.closed().get(reason) > count),
                    stats.closed().get(reason) + " are counted as " + reason);
        }
    }

    private static boolean isTold(CloseReason refusal) {
        return refusal == CloseReason.TOO_MANY_CONNECTIONS
                || refusal == CloseReason.TOO_MANY_FROM_ADDRESS
                || refusal == CloseReason.ACCESS_DENIED;
    }

    private boolean advancePeers() {
        long next = nextOfPeers();
        now = Math.max(now, next == Long.MAX_VALUE ? now : next);
        return next != Long.MAX_VALUE;
    }

    /** Over TLS 1.2, whatever ended it, it sees an orderly end: RFC 5246, 7.2.1. */
    private static boolean refusesReplies(Peer peer) {
        return peer.speech.justifies(CloseReason.REPLIES_REFUSED, peer.taken, peer.hasCutOff());
    }

    private int mostWrites(Peer peer) {
        int answers = plan.keyUpdates > 0 ? MOST_ANSWERS : 0;
        return peer.speech.isTls ? MOST_TLS_WRITES + answers : MOST_WRITES;
    }

    private void checkReplies(Peer peer, DrainReport report) {
        boolean mayDrop = peer.threw
                || peer.closeRequested
                || peer.overLimit
                || peer.longestStuck(now) >= plan.write.toNanos()
                || plan.replyMemory > 0
                || plan.messageMemory > 0
                || ranOut(report)
                || gaveUp(peer);
        require(mayDrop || peer.handled == peer.decoded, peer, "'s messages were not all handled");
        boolean mayBeOverlooked =
                plan.acceptFailures > 0 || plan.setupFailures > 0 || peer.wire == null || peer.connected >= drainBegan;
        boolean isSeen = peer.session != null || peer.turnedAway != null || !peer.hasArrived();
        require(mayBeOverlooked || isSeen, peer, "has connected in vain");
        if (!peer.reads) {
            return;
        }
        try {
            peer.replies.onEnd();
        } catch (AssertionError e) {
            fail(peer + ": " + e.getMessage());
        }
        if (peer.sawEnd
                && !refusesReplies(peer)
                && plan.setupFailures == 0) { // else it may not have been possible to reset it
            equal(peer + "'s replies before the end", peer.replies.queued.size(), peer.replies.received);
        }
        require(peer.closeTold || !peer.opened || ranOut(report), peer, "'s handler was not told of its end");
        boolean mayBeCutShort = plan.replyMemory > 0
                || peer.longestStuck(now) >= plan.write.toNanos()
                || peer.overLimit
                || ranOut(report);
        boolean inOrder = peer.reason == CloseReason.END_OF_STREAM || peer.reason == CloseReason.SERVER_SHUTDOWN;
        if (peer.isAttentive() && !plan.linger.isZero() && isOrderly(peer.reason) && (inOrder || !mayBeCutShort)) {
            equal(peer + "'s replies", peer.replies.queued.size(), peer.replies.received);
        }
        boolean isUntold = peer.reason == CloseReason.HANDLER_FAILED && !peer.failureTold;
        require(!isUntold || !peer.isAttentive() || mayBeCutShort, peer, "'s handler was not told that it failed");
    }

    /** Whether the drain has waited for messages of a lost one as long as it ever does. */
    private boolean gaveUp(Peer peer) {
        boolean isLost = peer.reason == CloseReason.CONNECTION_LOST
                || peer.reason == CloseReason.TLS_FAILED
                || peer.reason == CloseReason.REPLIES_REFUSED;
        return isLost && ended - Math.max(peer.closed, drainBegan) >= 1000 * MILLI;
    }

    /** Whether the drain has ended by its deadline: sessions that were still busy get no more calls. */
    private boolean ranOut(DrainReport report) {
        return report.took().compareTo(plan.drain) >= 0;
    }

    private static boolean isOrderly(CloseReason reason) {
        return reason != null
                && switch (reason) {
                    case CONNECTION_LOST,
                            WRITE_TIMEOUT,
                            TLS_FAILED,
                            REPLIES_REFUSED,
                            OUTBOX_FULL,
                            REPLY_MEMORY_EXHAUSTED,
                            REQUEST_MEMORY_EXHAUSTED,
                            DRAIN_TIMEOUT,
                            TOO_MANY_CONNECTIONS,
                            TOO_MANY_FROM_ADDRESS,
                            INTERNAL_ERROR -> false;
                    default -> true;
                };
    }

    private void equal(String what, long expected, long actual) {
        require(expected == actual, what + " should be " + expected + " and is " + actual);
    }
}
