package org.reactorserver;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.reactorserver.engine.Engine;
import org.reactorserver.framing.Framing;
import org.reactorserver.limit.AccessList;
import org.reactorserver.option.Durations;
import org.reactorserver.option.Figures;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import org.reactorserver.option.Values;
import org.reactorserver.session.Settings;
import org.reactorserver.text.Log;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

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
    /** How long the first client waits for the log to be set up; a log that is not read delays it no longer. */
    private static final Duration LOG_SET_UP = Duration.ofMillis(500);

    private final Engine engine;
    private final Duration drainTimeout;
    private final InetSocketAddress address;
    private final Settings settings;
    private final List<Notice> notices;
    private final Thread thread;
    private final int number; // among the servers that have no name
    private final Extensions extensions;

    private ReactorServer(Settings settings, Duration drainTimeout, int number, Extensions extensions)
            throws IOException {
        this.extensions = extensions;
        this.drainTimeout = drainTimeout;
        this.settings = settings;
        this.engine = new Engine(settings);
        this.address = engine.address();
        this.notices = InForce.notices(settings, address);
        this.number = number;
        this.thread = new Thread(this::run, settings.threadNames() + "selector");
    }

    private void run() {
        try {
            logValuesInForce();
            Log.flush(LOG_SET_UP);
        } finally { // whatever is the matter with logging
            try {
                engine.run();
            } finally {
                ThreadNames.giveBack(number);
            }
        }
    }

    private void logValuesInForce() {
        try {
            inForce().forEach((name, value) -> LOG.info("{}: {}", name, value));
        } catch (IOException e) {
            LOG.warn("the values in force cannot be told: {}", e.toString());
        }
        notices.forEach(notice -> LOG.warn("{}", notice));
    }

    /** A builder for a server whose messages are framed like this, in both directions. */
    public static Builder builder(Framing framing) {
        return new Builder(framing);
    }

    /**
     * The first TCP address that the server listens at, with the port that the system chose if 0 was set. Null if there
     * is none.
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * The TCP port that the server listens at.
     *
     * @throws IllegalStateException if it listens at no TCP port
     */
    public int port() {
        if (address == null) {
            throw new IllegalStateException("it listens at no TCP port, but at " + listening());
        }
        return address.getPort();
    }

    /** All endpoints that it listens at, as {@code 127.0.0.1:8888} or {@code unix:/run/server.sock}. */
    public List<String> listening() {
        return engine.bounds().stream().map(Object::toString).toList();
    }

    /** Replaces the access list of the builder for new connections; sessions stay. */
    public void setClients(AccessList clients) {
        engine.setClients(Objects.requireNonNull(clients, "setClients(null): expected an access list"));
    }

    /**
     * Reads the files of certificates and keys again, soon, as the server does every ten seconds anyway. If they are
     * wrong, the old ones stay in use, which is logged. Without TLS, or with an SSLContext, it does nothing.
     *
     * @return completed when that is done
     */
    public CompletableFuture<Void> reloadTls() {
        return engine.reloadTls();
    }

    /**
     * Runs this on the selector thread at this interval, for the first time soon: for a watchdog, since a selector
     * thread that is stuck, or has ended, does not run it. It must return at once; if it throws, that is logged.
     *
     * @throws IllegalArgumentException if the time is not more than zero
     */
    public void heartbeat(Duration every, Runnable beat) {
        Objects.requireNonNull(every, "heartbeat(null, ...): expected a time");
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("a heartbeat's time must be more than zero, not " + every);
        }
        engine.heartbeat(
                Durations.nanos(every), Objects.requireNonNull(beat, "heartbeat(..., null): expected what to do"));
    }

    /**
     * The sessions that are served: from {@link SessionHandler#onOpen} until the connection is closed. A view that
     * changes with them; any thread may iterate over it at any time, and it cannot be modified.
     */
    public Set<Session> sessions() {
        return engine.sessions();
    }

    /** The group of this name, see {@link Group}; the same name gives the same group. */
    public Group group(String name) {
        return engine.group(name);
    }

    /** The group of all {@link #sessions}, whose members cannot be changed. */
    public Group everyone() {
        return engine.everyone();
    }

    /** Adds an observer to those of the builder; of what began before, it sees the rest only. */
    public void observe(ServerObserver observer) {
        engine.observe(Objects.requireNonNull(observer, "observe(null): expected an observer"));
    }

    /** Information for operators, and for metrics. */
    public Inspection inspection() {
        return engine.inspection();
    }

    /** The counters as they are now. */
    public ServerStats stats() {
        return engine.stats();
    }

    /**
     * The values in force, by what they concern, for a person to read; socket options as the kernel has them.
     *
     * @throws IOException if the sockets cannot be asked
     */
    public Map<String, String> inForce() throws IOException {
        return InForce.describe(settings, engine);
    }

    /** Settings that are not fully in force, and what would change that; a line each. */
    public List<String> warnings() {
        return notices.stream().map(Notice::text).toList();
    }

    /** The same with the kind of each, for programs. */
    public List<Notice> notices() {
        return notices;
    }

    /**
     * Shuts down without loss: accepts what is pending and then no more, answers what has arrived,
     * writes the replies and closes. Clients that have connected and not sent anything are given a
     * second for it, or half of the timeout if that is less. Waits until that is done; what is not done within
     * the timeout is cut off. Then waits until the extensions have ended, for five seconds at most. In a handler, which
     * it would wait for, use {@link #drainAsync}.
     *
     * <p>A second call, also from another thread, waits for the first one and returns the same report.
     *
     * @param timeout how long it may take at most; zero cuts off at once
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if the server has ended by an error, which is the cause
     */
    public DrainReport drain(Duration timeout) {
        Objects.requireNonNull(timeout, "drain(null): expected a timeout, or drain()");
        refuseToWaitForItself("drain(" + timeout + ")");
        drainAsync(timeout);
        return awaitAll();
    }

    private DrainReport awaitAll() {
        try {
            return engine.awaitEnd();
        } finally {
            extensions.awaitEnd();
        }
    }

    private void refuseToWaitForItself(String call) {
        if (engine.needsCaller()) {
            throw new IllegalStateException("%s on %s would wait for itself: expected another thread, or drainAsync"
                    .formatted(call, Thread.currentThread().getName()));
        }
    }

    /**
     * The same without waiting, so that any thread may call it, handlers included: {@code
     * server.drainAsync(timeout).thenRun(() -> System.exit(0))} ends the process when all is done; a handler that
     * calls {@code System.exit} itself would prevent that.
     *
     * @return as {@link #whenClosed}
     * @throws IllegalArgumentException if the timeout is negative
     */
    public CompletableFuture<DrainReport> drainAsync(Duration timeout) {
        Objects.requireNonNull(timeout, "drainAsync(null): expected a timeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be zero or more, not " + timeout);
        }
        engine.drain(Duration.ofNanos(Durations.nanos(timeout)));
        return whenClosed();
    }

    /**
     * Waits until the server has ended, by {@link #drain()}, {@link #close} or an error, and its extensions, as
     * {@link #drain(Duration)} does; not to be called on its own threads, for which there is {@link #whenClosed}.
     *
     * @throws IllegalStateException if the server has ended by an error, which is the cause
     */
    public DrainReport awaitEnd() {
        refuseToWaitForItself("awaitEnd()");
        return awaitAll();
    }

    /** Whether it has not ended yet, by a drain or by an error. */
    public boolean isRunning() {
        return engine.isRunning();
    }

    /**
     * Completed when the server has ended: with the drain's report, or exceptionally with the error that ended it.
     * Dependent actions run on the selector thread unless they are asynchronous.
     */
    public CompletableFuture<DrainReport> whenClosed() {
        return engine.closed();
    }

    /** The same as {@link #drain(Duration)} with the builder's {@link Builder#drainTimeout}. */
    public DrainReport drain() {
        return drain(drainTimeout);
    }

    /** The same as {@link #drain()}; in a handler, or on the selector thread, it begins the drain and does not wait. */
    @Override
    public void close() {
        drainAsync(drainTimeout);
        if (!engine.needsCaller()) {
            awaitAll();
        }
    }

    /** Describes a server; every value but the framing and the handler has a default. Not thread-safe. */
    public static final class Builder extends BuilderOptions<Builder> {
        private final Framing framing;
        private Values values = Values.NONE;
        private final List<Listen> listens = new ArrayList<>();
        private Tls tls; // null: as the options tell
        private SessionHandler<?> handler;
        private BiFunction<CloseReason, String, ?> errorReplies; // null: as the kind of handler tells
        private final List<ServerObserver> observers = new ArrayList<>();
        private final List<Extension> extensions = new ArrayList<>();
        private InetSocketAddress announceTo;
        private SelectorProvider provider = SelectorProvider.provider();
        private LongSupplier clock = System::nanoTime;
        private Executor executor;
        private CallContext around; // null: nothing
        private String name; // null: none

        private Builder(Framing framing) {
            this.framing = Objects.requireNonNull(framing, "builder(null): expected a framing");
        }

        @Override
        public <T> Builder set(Option<T> option, T value) {
            Objects.requireNonNull(option, "set(null, ...): expected an option");
            values = values.with(option, value);
            return this;
        }

        /**
         * The handler of messages that are texts. This, or one of the next three, is required; the last one counts.
         */
        public Builder handler(MessageHandler handler) {
            return handledBy(handler, "handler");
        }

        /** The handler of messages that are bytes. */
        public Builder binaryHandler(BinaryHandler handler) {
            return handledBy(handler, "binaryHandler");
        }

        /** The handler that answers texts, at once or later; replies leave in the order of the messages. */
        public Builder asyncHandler(AsyncHandler handler) {
            return handledBy(handler, "asyncHandler");
        }

        /** The handler that answers bytes, at once or later; replies leave in the order of the messages. */
        public Builder asyncBinaryHandler(AsyncBinaryHandler handler) {
            return handledBy(handler, "asyncBinaryHandler");
        }

        private Builder handledBy(SessionHandler<?> given, String method) {
            handler = Objects.requireNonNull(given, () -> method + "(null): expected a handler");
            return this;
        }

        /**
         * What a peer is sent before its session is ended for a fault, in place of {@code "error: " + problem}: a
         * function of the reason and the problem, in a few words of English, that returns the text to send, or null for
         * none. It is called on a worker or on the selector thread, and has to return at once. By default nothing is
         * sent if messages are bytes.
         */
        public Builder errorReplies(BiFunction<CloseReason, String, String> replies) {
            errorReplies = Objects.requireNonNull(
                    replies, "errorReplies(null): expected a function; (why, problem) -> null tells nothing");
            return this;
        }

        /** The same for peers that expect bytes. */
        public Builder binaryErrorReplies(BiFunction<CloseReason, String, byte[]> replies) {
            errorReplies = Objects.requireNonNull(
                    replies, "binaryErrorReplies(null): expected a function; (why, problem) -> null tells nothing");
            return this;
        }

        /**
         * Adds an observer to those given before; none by default. If it throws, that is logged and has no other
         * effect.
         */
        public Builder observer(ServerObserver observer) {
            observers.add(Objects.requireNonNull(observer, "observer(null): expected an observer"));
            return this;
        }

        /**
         * Adds an extension to those given before: the admin endpoint, metrics, or one of your own. An extension
         * belongs to one server only.
         */
        public Builder with(Extension extension) {
            extensions.add(Objects.requireNonNull(extension, "with(null): expected an extension"));
            return this;
        }

        /** Announces the server once a second by UDP at this address, which may be a broadcast one. */
        public Builder announceTo(InetSocketAddress target) {
            if (target != null && target.isUnresolved()) {
                throw new IllegalArgumentException("announceTo must be an address, and " + target + " is none");
            }
            announceTo = target;
            return this;
        }

        /**
         * What the names of the server's threads begin with: {@code NAME-selector}, {@code NAME-worker-1}. Without a
         * name they are {@code selector} and {@code worker-1}; those of further servers that have none and run at the
         * same time in this JVM begin with {@code server-2-} and so on.
         */
        public Builder name(String name) {
            if (Objects.requireNonNull(name, "name(null): expected a name").isBlank()) {
                throw new IllegalArgumentException("name('%s'): expected a name that can be seen".formatted(name));
            }
            this.name = name;
            return this;
        }

        /** Wraps each call of the handler; by default there is no wrapper. */
        public Builder around(CallContext context) {
            around = Objects.requireNonNull(context, "around(null): expected a context");
            return this;
        }

        /** Makes every channel and the selector. The system's by default. */
        public Builder selectorProvider(SelectorProvider provider) {
            this.provider = Objects.requireNonNull(provider, "selectorProvider(null): expected a provider");
            return this;
        }

        /** The only source of time, in nanoseconds, as {@link System#nanoTime}, which is the default. */
        public Builder clock(LongSupplier nanoTime) {
            clock = Objects.requireNonNull(nanoTime, "clock(null): expected a clock, as System::nanoTime");
            return this;
        }

        /**
         * Handles messages on these threads; the executor is not shut down with the server.
         *
         * @param parallelism how many handlers it can run at a time, at least 1; it must not refuse one
         */
        public Builder executor(Executor executor, int parallelism) {
            this.executor = Objects.requireNonNull(executor, "executor(null, ...): expected an executor");
            if (parallelism < 1) {
                throw new IllegalArgumentException(
                        "executor(..., %d): expected how many handlers it runs at a time, 1 or more"
                                .formatted(parallelism));
            }
            return workers(parallelism);
        }

        /**
         * Listens there too; the first of several endpoints is the server's {@link ReactorServer#address}. With
         * any, {@link #host} and {@link #port} mean nothing.
         */
        public Builder listen(Endpoint endpoint) {
            Objects.requireNonNull(endpoint, "listen(null): expected an endpoint");
            return listen(new Listen(endpoint, false, false));
        }

        /** The same, with what is spoken there before messages; for endpoints that differ in that. */
        public Builder listen(Listen place) {
            listens.add(Objects.requireNonNull(place, "listen(null): expected a place"));
            return this;
        }

        /**
         * Speaks TLS 1.3, or 1.2 with a client that has no better: at the endpoints that say so, or, if none does, at
         * all. Files are read when the server starts, and again whenever what they say has changed.
         */
        public Builder tls(Tls keys) {
            tls = Objects.requireNonNull(keys, "tls(null): expected keys");
            return this;
        }

        /** The same, with an SSLContext as Conscrypt or a FIPS provider makes it. */
        public Builder tls(SSLContext context) {
            return tls(Tls.of(context));
        }

        /** The same, asked anew for each connection, on the selector thread: it is to return at once. */
        public Builder tls(Supplier<SSLContext> contexts) {
            return tls(Tls.of(contexts));
        }

        /**
         * Binds and starts. When this returns the server can be connected to.
         *
         * @throws java.net.UnknownHostException if there is no such host
         * @throws org.reactorserver.wire.ListenException if it cannot listen at the address, with the reason
         * @throws IOException if anything else that it needs of the system cannot be had, or an extension cannot begin
         * @throws OptionException if two of the values cannot be had together
         * @throws UnsupportedOperationException if virtual threads are asked for and not to be had
         * @throws IllegalStateException if there is no handler
         */
        public ReactorServer start() throws IOException {
            Extensions attached = new Extensions(extensions);
            int number = name == null ? ThreadNames.take() : ThreadNames.NONE;
            try {
                String threadNames = name == null ? ThreadNames.of(number) : name + "-";
                LongSupplier time = attached.clock(clock);
                Settings settings = settings(attached.attach(figures(), time), time, threadNames);
                ReactorServer server = new ReactorServer(settings, values.get(Options.DRAIN_TIMEOUT), number, attached);
                attached.accompany(server.inspection(), server.whenClosed());
                server.thread.start();
                return server;
            } catch (IOException | RuntimeException | Error e) {
                attached.end();
                ThreadNames.giveBack(number);
                throw e;
            }
        }

        /**
         * The same without a thread of its own, without extensions and without a word in the log: what the selector
         * thread does is given to the executor, which has to run it on one. For the test kit: no part of the contract.
         *
         * @throws IOException as {@link #start}
         */
        public ReactorServer startOn(Executor selectorThread) throws IOException {
            ReactorServer server = new ReactorServer(
                    settings(), values.get(Options.DRAIN_TIMEOUT), ThreadNames.NONE, new Extensions(List.of()));
            selectorThread.execute(server.engine::run);
            return server;
        }

        /**
         * What the options come to, with every default worked out.
         *
         * @throws OptionException if two of the values cannot be had together
         */
        public Figures figures() {
            return new Figures(values, FileDescriptors.limit());
        }

        /**
         * The settings with every default worked out, for code that runs the engine's loop itself. Not for
         * users of the library: the engine is no part of the contract. Without what extensions add.
         *
         * @throws OptionException if two of the values cannot be had together
         * @throws IllegalStateException if there is no handler
         */
        public Settings settings() {
            return settings(List.of(), clock, "");
        }

        private Settings settings(List<ServerObserver> ofExtensions, LongSupplier time, String threadNames) {
            List<ServerObserver> all = new ArrayList<>(observers);
            all.addAll(ofExtensions);
            if (handler == null) {
                throw new IllegalStateException("a server needs a handler: call handler(...) first");
            }
            return new Settings(
                    new Settings.Parts(
                            framing,
                            handler,
                            all,
                            listens,
                            tls,
                            announceTo,
                            provider,
                            time,
                            executor,
                            errorReplies,
                            around,
                            threadNames),
                    values,
                    FileDescriptors.limit());
        }
    }
}
