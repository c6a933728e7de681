package org.reactorserver;

import static org.reactorserver.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.Framing;

/**
 * A message server with one selector thread and a pool of workers.
 *
 * <pre>{@code
 * ReactorServer server = ReactorServer.builder(Framing.lines())
 *         .port(8888)
 *         .handler((session, message) -> session.send("收到: " + message))
 *         .start();
 * }</pre>
 *
 * <p>One thread owns the selector, accepts, reads, decodes and writes. Messages are handled by workers:
 * of one session one at a time and in order of arrival, and the replies leave in that order. A message
 * that has been decoded is handled, unless its session is ended by the application, by its handler's
 * failure, by replies that the peer does not take, or by the end of the drain timeout; what was dropped
 * is counted.
 *
 * <p>All methods may be called from any thread.
 */
public final class ReactorServer implements AutoCloseable {
    private final Reactor reactor;
    private final Settings settings;
    private final InetSocketAddress address;
    private final List<String> warnings;
    private final Thread thread;

    private ReactorServer(Settings settings, List<String> warnings) throws IOException {
        this.settings = settings;
        this.warnings = warnings;
        this.reactor = new Reactor(settings);
        this.address = reactor.address();
        this.thread = new Thread(this::run, "selector");
    }

    private void run() {
        try {
            logValuesInForce();
        } finally { // whatever is the matter with logging
            reactor.loop.run(reactor::onLoopEnd);
        }
    }

    /**
     * Before the first client is let in, because the first line of a log takes files to set up logging:
     * when clients have taken them all it is too late for that.
     */
    private void logValuesInForce() {
        try {
            inForce().forEach((name, value) -> LOG.info("{}: {}", name, value));
        } catch (IOException e) {
            LOG.warn("the values in force cannot be told: {}", e.toString());
        }
        warnings.forEach(LOG::warn);
    }

    /** Starts to describe a server whose messages are framed like this, in both directions. */
    public static Builder builder(Framing framing) {
        return new Builder(framing);
    }

    /** The address that is listened at, with the port that was given by the system if 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    /** The port that is listened at. */
    public int port() {
        return address.getPort();
    }

    /** The counters as they are now. */
    public ServerStats stats() {
        return reactor.counters.snapshot();
    }

    /**
     * The values in force, by what they concern, for a person to read; socket options as the kernel has
     * them.
     *
     * @throws IOException if the sockets cannot be asked
     */
    public Map<String, String> inForce() throws IOException {
        return reactor.inForce();
    }

    /** What was asked for and cannot be had in full, and what would lift the limit; a line each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Shuts down without loss: accepts whoever is pending and then nobody, answers what has arrived,
     * writes the replies and closes. Clients that have connected and not spoken are given a second, or
     * half of the timeout if that is less, to do so. Waits until that is done; what is not done within
     * the timeout is cut off. Must not be called from a handler, which it would wait for.
     *
     * <p>A second call, also from another thread, waits for the first one and returns the same report.
     *
     * @param timeout how long it may take at most; zero cuts off at once
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if the server has ended by an error, which is the cause
     */
    public DrainReport drain(Duration timeout) {
        if (reactor.loop.inLoop()) {
            throw new IllegalStateException("the selector thread cannot wait for its own end");
        }
        reactor.drain(Duration.ofNanos(Builder.nanos("timeout", timeout)));
        return awaitEnd();
    }

    /**
     * Waits until the server has ended, by {@link #drain()}, {@link #close} or an error.
     *
     * @throws IllegalStateException if the server has ended by an error, which is the cause
     */
    public DrainReport awaitEnd() {
        DrainReport report = reactor.drained().join();
        if (reactor.failure() != null) {
            throw new IllegalStateException("the selector thread has died", reactor.failure());
        }
        return report;
    }

    /** The same as {@link #drain(Duration)} with the builder's {@link Builder#drainTimeout}. */
    public DrainReport drain() {
        return drain(Duration.ofNanos(settings.drainNanos));
    }

    /** The same as {@link #drain()}. */
    @Override
    public void close() {
        drain();
    }

    /** Describes a server; every value but the framing and the handler has a default. Not thread-safe. */
    public static final class Builder {
        private final Settings settings;

        private Builder(Framing framing) {
            settings = new Settings(Objects.requireNonNull(framing, "framing"));
        }

        /** What is done with messages. Required. */
        public Builder handler(MessageHandler handler) {
            settings.handler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /** Who sees what happens; nobody by default. */
        public Builder observer(ServerObserver observer) {
            settings.observer = Objects.requireNonNull(observer, "observer");
            return this;
        }

        /** The address to listen at: 127.0.0.1 by default, 0.0.0.0 or :: for all. */
        public Builder host(String host) {
            settings.host = Objects.requireNonNull(host, "host");
            return this;
        }

        /** The port to listen at: 8888 by default, 0 for any that is free. */
        public Builder port(int port) {
            settings.port = inRange("port", port, 0, 65_535);
            return this;
        }

        /** How many connections the kernel keeps for {@code accept()}; it may allow fewer. 1024. */
        public Builder backlog(int backlog) {
            settings.backlog = inRange("backlog", backlog, 1, Integer.MAX_VALUE);
            return this;
        }

        /** Announces the server once a second by UDP at this address, which may be a broadcast one. */
        public Builder announceTo(InetSocketAddress target) {
            settings.announceTo = target;
            return this;
        }

        /** SO_REUSEADDR of the listener: whether it may be bound while old connections linger. On. */
        public Builder reuseAddress(boolean on) {
            settings.reuseAddress = on;
            return this;
        }

        /** SO_REUSEPORT of the listener: whether several servers may share the port. Off. */
        public Builder reusePort(boolean on) {
            settings.reusePort = on;
            return this;
        }

        /** SO_KEEPALIVE of clients: whether the kernel looks for peers that are gone. Off. */
        public Builder keepAlive(boolean on) {
            settings.keepAlive = on;
            return this;
        }

        /** TCP_NODELAY of clients: whether replies leave at once. On. */
        public Builder noDelay(boolean on) {
            settings.noDelay = on;
            return this;
        }

        /** SO_SNDBUF of clients, in bytes; 0, the default, leaves it to the kernel. */
        public Builder sendBuffer(int bytes) {
            settings.sendBuffer = inRange("sendBuffer", bytes, 0, Integer.MAX_VALUE);
            return this;
        }

        /** SO_RCVBUF of clients, in bytes; 0, the default, leaves it to the kernel. */
        public Builder receiveBuffer(int bytes) {
            settings.receiveBuffer = inRange("receiveBuffer", bytes, 0, Integer.MAX_VALUE);
            return this;
        }

        /** The longest message accepted, in bytes of its UTF-8. 64 KiB. */
        public Builder maxMessage(int bytes) {
            settings.maxMessage = inRange("maxMessage", bytes, Decoder.SMALLEST_LIMIT, Integer.MAX_VALUE - 64);
            return this;
        }

        /** Whether bytes that are not UTF-8 become U+FFFD, instead of ending the session. Off. */
        public Builder replaceInvalidUtf8(boolean on) {
            settings.replaceMalformed = on;
            return this;
        }

        /**
         * How many connections may be open at a time; more are told so and closed. By default, and at
         * most, as many as the process may have file descriptors, less 32.
         */
        public Builder maxConnections(int count) {
            settings.maxConnections = inRange("maxConnections", count, 1, Integer.MAX_VALUE);
            return this;
        }

        /** How many connections may be open at a time from one address. No limit by default. */
        public Builder maxConnectionsPerIp(int count) {
            settings.maxConnectionsPerIp = inRange("maxConnectionsPerIp", count, 1, Integer.MAX_VALUE);
            return this;
        }

        /** How many sessions are served at a time; the others wait in order of arrival. All. */
        public Builder activeSessions(int count) {
            settings.activeSessions = inRange("activeSessions", count, 1, Integer.MAX_VALUE);
            return this;
        }

        /** How long the place of a session stays empty after its end. Zero by default. */
        public Builder sessionGap(Duration gap) {
            settings.sessionGapNanos = nanos("sessionGap", gap);
            return this;
        }

        /** How many connections are accepted before those who are in are looked after again. 64. */
        public Builder acceptsPerPass(int count) {
            settings.acceptsPerPass = inRange("acceptsPerPass", count, 1, Integer.MAX_VALUE);
            return this;
        }

        /** How many messages of a session a worker handles before it turns to another one. 64. */
        public Builder messagesPerTurn(int count) {
            settings.messagesPerTurn = inRange("messagesPerTurn", count, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * How much decoded text of a session may wait for a worker before no more of it is read, in
         * characters, each message counting for 64 more. A single message may be longer. 65,536.
         */
        public Builder laneLimit(int weight) {
            settings.laneLimit = inRange("laneLimit", weight, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * How many bytes of replies may wait for a session before no more of its messages are read and
         * handled. 64 KiB.
         */
        public Builder highWater(int bytes) {
            settings.highWater = inRange("highWater", bytes, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * How many bytes of replies may wait for a session at all; one that would exceed it is ended. Up
         * to the high water a single reply may be longer. 1 MiB.
         */
        public Builder outboxLimit(long bytes) {
            settings.outboxLimit = inRange("outboxLimit", bytes, 1, Long.MAX_VALUE);
            return this;
        }

        /**
         * How many bytes of replies may wait for slow peers altogether; the session that exceeds it is
         * ended. A quarter of the heap by default.
         */
        public Builder replyMemory(long bytes) {
            settings.replyMemory = inRange("replyMemory", bytes, 1, Long.MAX_VALUE);
            return this;
        }

        /**
         * How many bytes that are not decoded yet may be held for all sessions altogether: unfinished
         * messages, and messages for which a lane has no room. The session that exceeds it is told so and
         * ended. A quarter of the heap by default.
         */
        public Builder requestMemory(long bytes) {
            settings.requestMemory = inRange("requestMemory", bytes, 1, Long.MAX_VALUE);
            return this;
        }

        /** How long a session may exchange no byte; zero, the default, is for ever. */
        public Builder idleTimeout(Duration timeout) {
            settings.idleNanos = nanos("idleTimeout", timeout);
            return this;
        }

        /** How long the rest of a message may take to arrive after its first byte. 30 s. */
        public Builder messageTimeout(Duration timeout) {
            settings.messageNanos = nanos("messageTimeout", timeout);
            return this;
        }

        /** How long a peer may take none of the bytes that wait for it. 30 s. */
        public Builder writeTimeout(Duration timeout) {
            settings.writeNanos = nanos("writeTimeout", timeout);
            return this;
        }

        /**
         * How long a session that the server ends waits for the peer to end it too, so that no reply is
         * lost to a reset. 2 s.
         */
        public Builder lingerTimeout(Duration timeout) {
            settings.lingerNanos = nanos("lingerTimeout", timeout);
            return this;
        }

        /** How long {@link ReactorServer#drain()} may take. 10 s. */
        public Builder drainTimeout(Duration timeout) {
            settings.drainNanos = nanos("drainTimeout", timeout);
            return this;
        }

        /**
         * How many threads handle messages: by default as many as there are processors; with 0, the
         * selector thread does it itself, and a handler that waits holds up everybody.
         */
        public Builder workers(int count) {
            settings.workers = inRange("workers", count, 0, 10_000);
            settings.virtualThreads = false;
            return this;
        }

        /** Handles messages on virtual threads, as many at a time as sessions have some. Java 21. */
        public Builder virtualThreads() {
            settings.virtualThreads = true;
            return this;
        }

        /** Makes every channel and the selector. The system's by default. */
        public Builder selectorProvider(SelectorProvider provider) {
            settings.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /** The only source of time, in nanoseconds, as {@link System#nanoTime}, which is the default. */
        public Builder clock(LongSupplier nanoTime) {
            settings.clock = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /** Runs the turns of the workers, at most so many at a time. It must not refuse one. */
        Builder executor(Executor executor, int parallelism) {
            settings.executor = executor;
            settings.workers = parallelism;
            return this;
        }

        /**
         * Binds and starts. When this returns the server can be connected to.
         *
         * @throws IOException if it cannot listen at the address, with the address and the reason
         * @throws UnsupportedOperationException if virtual threads are asked for and not to be had
         * @throws IllegalStateException if there is no handler
         */
        public ReactorServer start() throws IOException {
            Settings complete = complete();
            List<String> warnings = InForce.warnings(complete, settings.maxConnections);
            ReactorServer server = new ReactorServer(complete, warnings);
            server.thread.start();
            return server;
        }

        /** Binds, and leaves it to the caller to run the loop. */
        Reactor reactor() throws IOException {
            return new Reactor(complete());
        }

        /** The settings with every default worked out. */
        private Settings complete() {
            if (settings.handler == null) {
                throw new IllegalStateException("a server needs a handler: call handler(...) first");
            }
            Settings complete = settings.clone();
            complete.handlesOpen = overrides("onOpen", Session.class);
            complete.handlesClose = overrides("onClose", Session.class, CloseReason.class);
            int affordable = Math.max(1, FileDescriptors.limit() - FileDescriptors.RESERVE);
            complete.maxConnections =
                    settings.maxConnections == 0 ? affordable : Math.min(settings.maxConnections, affordable);
            long quarter = Runtime.getRuntime().maxMemory() / 4;
            complete.replyMemory = settings.replyMemory == 0 ? quarter : settings.replyMemory;
            complete.requestMemory = settings.requestMemory == 0 ? quarter : settings.requestMemory;
            return complete;
        }

        private boolean overrides(String method, Class<?>... parameters) {
            try {
                Class<?> type = settings.handler.getClass();
                return type.getMethod(method, parameters).getDeclaringClass() != MessageHandler.class;
            } catch (NoSuchMethodException e) {
                throw new AssertionError(e); // the interface has it
            }
        }

        private static int inRange(String name, int value, int lowest, int highest) {
            return (int) inRange(name, (long) value, lowest, highest);
        }

        private static long inRange(String name, long value, long lowest, long highest) {
            if (value < lowest || value > highest) {
                throw new IllegalArgumentException(
                        "%s must be from %d to %d, not %d".formatted(name, lowest, highest, value));
            }
            return value;
        }

        private static long nanos(String name, Duration duration) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException(name + " must not be negative: " + duration);
            }
            return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
        }

        /** Deadlines stay comparable by difference (see {@link System#nanoTime}) up to 292 years. */
        private static final Duration LONGEST = Duration.ofDays(36_500);
    }
}
