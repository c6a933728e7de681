package org.reactorserver;

import static org.reactorserver.Log.LOG;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.FramingException;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.RateLimit;

/**
 * One running server: what its connections share, and how it ends. Loop only, but for what says
 * otherwise.
 */
final class Reactor {
    static final ByteBuffer NO_INPUT = ByteBuffer.allocate(0);

    /** How many connections may at a time be told that there is no room; more are just closed. */
    private static final int MOST_TURNED_AWAY = 16;

    /** What a connection has that is turned away: it never becomes a session. */
    private static final long NO_ID = 0;

    /** How long a drain waits for clients that have connected and not spoken yet. */
    private static final long LAST_CALL_NANOS = 1_000_000_000;

    /** How far the shutdown has come. */
    private enum Phase {
        /** Not begun. */
        SERVING,
        /** No new connections; a session ends as soon as it is between two messages. */
        LAST_CALL,
        /** Nothing more is read. */
        CLOSING
    }

    final Settings settings;
    final ServerObserver observer;
    final LongSupplier clock;
    final EventLoop loop;
    final Counters counters = new Counters();
    final Decoder decoder;
    final List<String> decoded = new ArrayList<>(); // one session's messages on their way to its lane
    final Workers workers;
    final Admission admission;
    final RateLimit warnings; // of what clients can cause

    private final Executor executor;
    private final ServerSocketChannel listener;
    private final Acceptor acceptor;
    private final CompletableFuture<DrainReport> drained = new CompletableFuture<>();
    private volatile Throwable failure; // what ended the loop, written before drained

    private long lastId;
    private int live; // connections that are not GONE
    private int turnedAway; // of these
    private long stuckBytes;
    private volatile boolean cutOff; // the drain has run out of time
    private Phase phase = Phase.SERVING;

    /** Any thread: binds the listener and opens the selector; nothing runs yet. */
    Reactor(Settings settings) throws IOException {
        this.settings = settings;
        this.observer = settings.observer;
        this.clock = settings.clock;
        this.warnings = new RateLimit(10, clock);
        this.decoder =
                new Decoder(settings.framing, settings.maxMessage, settings.replaceMalformed, EventLoop.BUFFER_SIZE);
        this.executor = settings.executor != null ? settings.executor : makeExecutor(settings);
        this.listener = bind(settings); // first, since this is what may fail: nothing is open then
        this.loop = new EventLoop(settings.provider, clock, observer);
        int parallelism = settings.virtualThreads ? Integer.MAX_VALUE : settings.workers;
        this.workers = new Workers(executor, parallelism, observer, clock, loop.timers());
        this.admission = new Admission(settings, loop.timers(), counters);
        this.loop.setHandOff(workers);
        this.acceptor = new Acceptor(this, loop, listener);
        loop.register(listener, SelectionKey.OP_ACCEPT, acceptor);
        if (settings.announceTo != null) {
            new Beacon(this, address()).start();
        }
    }

    private static Executor makeExecutor(Settings settings) {
        if (settings.virtualThreads) {
            return WorkerThreads.virtual();
        }
        return settings.workers == 0 ? WorkerThreads.none() : WorkerThreads.pool(settings.workers);
    }

    private static ServerSocketChannel bind(Settings settings) throws IOException {
        ServerSocketChannel channel = settings.provider.openServerSocketChannel();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, settings.reuseAddress);
            if (settings.reusePort) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            if (settings.receiveBuffer > 0) { // before the bind: accepted sockets inherit it
                channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBuffer);
            }
            channel.bind(wantedAddress(settings), settings.backlog);
            return channel;
        } catch (SocketException e) {
            channel.close();
            throw new BindException(
                    "cannot listen on %s:%d: %s".formatted(settings.host, settings.port, e.getMessage()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static InetSocketAddress wantedAddress(Settings settings) throws UnknownHostException {
        InetSocketAddress wanted = new InetSocketAddress(settings.host, settings.port);
        if (wanted.isUnresolved()) {
            throw new UnknownHostException(
                    "cannot listen on %s:%d: there is no such host".formatted(settings.host, settings.port));
        }
        return wanted;
    }

    /** Any thread: the address that is listened at; of 0.0.0.0 the system makes ::, but that was asked. */
    InetSocketAddress address() throws IOException {
        InetSocketAddress bound = (InetSocketAddress) listener.getLocalAddress();
        return bound.getAddress().isAnyLocalAddress() ? new InetSocketAddress(settings.host, bound.getPort()) : bound;
    }

    /** Any thread: the values in force, as the kernel has them. */
    Map<String, String> inForce() throws IOException {
        return InForce.describe(settings, listener);
    }

    /** Any thread: completed when the server has ended, with null if it did so by an error. */
    CompletableFuture<DrainReport> drained() {
        return drained;
    }

    /** Any thread, once it has ended: the error that ended it, or null. */
    Throwable failure() {
        return failure;
    }

    // ---- connections

    /** A connection was accepted: it comes in, or it is told why not. Whatever fails, only it is hurt. */
    void admit(SocketChannel channel) {
        Connection connection = null;
        try {
            channel.configureBlocking(false);
            InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
            CloseReason objection = admission.objection(peer.getAddress());
            if (objection != null && !turnAway(channel, peer, objection)) {
                return;
            }
            InForce.setOptions(settings, channel);
            connection = new Connection(this, channel, peer, objection == null ? ++lastId : NO_ID);
            loop.register(channel, SelectionKey.OP_READ, connection);
            live++;
            if (objection == null) {
                counters.accepted.increment();
                observer.connected(connection.session());
                connection.admit();
            } else {
                turnedAway++;
                connection.turnAway(objection);
            }
        } catch (IOException | RuntimeException e) {
            if (warnings.allows()) {
                LOG.warn("a new connection failed: {}{}", e.toString(), warnings.held());
            }
            try {
                channel.close();
            } catch (IOException again) {
                LOG.debug("closing it failed", again);
            }
        }
    }

    /** Returns whether there is room to tell the peer; otherwise it is closed. */
    private boolean turnAway(SocketChannel channel, InetSocketAddress peer, CloseReason why) throws IOException {
        counters.refused.increment();
        observer.refused(peer, why);
        if (turnedAway < MOST_TURNED_AWAY) {
            return true;
        }
        counters.closed(why);
        channel.close();
        return false;
    }

    /** The connection is closed and its handler has been told. */
    void forget(boolean wasAdmitted) {
        live--;
        if (!wasAdmitted) {
            turnedAway--;
        }
        endIfDrained();
    }

    /** Adds to the bytes that wait for slow peers. Returns whether they are within the budget. */
    boolean accountStuckBytes(long change) {
        if (change != 0) {
            stuckBytes += change;
            counters.replyBytesWaiting = stuckBytes;
        }
        return stuckBytes <= settings.replyMemory;
    }

    static CloseReason closeReason(FramingException.Kind kind) {
        return switch (kind) {
            case INVALID_UTF8 -> CloseReason.INVALID_UTF8;
            case MESSAGE_TOO_LARGE -> CloseReason.MESSAGE_TOO_LARGE;
            case NEGATIVE_LENGTH -> CloseReason.NEGATIVE_LENGTH;
        };
    }

    // ---- the end

    /** Any thread: begins to drain, unless that has begun; {@link #drained} tells when it is over. */
    void drain(Duration timeout) {
        loop.execute(() -> {
            if (phase == Phase.SERVING) {
                new Drain(timeout.toNanos()).begin();
            }
        });
    }

    /** Whether the shutdown wants a session to read no more. */
    boolean wantsEndOf(boolean hasSpoken, boolean isBetweenMessages) {
        return switch (phase) {
            case SERVING -> false;
            case LAST_CALL -> hasSpoken && isBetweenMessages;
            case CLOSING -> true;
        };
    }

    /** Any thread: whether no more messages are to be handled. */
    boolean isCutOff() {
        return cutOff;
    }

    private Drain drain;

    private void endIfDrained() {
        if (phase != Phase.SERVING && live == 0) {
            loop.stop();
        }
    }

    /**
     * The loop's last act, whatever ended it. If that was a lack of memory, there is none for this
     * either: completing with null takes none, completing exceptionally would.
     */
    void onLoopEnd(Throwable failure) {
        this.failure = failure;
        DrainReport report = null;
        try {
            report = failure == null ? drain.report() : null; // before handlers are interrupted
            if (executor instanceof ExecutorService service && settings.executor == null) {
                service.shutdownNow();
            }
        } finally {
            drained.complete(report);
        }
    }

    /** The shutdown, from the first to the last deadline. */
    private final class Drain {
        private final long timeout;
        private final long began = loop.now();
        private final int sessions = counters.open;
        private final long repliesBefore = counters.repliesWritten.sum();
        private final long messagesDroppedBefore = counters.messagesDropped.sum();
        private final long repliesDroppedBefore = counters.repliesDropped.sum();
        private int forced;

        Drain(long timeout) {
            this.timeout = timeout;
        }

        void begin() {
            drain = this;
            phase = Phase.LAST_CALL;
            admission.hurry();
            try {
                acceptor.close();
            } catch (IOException e) {
                LOG.warn("closing the listener failed", e);
            }
            after(Math.min(LAST_CALL_NANOS, timeout / 2), this::endLastCall);
            after(timeout, this::force);
            forEachConnection(Connection::drain);
            endIfDrained();
        }

        private void endLastCall() {
            phase = Phase.CLOSING;
            forEachConnection(Connection::drain);
        }

        private void force() {
            cutOff = true; // also for those of lost peers, which no connection is left of
            forEachConnection(connection -> {
                if (connection.force()) {
                    forced++;
                }
            });
            loop.stop();
        }

        private void after(long nanos, Runnable step) {
            Timers.Timer timer = new Timers.Timer() {
                @Override
                protected void onTimer() {
                    step.run();
                }
            };
            loop.timers().arm(timer, began + nanos);
        }

        private void forEachConnection(Consumer<Connection> action) {
            loop.forEach(pollable -> {
                if (pollable instanceof Connection connection) {
                    action.accept(connection);
                }
            });
        }

        /** The loop has ended: what is still in the lanes now will not be handled. */
        DrainReport report() {
            long notHandled = counters.messagesRead.sum() - counters.messagesHandled.sum();
            return new DrainReport(
                    sessions,
                    counters.repliesWritten.sum() - repliesBefore,
                    notHandled - messagesDroppedBefore,
                    counters.repliesDropped.sum() - repliesDroppedBefore,
                    forced,
                    Duration.ofNanos(clock.getAsLong() - began));
        }
    }
}
