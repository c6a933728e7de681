package org.reactorserver.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;
import org.reactorserver.framing.Decoder;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopObserver;
import org.reactorserver.loop.Timers;

/**
 * The engine: opens the connections, decides when each may send, and keeps the books, all on one
 * selector thread.
 *
 * <p>A run goes through its phases in one direction: connecting → warm-up → measured → drain → over. In
 * the closed model a connection sends when it has received; in the open one {@link Schedule} says
 * when, whatever has been received. Loop only, but for {@link #run} and {@link #stopEarly}.
 */
final class Generator {
    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final int BEGINNERS_PER_PASS = 64;
    private static final int LARGEST_REPLY = 1 << 30;

    /** So many messages without a reply are enough: until some are answered, none is sent. */
    static final long MOST_OUTSTANDING = 4_000_000;

    final LoadPlan plan;
    final InetSocketAddress target;
    final EventLoop loop;
    final Alarms alarms;
    final Exchange exchange;
    final Decoder decoder;
    final ByteBuffer buffer;
    final byte[] input = new byte[EventLoop.BUFFER_SIZE];
    final Books books;
    long stallThreshold = Stalls.LEAST;

    /** Any thread: the usual service time so far, in nanoseconds, for telling what a stall is. */
    volatile long usualService;

    private final Health health = new Health();
    private final LoadConnection[] connections;
    private LoadConnection[] sharers = {}; // that were open when sending began
    private final Timers.Timer beginMore;
    private final Timers.Timer nextPhase;
    final Connector connector;
    private final Watch watch;
    private final Span span;

    private Slice.Phase phase = Slice.Phase.CONNECTING;
    private boolean draining;
    private boolean over;
    private int open;
    private int begun; // of the sharers

    private Pacer pacer; // null in the closed model
    private long measureEnd;
    private long remaining; // messages still to be sent
    private Health.Reading healthAtStart;

    Generator(LoadPlan plan, InetSocketAddress target, SelectorProvider provider, LongSupplier clock, long sliceNanos)
            throws IOException {
        this.plan = plan;
        this.target = target;
        this.loop = new EventLoop(provider, clock, new LoopObserver() {});
        this.alarms = new Alarms(loop, clock);
        this.beginMore = alarms.timer(this::beginMore);
        this.nextPhase = alarms.timer(this::nextPhase);
        this.buffer = loop.buffer();
        this.exchange = plan.exchange();
        this.decoder = new Decoder(plan.framing, LARGEST_REPLY, true, EventLoop.BUFFER_SIZE);
        this.books = new Books(plan, clock);
        this.span = books.span;
        this.remaining = plan.messages > 0 ? plan.messages : UNLIMITED;
        this.connections = new LoadConnection[plan.connections];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new LoadConnection(i + 1, this);
        }
        this.connector = new Connector(this, provider, connections);
        this.watch = new Watch(this, connections, sliceNanos);
        if (plan.isOpenModel()) {
            loop.firePrecisely();
        }
    }

    /** Runs from connecting until all is over, on the calling thread. Throws the error that ended it. */
    void run() {
        loop.execute(() -> Alarms.runOrDie(this::begin));
        Throwable[] failure = new Throwable[1];
        loop.run(error -> failure[0] = error);
        if (failure[0] != null) {
            throw new IllegalStateException("the load client's own loop failed", failure[0]);
        }
    }

    /** Any thread: sends no more, waits for what is outstanding, and ends. */
    void stopEarly() {
        loop.execute(() -> {
            if (!draining && !over) {
                span.stoppedEarly = true;
                drainOrEnd();
            }
        });
    }

    // -- connecting
    // ---------------------------------------------------------------------------------

    private void begin() {
        if (!over) { // by a call that came first
            span.start = time();
            books.recorder.slice.begin(phase, span.start);
            watch.begin(span.start);
            connector.begin(span.start);
        }
    }

    void onConnected(long nanos) {
        open++;
        span.opened++;
        connector.onConnected(nanos);
    }

    void onConnectFailed() {
        connector.onSettled();
    }

    /** An open connection has ended. */
    void onEnded(LoadConnection connection, boolean lost) {
        open--;
        if (lost) {
            span.connectionsLost++;
        }
        books.ledger.lost += connection.outstanding.count();
        books.outstanding -= connection.outstanding.count();
        onNotOffered(connection.due);
        connection.due = 0;
        if (phase != Slice.Phase.CONNECTING && open == 0 || draining) {
            alarms.arm(nextPhase, time());
        }
    }

    // -- sending
    // ------------------------------------------------------------------------------------

    void beginSending() {
        if (phase != Slice.Phase.CONNECTING) {
            return; // called again by the timer
        }
        sharers = Arrays.stream(connections).filter(LoadConnection::isOpen).toArray(LoadConnection[]::new);
        long now = time();
        span.start = now + plan.warmUpNanos;
        measureEnd = plan.messages > 0 ? Long.MAX_VALUE : span.start + plan.durationNanos;
        if (sharers.length == 0) {
            end();
            return;
        }
        if (plan.warmUpNanos == 0) {
            measure();
        } else {
            turn(now, Slice.Phase.WARM_UP);
            alarms.arm(nextPhase, span.start);
        }
        if (plan.isOpenModel()) {
            pacer = new Pacer(this, sharers, now, span.start, measureEnd);
            books.pacer = pacer;
            pacer.sendDue();
        } else {
            beginMore();
        }
    }

    /** Closed model: the first messages, not of all connections at once, lest replies wait for them. */
    private void beginMore() {
        Random random = new Random(plan.seed);
        long now = time();
        int last = Math.min(sharers.length, begun + BEGINNERS_PER_PASS);
        while (begun < last) {
            LoadConnection connection = sharers[begun++];
            if (plan.thinkNanos == 0) {
                connection.sendOrFail();
            } else {
                connection.sendLater(now + (long) (random.nextDouble() * plan.thinkNanos));
            }
        }
        if (begun < sharers.length) {
            alarms.arm(beginMore, now);
        }
    }

    /** How many messages the connection may send now. */
    int allowance(LoadConnection connection) {
        boolean sending = phase != Slice.Phase.CONNECTING && !draining;
        if (!sending || books.outstanding >= MOST_OUTSTANDING) {
            return 0;
        }
        if (pacer != null) {
            return connection.due;
        }
        int room = plan.depth - connection.outstanding.waitedFor();
        return phase == Slice.Phase.WARM_UP ? room : (int) Math.min(room, remaining);
    }

    void onSent(LoadConnection connection, long first, int count, long now, boolean wasBlocked) {
        connection.due -= pacer == null ? 0 : count;
        long measured = books.sent(connection, first, count, now, wasBlocked);
        take(measured);
    }

    /** So many messages are due on a connection that has ended. */
    void onNotOffered(long count) {
        span.notOffered += count;
        take(count);
    }

    /** So many fewer messages are to be sent, if it is messages that this run counts. */
    private void take(long count) {
        if (remaining != UNLIMITED && count > 0) {
            remaining -= count;
            if (remaining <= 0) {
                alarms.arm(nextPhase, time());
            }
        }
    }

    // -- phases
    // -------------------------------------------------------------------------------------

    private void nextPhase() {
        if (over) {
            return;
        }
        if (draining) {
            endIfDrained();
            if (!over && time() - span.drainDeadline >= 0) {
                end();
            } else if (!over) {
                alarms.arm(nextPhase, span.drainDeadline);
            }
        } else if (phase == Slice.Phase.WARM_UP && open > 0) {
            measure();
        } else {
            span.allLost = open == 0;
            drainOrEnd();
        }
    }

    private void measure() {
        long now = time();
        turn(now, Slice.Phase.MEASURED);
        healthAtStart = health.read();
        span.from = now;
        if (plan.messages == 0) {
            alarms.arm(nextPhase, measureEnd);
        }
    }

    private void drainOrEnd() {
        if (sharers.length == 0) {
            end();
        } else {
            drain();
        }
    }

    private void drain() {
        if (pacer != null && open > 0 && !span.stoppedEarly) {
            pacer.sendDue(); // what was due before the end and is not out yet
        }
        long now = time();
        draining = true;
        if (healthAtStart != null) {
            span.used = health.read().minus(healthAtStart);
            span.to = now;
            span.due = pacer == null ? 0 : pacer.dueBy(now);
        }
        if (plan.messages == 0 || span.stoppedEarly) {
            turn(now, Slice.Phase.DRAIN);
        } // else the last replies are still to be measured
        span.drainFrom = now;
        span.drainDeadline = now + plan.timeoutNanos;
        for (LoadConnection connection : sharers) {
            if (connection.isOpen() && plan.misbehaviour == Misbehaviour.RESET) {
                connection.reset();
            } else if (connection.isOpen() && expectsEnd()) {
                connection.halfClose();
            }
        }
        alarms.arm(nextPhase, span.drainDeadline);
        endIfDrained();
    }

    boolean isDraining() {
        return draining;
    }

    /** Whether the server is to end the stream now. */
    boolean expectsEnd() {
        return draining && plan.misbehaviour == Misbehaviour.HALF_CLOSE;
    }

    void endIfDrained() {
        if (!over && books.outstanding == 0 && (open == 0 || !expectsEnd())) {
            end();
        }
    }

    private void end() {
        long now = time();
        over = true;
        span.drainTo = now;
        if (plan.messages > 0 && !span.stoppedEarly && span.to != 0) {
            span.to = Math.max(span.to, span.lastReply);
        }
        for (LoadConnection connection : connections) {
            if (connection.isOpen()) {
                endOpen(connection, now);
            }
            connection.shut();
        }
        books.stalls.close();
        alarms.end();
        books.recorder.end(now);
        loop.stop();
    }

    private void endOpen(LoadConnection connection, long now) {
        if (connection.outstanding.count() > 0) {
            connection.noteSilence(now);
            books.ledger.unanswered += connection.outstanding.count();
            books.ledger.oldestUnanswered =
                    Math.max(books.ledger.oldestUnanswered, now - connection.outstanding.firstSentAt());
        }
        if (expectsEnd()) {
            books.error(ErrorKind.NO_END_OF_STREAM, () -> "connection " + connection.id);
        }
    }

    // -- time
    // ---------------------------------------------------------------------------------------

    long time() {
        return alarms.time();
    }

    String targetText() {
        return plan.host + ":" + target.getPort();
    }

    /** Ends a slice of time and begins another. */
    void turn(long now, Slice.Phase next) {
        phase = next;
        books.turn(now, next, open);
    }

    Slice.Phase phase() {
        return phase;
    }
}
