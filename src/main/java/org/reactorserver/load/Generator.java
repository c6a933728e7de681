package org.reactorserver.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
    private static final int MOST_CONNECTING = 256;
    private static final int BEGINNERS_PER_PASS = 64;
    private static final int LARGEST_REPLY = 1 << 30;
    private static final long HEARTBEAT = 10_000_000;
    static final long NOTABLE_LAG = 2_000_000;

    /** So many messages without a reply are enough: until some are answered, none is sent. */
    static final long MOST_OUTSTANDING = 4_000_000;

    final LoadPlan plan;
    final InetSocketAddress target;
    final EventLoop loop;
    final Exchange exchange;
    final Decoder decoder;
    final ByteBuffer buffer;
    final byte[] input = new byte[EventLoop.BUFFER_SIZE];
    final Recorder recorder = new Recorder();
    final Ledger ledger = new Ledger();
    final Errors errors = new Errors();
    final Stalls stalls = new Stalls();
    final Samples connectTimes = new Samples();
    final Span span = new Span();
    long outstanding;
    long stallThreshold = Stalls.LEAST;

    /** Any thread: the usual service time so far, in nanoseconds, for telling what a stall is. */
    volatile long usualService;

    private final SelectorProvider provider;
    private final LongSupplier clock;
    private final long sliceNanos;
    private final Health health = new Health();
    private final LoadConnection[] connections;
    private LoadConnection[] sharers = {}; // that were open when sending began
    private final List<LoadConnection> toFlush = new ArrayList<>();
    private final List<Timers.Timer> timers = new ArrayList<>();
    private final Timers.Timer connectMore = timer(this::connectMore);
    private final Timers.Timer beginMore = timer(this::beginMore);
    private final Timers.Timer pace = timer(this::pace);
    private final Timers.Timer nextPhase = timer(this::nextPhase);
    private final Timers.Timer tick = timer(this::tick);
    private final Timers.Timer heartbeat = timer(this::heartbeat);
    private final Timers.Timer checkTimeouts = timer(this::checkTimeouts);

    private Slice.Phase phase = Slice.Phase.CONNECTING;
    private boolean draining;
    private boolean over;
    private long connectBegan;
    private int attempted;
    private int connecting;
    private int open;
    private int begun; // of the sharers

    private Schedule schedule; // null in the closed model
    private long nextNumber; // of the schedule
    private int nextSharer;
    private long measureStart;
    private long measureEnd;
    private long unlimited = Long.MAX_VALUE;
    private long remaining; // messages still to be sent
    private Health.Reading healthAtStart;

    Generator(
            LoadPlan plan,
            InetSocketAddress target,
            SelectorProvider provider,
            LongSupplier clock,
            long sliceNanos)
            throws IOException {
        this.plan = plan;
        this.target = target;
        this.provider = provider;
        this.clock = clock;
        this.sliceNanos = sliceNanos;
        this.loop = new EventLoop(provider, clock, new LoopObserver() {});
        this.buffer = loop.buffer();
        this.exchange = plan.exchange();
        this.decoder = new Decoder(plan.framing, LARGEST_REPLY, true, EventLoop.BUFFER_SIZE);
        this.remaining = plan.messages > 0 ? plan.messages : unlimited;
        this.connections = new LoadConnection[plan.connections];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new LoadConnection(i + 1, this);
        }
        if (plan.isOpenModel()) {
            loop.firePrecisely();
        }
    }

    /** Runs from connecting until all is over, on the calling thread. Throws the error that ended it. */
    void run() {
        loop.execute(() -> runOrDie(this::begin));
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
        if (over) {
            return; // stopped before it began
        }
        long now = time();
        connectBegan = now;
        span.start = now;
        recorder.slice.begin(phase, now);
        arm(tick, now + sliceNanos);
        arm(heartbeat, now + HEARTBEAT);
        arm(checkTimeouts, now + timeoutResolution());
        connectMore();
    }

    private void connectMore() {
        long now = time();
        while (attempted < connections.length && connecting < MOST_CONNECTING) {
            long time = plan.connectRate > 0
                    ? connectBegan + (long) (attempted * 1e9 / plan.connectRate)
                    : now;
            if (time - now > 0) {
                arm(connectMore, time);
                return;
            }
            List<InetAddress> sources = plan.sources;
            InetAddress source = sources.isEmpty() ? null : sources.get(attempted % sources.size());
            connecting++;
            connections[attempted++].connect(source);
        }
        if (attempted == connections.length && connecting == 0) {
            beginSending();
        }
    }

    SocketChannel openChannel() throws IOException {
        return provider.openSocketChannel();
    }

    void onConnected(long nanos) {
        connectTimes.record(nanos);
        open++;
        span.opened++;
        connecting--;
        arm(connectMore, time());
    }

    void onConnectFailed() {
        connecting--;
        arm(connectMore, time());
    }

    /** An open connection has ended. */
    void onEnded(LoadConnection connection, boolean lost) {
        open--;
        if (lost) {
            span.connectionsLost++;
        }
        ledger.lost += connection.outstanding();
        outstanding -= connection.outstanding();
        span.notOffered += connection.due;
        take(connection.due);
        connection.due = 0;
        if (phase != Slice.Phase.CONNECTING && open == 0 || draining) {
            arm(nextPhase, time());
        }
    }

    // -- sending
    // ------------------------------------------------------------------------------------

    private void beginSending() {
        if (phase != Slice.Phase.CONNECTING) {
            return; // called again by the timer
        }
        sharers = Arrays.stream(connections)
                .filter(LoadConnection::isOpen)
                .toArray(LoadConnection[]::new);
        for (int i = 0; i < sharers.length; i++) {
            sharers[i].place = i;
        }
        long now = time();
        measureStart = now + plan.warmUpNanos;
        measureEnd = plan.messages > 0 ? Long.MAX_VALUE : measureStart + plan.durationNanos;
        span.start = measureStart;
        if (sharers.length == 0) {
            end();
            return;
        }
        turn(now, Slice.Phase.WARM_UP);
        arm(nextPhase, measureStart);
        if (plan.isOpenModel()) {
            schedule = new Schedule(now, plan.rate);
            pace();
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
            arm(beginMore, now);
        }
    }

    /** Open model: sends whatever is due by now, late or not. */
    private void pace() {
        long now = time();
        while (nextNumber < endNumber() && schedule.intended(nextNumber) - now <= 0) {
            LoadConnection connection = sharers[nextSharer];
            nextNumber++;
            nextSharer = nextSharer + 1 < sharers.length ? nextSharer + 1 : 0;
            if (!connection.isOpen()) {
                span.notOffered++;
                take(1);
                continue;
            }
            connection.due++;
            if (!connection.flushing) {
                connection.flushing = true;
                toFlush.add(connection);
            }
        }
        for (int i = 0; i < toFlush.size(); i++) {
            LoadConnection connection = toFlush.get(i);
            connection.flushing = false;
            connection.sendOrFail();
        }
        toFlush.clear();
        if (!draining && nextNumber < endNumber()) {
            arm(pace, schedule.intended(nextNumber));
        }
    }

    private long endNumber() {
        if (span.endNumber == 0) {
            long first = schedule.countBefore(measureStart);
            span.firstNumber = first;
            span.endNumber =
                    plan.messages > 0 ? first + plan.messages : schedule.countBefore(measureEnd);
        }
        return span.endNumber;
    }

    /** How many messages the connection may send now. */
    int allowance(LoadConnection connection) {
        if (draining || outstanding >= MOST_OUTSTANDING) {
            return 0;
        }
        if (schedule != null) {
            return connection.due;
        }
        int room = plan.depth - connection.waitedFor();
        return phase == Slice.Phase.WARM_UP ? room : (int) Math.min(room, remaining);
    }

    void onSent(LoadConnection connection, long first, int count, long now, boolean wasBlocked) {
        ledger.sent += count;
        outstanding += count;
        recorder.slice.sent += count;
        if (schedule != null) {
            connection.due -= count;
            for (int i = 0; i < count; i++) {
                noteSendLag(intended(connection, first + i), now, wasBlocked);
            }
        } else if (phase == Slice.Phase.MEASURED) {
            span.sent += count;
            take(count);
        }
    }

    private void noteSendLag(long intended, long now, boolean wasBlocked) {
        if (intended - measureStart >= 0) {
            span.sent++;
            take(1);
        }
        if (!wasBlocked) {
            recorder.slice.lag.record(now - intended);
        }
    }

    /** So many fewer messages are to be sent, if it is messages that this run counts. */
    private void take(long count) {
        if (remaining != unlimited && count > 0) {
            remaining -= count;
            if (remaining <= 0) {
                arm(nextPhase, time());
            }
        }
    }

    private long intended(LoadConnection connection, long seq) {
        return schedule.intended(connection.place + (seq - 1) * sharers.length);
    }

    /** The right reply, in time or late. */
    void onReply(LoadConnection connection, long seq, long sentAt, long now) {
        long service = now - sentAt;
        if (service > plan.timeoutNanos) {
            ledger.late++;
        } else {
            ledger.matched++;
        }
        Slice slice = recorder.slice;
        slice.answered++;
        span.lastReply = now;
        long counted = schedule == null ? sentAt : intended(connection, seq);
        if (counted - measureStart < 0) {
            slice.warmUp.record(service);
            return;
        }
        slice.service.record(service);
        if (schedule != null) {
            slice.response.record(now - counted);
        }
    }

    void error(ErrorKind kind, Supplier<String> sample) {
        errors.add(kind, time(), sample);
        recorder.slice.errors++;
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
                arm(nextPhase, span.drainDeadline);
            }
        } else if (phase == Slice.Phase.WARM_UP && open > 0) {
            measure();
        } else {
            drainOrEnd();
        }
    }

    private void measure() {
        long now = time();
        turn(now, Slice.Phase.MEASURED);
        healthAtStart = health.read();
        span.from = now;
        if (plan.messages == 0) {
            arm(nextPhase, measureEnd);
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
        if (schedule != null && open > 0 && !span.stoppedEarly) {
            pace(); // what was due before the end and is not out yet
        }
        long now = time();
        draining = true;
        if (healthAtStart != null) {
            span.used = health.read().minus(healthAtStart);
            span.to = now;
            span.toNumber = schedule == null ? 0 : schedule.countBefore(now);
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
        arm(nextPhase, span.drainDeadline);
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
        if (!over && outstanding == 0 && (open == 0 || !expectsEnd())) {
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
        stalls.close();
        timers.forEach(loop.timers()::cancel);
        recorder.end(now);
        loop.stop();
    }

    private void endOpen(LoadConnection connection, long now) {
        if (connection.outstanding() > 0) {
            connection.noteSilence(now);
            ledger.unanswered += connection.outstanding();
            ledger.oldestUnanswered = Math.max(ledger.oldestUnanswered, connection.oldestAge(now));
        }
        if (expectsEnd()) {
            error(ErrorKind.NO_END_OF_STREAM, () -> "connection " + connection.id);
        }
    }

    // -- time
    // ---------------------------------------------------------------------------------------

    long time() {
        return clock.getAsLong();
    }

    /** When connecting began. */
    long began() {
        return connectBegan;
    }

    String targetText() {
        return plan.host + ":" + target.getPort();
    }

    private void tick() {
        long now = time();
        turn(now, phase);
        long due = tick.deadline() + sliceNanos;
        arm(tick, due - now > sliceNanos / 2 ? due : now + sliceNanos); // no slivers
        if (usualService > 0) {
            stallThreshold = Math.max(Stalls.LEAST, Stalls.USUAL_TIMES * usualService);
        }
    }

    private void turn(long now, Slice.Phase next) {
        phase = next;
        recorder.slice.connections = open;
        recorder.slice.outstanding = outstanding;
        recorder.turn(now, next);
    }

    /** Notes how late it is itself. */
    private void heartbeat() {
        long now = time();
        long lag = now - heartbeat.deadline();
        if (schedule == null) {
            recorder.slice.lag.record(lag);
        }
        if (lag > NOTABLE_LAG) {
            stalls.clientLag(now, lag);
        }
        arm(heartbeat, now + HEARTBEAT);
    }

    private void checkTimeouts() {
        long now = time();
        for (int i = 0; i < attempted; i++) {
            connections[i].checkTimeouts(now);
        }
        arm(checkTimeouts, now + timeoutResolution());
    }

    private long timeoutResolution() {
        return Math.max(5_000_000, Math.min(250_000_000, plan.timeoutNanos / 20));
    }

    private void arm(Timers.Timer timer, long deadline) {
        if (!over) {
            loop.timers().arm(timer, deadline);
        }
    }

    /** A run whose engine has a fault must end, and not go on without one of its timers. */
    private static void runOrDie(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            throw new AssertionError("the load client has failed", e);
        }
    }

    private Timers.Timer timer(Runnable task) {
        Timers.Timer timer = new Timers.Timer() {
            @Override
            protected void onTimer() {
                runOrDie(task);
            }
        };
        timers.add(timer);
        return timer;
    }
}
