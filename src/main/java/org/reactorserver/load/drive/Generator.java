package org.reactorserver.load.drive;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.measure.Health;
import org.reactorserver.load.measure.Outstanding;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.measure.Span;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.plan.Part;
import org.reactorserver.loop.Timers;

/**
 * The engine: opens the connections, decides when each may send, and keeps the books, all on one
 * selector thread.
 *
 * <p>A run goes through its phases in one direction: connecting → warm-up → measured → drain → over. In
 * the closed model a connection sends when it has received; in the open one {@link Arrivals} say
 * when, whatever has been received. Loop only, but for {@link #run} and {@link #stopEarly}.
 */
public final class Generator implements LoadConnection.Owner {
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** How long replies are waited for after the run was ended early: somebody waits for the report. */
    private static final long LONGEST_WAIT_AFTER_STOP = 2_000_000_000;

    private final RunContext context;
    private final LoadPlan plan;
    private final Alarms alarms;
    private final Books books;
    private final Health health = new Health();
    private final LoadConnection[] connections;
    private LoadConnection[] sharers = {}; // that were open when sending began
    private final Timers.Timer nextPhase;
    private final Timers.Timer overrun;
    private final Connector connector;
    private final Watch watch;
    private final Span span;

    private final Part part;
    private final StartLine startLine;
    private boolean atStartLine; // it waits for the others, or did

    private boolean over;

    private Pacer pacer; // null in the closed model
    private long measureEnd;
    private long remaining; // messages still to be sent
    private Health.Reading healthAtStart;

    /**
     * Connects to nobody yet.
     *
     * @param part what it does of the plan
     * @param startLine where it waits for those who do the rest
     * @param sliceNanos how long a slice is
     */
    public Generator(
            LoadPlan plan,
            Part part,
            StartLine startLine,
            SocketAddress target,
            SelectorProvider provider,
            LongSupplier clock,
            long sliceNanos)
            throws IOException {
        this.plan = plan;
        this.part = part;
        this.startLine = startLine;
        this.context = new RunContext(plan, target, provider, clock);
        this.alarms = context.alarms;
        this.nextPhase = alarms.timer(this::nextPhase);
        this.overrun = alarms.timer(this::drainOrEnd);
        this.books = context.books;
        this.span = books.span;
        this.remaining = plan.messages() > 0 ? part.of(plan.messages()) : UNLIMITED;
        this.connections = new LoadConnection[(int) part.of(plan.connections())];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new LoadConnection(part.place(i) + 1, context, this);
        }
        this.connector = new Connector(context, part, connections, this::onAllSettled);
        this.watch = new Watch(context, connector, connections, sliceNanos);
    }

    /**
     * Runs from connecting until all is over, on the calling thread.
     *
     * @throws IllegalStateException if the client has a fault; that its memory is full is none, and ends the run
     */
    public void run() {
        context.loop.execute(() -> Alarms.runOrDie(this::begin));
        Throwable[] failure = new Throwable[1];
        context.loop.run(error -> failure[0] = error);
        context.dialer.close();
        if (failure[0] instanceof OutOfMemoryError) {
            endAfter(failure[0]);
        } else if (failure[0] != null) {
            throw new IllegalStateException("the load client's own loop failed", failure[0]);
        }
    }

    /** Any thread: sends no more, waits for what is outstanding, and ends. */
    public void stopEarly() {
        context.loop.execute(() -> {
            span.stoppedEarly |= !over;
            if (context.draining && !over) {
                end();
            } else {
                drainOrEnd();
            }
        });
    }

    /** Any thread: ends at once, and waits for nothing. */
    public void abort(String reason) {
        context.loop.execute(() -> {
            if (!over && !context.draining) {
                span.aborted = reason;
                drainOrEnd();
                if (!over) {
                    end();
                }
            }
        });
    }

    /** The loop has died, and closed what was open. */
    private void endAfter(Throwable failure) {
        span.failure = failure.toString();
        long now = context.time();
        over = true;
        if (!atStartLine) {
            startLine.absent(now);
        }
        if (span.drainFrom == 0) {
            span.drainFrom = now;
            span.to = span.from == 0 ? 0 : now;
        }
        span.drainTo = now;
        for (LoadConnection connection : connections) {
            connection.shut();
            books.ledger.unanswered += connection.outstanding.count();
            span.abandoned += connection.outstanding.count();
        }
        books.recorder.end(now);
    }

    /** What the run has written down; the caller's when it is over. */
    public Books books() {
        return books;
    }

    /** How long each connection waited for a reply at most, in nanoseconds; when the run is over. */
    public List<Long> longestWaits() {
        return Arrays.stream(connections)
                .map(connection -> connection.outstanding.longestWait)
                .toList();
    }

    // -- connecting
    // ---------------------------------------------------------------------------------

    private void begin() {
        if (!over) { // by a call that came first
            span.start = context.time();
            books.recorder.slice.begin(context.phase, span.start);
            watch.begin(span.start);
            connector.begin(span.start);
        }
    }

    @Override
    public void onConnected(long nanos) {
        books.opened(nanos);
        connector.onSettled();
    }

    @Override
    public void onConnectFailed() {
        connector.onSettled();
    }

    @Override
    public void onEnded(LoadConnection connection, boolean lost) {
        books.ended(connection.outstanding, lost);
        if (pacer != null) {
            Outstanding outstanding = connection.outstanding;
            books.heldBack -= outstanding.due();
            onNotOffered(books.measured(outstanding, outstanding.next(), outstanding.due()));
            outstanding.forgetDue();
        }
        if (context.phase != Slice.Phase.CONNECTING && books.open == 0 || context.draining) {
            alarms.arm(nextPhase, context.time());
        }
    }

    // -- sending
    // ------------------------------------------------------------------------------------

    /** Each connection has been opened, or has failed. */
    private void onAllSettled() {
        if (!atStartLine) { // else called again by the timer
            atStartLine = true;
            startLine.ready(
                    now -> context.loop.execute(() -> Alarms.runOrDie(() -> beginSending(now))), context.time());
        }
    }

    private void beginSending(long now) {
        if (over) {
            return;
        }
        sharers = Arrays.stream(connections).filter(LoadConnection::isOpen).toArray(LoadConnection[]::new);
        span.start = now + plan.warmUpNanos();
        measureEnd = plan.messages() > 0 ? Long.MAX_VALUE : span.start + plan.durationNanos();
        if (sharers.length == 0) {
            end();
            return;
        }
        if (plan.warmUpNanos() == 0) {
            measure();
        } else {
            context.turn(now, Slice.Phase.WARM_UP);
            alarms.arm(nextPhase, span.start);
        }
        if (plan.isOpenModel()) {
            pacer = new Pacer(
                    context, sharers, arrivals(now), remaining, span.start, measureEnd, () -> onNotOffered(1));
            pacer.sendDue();
        } else {
            new Beginners(context, sharers, part.place(plan.seed())).begin();
        }
    }

    private Arrivals arrivals(long now) {
        long seed = part.place(plan.seed());
        return new Arrivals(plan, part, now, plan.hasRandomArrivals() ? new SplittableRandom(seed) : null);
    }

    @Override
    public int allowance(LoadConnection connection) {
        boolean sending = context.phase != Slice.Phase.CONNECTING && !context.draining;
        if (!sending) {
            return 0;
        }
        if (pacer != null) {
            return connection.outstanding.due();
        }
        int room = plan.depth() - connection.outstanding.waitedFor();
        if (plan.thinkNanos() > 0) {
            room = Math.min(room, connection.due);
        }
        return context.phase == Slice.Phase.WARM_UP ? room : (int) Math.min(room, remaining);
    }

    @Override
    public void onSent(LoadConnection connection, int count, long now, boolean wasBlocked) {
        if (plan.thinkNanos() > 0) {
            connection.due -= count;
        }
        books.heldBack -= pacer == null ? 0 : count;
        long measured = books.sent(connection.outstanding, count, now, wasBlocked);
        take(measured);
        if (books.outstanding > part.of(LoadPlan.MOST_UNDER_WAY) && !span.overrun) {
            span.overrun = true; // more will never be answered, and memory ends
            alarms.arm(overrun, now);
        }
    }

    /** So many messages of the measured span are due on connections that have ended. */
    private void onNotOffered(long count) {
        span.notOffered += count;
        take(count);
    }

    /** So many fewer messages are to be sent, if it is messages that this run counts. */
    private void take(long count) {
        if (remaining != UNLIMITED && count > 0) {
            remaining -= count;
            if (remaining <= 0) {
                alarms.arm(nextPhase, context.time());
            }
        }
    }

    // -- phases
    // -------------------------------------------------------------------------------------

    private void nextPhase() {
        if (over) {
            return;
        }
        if (context.draining) {
            endIfDrained();
            if (!over && context.time() - span.drainDeadline >= 0) {
                end();
            } else if (!over) {
                alarms.arm(nextPhase, span.drainDeadline);
            }
        } else if (context.phase == Slice.Phase.WARM_UP && books.open > 0) {
            measure();
        } else {
            span.allLost = books.open == 0;
            drainOrEnd();
        }
    }

    private void measure() {
        long now = context.time();
        context.turn(now, Slice.Phase.MEASURED);
        healthAtStart = health.read();
        span.from = now;
        if (plan.messages() == 0) {
            alarms.arm(nextPhase, measureEnd);
        }
    }

    private void drainOrEnd() {
        if (over || context.draining) {
            return;
        }
        if (sharers.length == 0) {
            end();
        } else {
            drain();
        }
    }

    private void drain() {
        if (pacer != null && books.open > 0 && !span.stoppedEarly) {
            pacer.sendDue(); // what was due before the end and is not out yet
        }
        long now = context.time();
        context.draining = true;
        if (healthAtStart != null) {
            span.used = health.read().minus(healthAtStart);
            span.to = now;
            span.due = pacer == null ? 0 : pacer.measuredDue();
        }
        if (plan.messages() == 0 || span.stoppedEarly) {
            context.turn(now, Slice.Phase.DRAIN);
        } // else the last replies are still to be measured
        span.drainFrom = now;
        span.drainDeadline = now
                + (span.stoppedEarly ? Math.min(LONGEST_WAIT_AFTER_STOP, plan.timeoutNanos()) : plan.timeoutNanos());
        for (LoadConnection connection : sharers) {
            if (connection.isOpen() && plan.misbehaviour() == Misbehaviour.RESET) {
                connection.reset();
            } else if (connection.isOpen() && context.expectsEnd()) {
                connection.halfClose();
            }
        }
        alarms.arm(nextPhase, span.drainDeadline);
        endIfDrained();
    }

    @Override
    public void onRepliesWhileDraining() {
        endIfDrained();
    }

    private void endIfDrained() {
        if (!over && books.outstanding == 0 && (books.open == 0 || !context.expectsEnd())) {
            end();
        }
    }

    private void end() {
        long now = context.time();
        over = true;
        if (!atStartLine) {
            atStartLine = true;
            startLine.absent(now);
        }
        span.drainTo = now;
        if (plan.messages() > 0 && !span.stoppedEarly && span.to != 0) {
            span.to = Math.max(span.to, span.lastReply);
        }
        for (LoadConnection connection : connections) {
            if (connection.isOpen()) {
                endOpen(connection, now);
            }
            connection.shut();
        }
        alarms.end();
        books.recorder.end(now);
        context.loop.stop();
    }

    private void endOpen(LoadConnection connection, long now) {
        connection.takeBackUnwritten();
        Outstanding outstanding = connection.outstanding;
        if (!outstanding.isEmpty()) {
            books.heard(outstanding, now);
            books.ledger.unanswered += outstanding.count();
            books.ledger.oldestUnanswered = Math.max(books.ledger.oldestUnanswered, now - outstanding.firstSentAt());
            if (span.stoppedEarly || span.aborted != null) {
                span.abandoned += outstanding.waitedFor();
            } else {
                long last = outstanding.next() - 1;
                for (int i = outstanding.waitedFor(); i > 0; i--) {
                    books.error(ErrorKind.REPLY_TIMEOUT, () -> outstanding.place(last));
                }
            }
        }
        if (context.expectsEnd()) {
            books.error(ErrorKind.NO_END_OF_STREAM, () -> "connection " + outstanding.connection);
        }
    }
}
