package org.reactorserver;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.Charset;
import java.nio.file.Path;
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
import org.reactorserver.admin.Admin;
import org.reactorserver.engine.Engine;
import org.reactorserver.framing.Framing;
import org.reactorserver.guest.FlightEvents;
import org.reactorserver.limit.AccessList;
import org.reactorserver.limit.Cidr;
import org.reactorserver.option.Durations;
import org.reactorserver.option.Figures;
import org.reactorserver.option.InvalidUtf8;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import org.reactorserver.option.ProxyProtocol;
import org.reactorserver.option.Values;
import org.reactorserver.option.WorkerCount;
import org.reactorserver.page.Stage;
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
    /** How long the first client waits for the log to be set up; a log that nobody reads holds it up no longer. */
    private static final Duration LOG_SET_UP = Duration.ofMillis(500);

    private final Engine engine;
    private final Duration drainTimeout;
    private final InetSocketAddress address;
    private final Settings settings;
    private final List<Notice> notices;
    private final Thread thread;
    private final Admin admin; // null if there is none
    private final int number; // among the servers that have no name

    private ReactorServer(Settings settings, Duration drainTimeout, Admin admin, int number) throws IOException {
        this.drainTimeout = drainTimeout;
        this.settings = settings;
        this.engine = new Engine(settings);
        this.address = engine.address();
        this.notices = InForce.notices(settings, address);
        this.number = number;
        this.thread = new Thread(this::run, settings.threadNames() + "selector");
        this.admin = admin;
        if (admin != null) {
            inspection().turns().thenRun(() -> admin.start(inspection())); // in the first pass: nobody waits for it
            whenClosed().whenComplete((report, failure) -> new Thread(admin::close, "admin").start());
        }
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

    /** Starts to describe a server whose messages are framed like this, in both directions. */
    public static Builder builder(Framing framing) {
        return new Builder(framing);
    }

    /**
     * The first TCP address that is listened at, with the port that was given by the system if 0 was asked for. Null if
     * there is none.
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * The port that is listened at.
     *
     * @throws IllegalStateException if it listens at no TCP port
     */
    public int port() {
        if (address == null) {
            throw new IllegalStateException("it listens at no TCP port, but at " + listening());
        }
        return address.getPort();
    }

    /**
     * Where it is asked by HTTP how it is; null if that was not asked for, and in the first moments, since that is started
     * behind everything else.
     */
    public InetSocketAddress adminAddress() {
        return admin == null ? null : admin.address();
    }

    /** Everywhere that it listens, as {@code 127.0.0.1:8888} or {@code unix:/run/server.sock}. */
    public List<String> listening() {
        return engine.bounds().stream().map(Object::toString).toList();
    }

    /** From here on these may come in, in place of what the builder was told; who is in stays. */
    public void setClients(AccessList clients) {
        engine.setClients(Objects.requireNonNull(clients, "clients"));
    }

    /**
     * Has the files of the certificates and keys read again, soon, as happens every ten seconds anyway. If they are
     * wrong, the old ones stay in use, and a line in the log says so. Without TLS, or with an SSLContext, nothing.
     *
     * @return completed when that is done
     */
    public CompletableFuture<Void> reloadTls() {
        return engine.reloadTls();
    }

    /**
     * From here on the selector thread does this so often, and the first time soon: for a watchdog, since a selector
     * thread that is stuck, or has ended, does nothing any more. It must return at once; if it throws, that is logged.
     *
     * @throws IllegalArgumentException if the time is not more than zero
     */
    public void heartbeat(Duration every, Runnable beat) {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("a heartbeat's time must be more than zero, not " + every);
        }
        engine.heartbeat(Durations.nanos(every), Objects.requireNonNull(beat, "beat"));
    }

    /**
     * The sessions that are served: from {@link SessionHandler#onOpen} until the connection is closed. A view that
     * changes with them; it may be gone through by any thread at any time, and cannot be changed by it.
     */
    public Set<Session> sessions() {
        return engine.sessions();
    }

    /** The group of this name, see {@link Group}. Two of the same name are one. */
    public Group group(String name) {
        return engine.group(name);
    }

    /** The group of all {@link #sessions}, which none joins or leaves by itself. */
    public Group everyone() {
        return engine.everyone();
    }

    /** From here on this one sees what happens too, beside the builder's; of what has begun before, the rest only. */
    public void observe(ServerObserver observer) {
        engine.observe(Objects.requireNonNull(observer, "observer"));
    }

    /**
     * Has recordings of the JDK's Flight Recorder hold what happens here, from now on or from when they start: connections,
     * messages handled, pauses, long passes. Until one runs that costs nothing more, but this call loads the recorder's
     * classes, which takes some tenth of a second. Without the module {@code jdk.jfr} it does nothing.
     */
    public void awaitRecordings() {
        FlightEvents.await(this::observe);
    }

    /** What it can be asked by who looks after it, and by metrics of one's own. */
    public Inspection inspection() {
        return engine.inspection();
    }

    /** The counters as they are now. */
    public ServerStats stats() {
        return engine.stats();
    }

    /**
     * The values in force, by what they concern, for a person to read; socket options as the kernel has
     * them.
     *
     * @throws IOException if the sockets cannot be asked
     */
    public Map<String, String> inForce() throws IOException {
        return InForce.describe(settings, engine);
    }

    /** What was asked for and cannot be had in full, and what would lift the limit; a line each. */
    public List<String> warnings() {
        return notices.stream().map(Notice::text).toList();
    }

    /** The same with what each is about, for programs. */
    public List<Notice> notices() {
        return notices;
    }

    /**
     * Shuts down without loss: accepts whoever is pending and then nobody, answers what has arrived,
     * writes the replies and closes. Clients that have connected and not spoken are given a second, or
     * half of the timeout if that is less, to do so. Waits until that is done; what is not done within
     * the timeout is cut off. From a handler, which it would wait for, there is {@link #drainAsync}.
     *
     * <p>A second call, also from another thread, waits for the first one and returns the same report.
     *
     * @param timeout how long it may take at most; zero cuts off at once
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if the server has ended by an error, which is the cause
     */
    public DrainReport drain(Duration timeout) {
        refuseToWaitForItself("drain(" + timeout + ")");
        drainAsync(timeout);
        return engine.awaitEnd();
    }

    private void refuseToWaitForItself(String call) {
        if (engine.needsCaller()) {
            throw new IllegalStateException("%s on %s would wait for itself: expected another thread, or drainAsync"
                    .formatted(call, Thread.currentThread().getName()));
        }
    }

    /**
     * The same without waiting, so that any thread may call it, handlers included: {@code
     * server.drainAsync(timeout).thenRun(() -> System.exit(0))} ends the process when all is done, which a handler that
     * calls {@code System.exit} itself would keep from being done.
     *
     * @return as {@link #whenClosed}
     * @throws IllegalArgumentException if the timeout is negative
     */
    public CompletableFuture<DrainReport> drainAsync(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be zero or more, not " + timeout);
        }
        engine.drain(Duration.ofNanos(Durations.nanos(timeout)));
        return whenClosed();
    }

    /**
     * Waits until the server has ended, by {@link #drain()}, {@link #close} or an error; not on its own threads, for which
     * there is {@link #whenClosed}.
     *
     * @throws IllegalStateException if the server has ended by an error, which is the cause
     */
    public DrainReport awaitEnd() {
        refuseToWaitForItself("awaitEnd()");
        return engine.awaitEnd();
    }

    /** Whether it has not ended, be it by a drain or by an error. */
    public boolean isRunning() {
        return engine.isRunning();
    }

    /**
     * Completed when the server has ended: with the drain's report, or exceptionally with the error that ended it.
     * What is chained to it runs on the selector thread unless it is chained asynchronously.
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
            engine.awaitEnd();
        }
    }

    /** Describes a server; every value but the framing and the handler has a default. Not thread-safe. */
    public static final class Builder {
        private final Framing framing;
        private Values values = Values.NONE;
        private final List<Listen> listens = new ArrayList<>();
        private Tls tls; // null: as the options tell
        private SessionHandler<?> handler;
        private BiFunction<CloseReason, String, ?> errorReplies; // null: as the kind of handler tells
        private final List<ServerObserver> observers = new ArrayList<>();
        private InetSocketAddress announceTo;
        private SelectorProvider provider = SelectorProvider.provider();
        private LongSupplier clock = System::nanoTime;
        private Executor executor;
        private Stage stage; // null: nobody looks
        private CallContext around; // null: nothing
        private String name; // null: none

        private Builder(Framing framing) {
            this.framing = Objects.requireNonNull(framing, "framing");
        }

        /**
         * Any of the options, as the methods that are named after them do it.
         *
         * @throws OptionException if the option cannot have the value
         */
        public <T> Builder set(Option<T> option, T value) {
            values = values.with(option, value);
            return this;
        }

        /** What is done with messages that are texts. This, or one of the next three, is required; the last one counts. */
        public Builder handler(MessageHandler handler) {
            return handledBy(handler, "handler");
        }

        /** What is done with messages that are bytes. */
        public Builder binaryHandler(BinaryHandler handler) {
            return handledBy(handler, "binaryHandler");
        }

        /** What answers messages that are texts, at once or later, and in order. */
        public Builder asyncHandler(AsyncHandler handler) {
            return handledBy(handler, "asyncHandler");
        }

        /** What answers messages that are bytes, at once or later, and in order. */
        public Builder asyncBinaryHandler(AsyncBinaryHandler handler) {
            return handledBy(handler, "asyncBinaryHandler");
        }

        private Builder handledBy(SessionHandler<?> given, String method) {
            handler = Objects.requireNonNull(given, () -> method + "(null): expected a handler");
            return this;
        }

        /**
         * What a peer is told before its session is ended for a fault, in place of {@code "error: " + problem}: given
         * the reason and what is wrong, in a few words of English, it returns the text to send, or null for none. Called
         * on a worker or on the selector thread, so it is to return at once. By default nothing is told if messages are
         * bytes.
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
         * Sees what happens, beside those that were given before; nobody by default. One that throws has no effect but
         * a line in the log.
         */
        public Builder observer(ServerObserver observer) {
            observers.add(Objects.requireNonNull(observer, "observer"));
            return this;
        }

        /**
         * Shows the loop at work there, and lets it be held if the stage has a brake; the server's clock is the stage's
         * from here on. For looking, learning and teaching.
         */
        public Builder stage(Stage stage) {
            this.stage = Objects.requireNonNull(stage, "stage");
            return clock(stage.clock());
        }

        /** The address to listen at: 127.0.0.1 by default; 0.0.0.0 for all of IPv4, :: for all. */
        public Builder host(String host) {
            return set(Options.HOST, host);
        }

        /** The port to listen at: 8888 by default, 0 for any that is free. */
        public Builder port(int port) {
            return set(Options.PORT, port);
        }

        /** The permissions of Unix sockets' files; who may write may connect. 0660. */
        public Builder socketMode(int mode) {
            return set(Options.SOCKET_MODE, mode);
        }

        /** Whether every connection begins with a PROXY header that says who the client is. False. */
        public Builder proxyProtocol(boolean on) {
            return set(Options.PROXY_PROTOCOL, on ? ProxyProtocol.REQUIRE : ProxyProtocol.OFF);
        }

        /** Who may send PROXY headers. This machine. */
        public Builder proxyTrust(Cidr... proxies) {
            return set(Options.PROXY_TRUST, List.of(proxies));
        }

        /** Who may come in; nobody else may then. Everybody. */
        public Builder allow(Cidr... clients) {
            return set(Options.ALLOW, List.of(clients));
        }

        /** Who may not come in; of what is allowed and denied, the longest prefix decides. Nobody. */
        public Builder deny(Cidr... clients) {
            return set(Options.DENY, List.of(clients));
        }

        /** How many bits of an IPv6 address count as one address for limits. 64. */
        public Builder ip6Prefix(int bits) {
            return set(Options.IP6_PREFIX, bits);
        }

        /** How many connections a second one address may make; as many as it likes by default. */
        public Builder connectRatePerIp(int perSecond) {
            return set(Options.CONNECT_RATE_PER_IP, perSecond);
        }

        /** How many messages a second of one session are read and handled; no limit by default. */
        public Builder maxMessagesPerSecond(int count) {
            return set(Options.MAX_MESSAGES_PER_SECOND, count);
        }

        /** TCP_KEEPIDLE of clients, in whole seconds; turns SO_KEEPALIVE on. As the system has it. */
        public Builder keepIdle(Duration time) {
            return set(Options.KEEP_IDLE, time);
        }

        /** TCP_KEEPINTVL of clients, in whole seconds; turns SO_KEEPALIVE on. As the system has it. */
        public Builder keepIntvl(Duration time) {
            return set(Options.KEEP_INTVL, time);
        }

        /** TCP_KEEPCNT of clients; turns SO_KEEPALIVE on. As the system has it. */
        public Builder keepCnt(int count) {
            return set(Options.KEEP_CNT, count);
        }

        /** How many connections the kernel keeps for {@code accept()}; it may allow fewer. 1024. */
        public Builder backlog(int backlog) {
            return set(Options.BACKLOG, backlog);
        }

        /** Announces the server once a second by UDP at this address, which may be a broadcast one. */
        public Builder announceTo(InetSocketAddress target) {
            if (target != null && target.isUnresolved()) {
                throw new IllegalArgumentException("announceTo must be an address, and " + target + " is none");
            }
            announceTo = target;
            return this;
        }

        /** SO_REUSEADDR of the listener: whether it may be bound while old connections linger. On. */
        public Builder reuseAddress(boolean on) {
            return set(Options.REUSE_ADDRESS, on);
        }

        /** SO_REUSEPORT of the listener: whether several servers may share the port. Off. */
        public Builder reusePort(boolean on) {
            return set(Options.REUSE_PORT, on);
        }

        /** SO_KEEPALIVE of clients: whether the kernel looks for peers that are gone. Off. */
        public Builder keepAlive(boolean on) {
            return set(Options.KEEP_ALIVE, on);
        }

        /** TCP_NODELAY of clients: whether replies leave at once. On. */
        public Builder noDelay(boolean on) {
            return set(Options.NO_DELAY, on);
        }

        /** SO_SNDBUF of clients, in bytes; 0, the default, leaves it to the kernel. */
        public Builder sendBuffer(int bytes) {
            return set(Options.SEND_BUFFER, (long) bytes);
        }

        /** SO_RCVBUF of clients, in bytes; 0, the default, leaves it to the kernel. */
        public Builder receiveBuffer(int bytes) {
            return set(Options.RECEIVE_BUFFER, (long) bytes);
        }

        /** The longest message accepted, in bytes of its {@link #charset}. 64 KiB. */
        public Builder maxMessage(int bytes) {
            return set(Options.MAX_MESSAGE, (long) bytes);
        }

        /**
         * How texts are bytes, in both directions; a character is never torn, wherever the network cuts. UTF-8. Refused
         * when the server is built: a charset that cannot encode, and one whose characters the framing cannot tell apart
         * from the ends that it looks for, such as UTF-16 with line framing.
         */
        public Builder charset(Charset charset) {
            return set(Options.CHARSET, charset);
        }

        /** Whether bytes that are not UTF-8, or not of the {@link #charset}, become U+FFFD, instead of ending the session. Off. */
        public Builder replaceInvalidUtf8(boolean on) {
            return set(Options.INVALID_UTF8, on ? InvalidUtf8.REPLACE : InvalidUtf8.REJECT);
        }

        /**
         * How many connections may be open at a time; more are told so and closed. By default, and at
         * most, as many as the process may have file descriptors, less 32.
         */
        public Builder maxConnections(int count) {
            return set(Options.MAX_CONNECTIONS, count);
        }

        /** How many connections may be open at a time from one address. No limit by default. */
        public Builder maxConnectionsPerIp(int count) {
            return set(Options.MAX_CONNECTIONS_PER_IP, count);
        }

        /** How many sessions are served at a time; the others wait in order of arrival. All. */
        public Builder activeSessions(int count) {
            return set(Options.ACTIVE_SESSIONS, count);
        }

        /** How long the place of a session stays empty after its end. Zero by default. */
        public Builder sessionGap(Duration gap) {
            return set(Options.SESSION_GAP, gap);
        }

        /** How many connections are accepted before those who are in are looked after again. 64. */
        public Builder acceptsPerPass(int count) {
            return set(Options.ACCEPTS_PER_PASS, count);
        }

        /** How many messages of a session a worker handles before it turns to another one. 64. */
        public Builder messagesPerTurn(int count) {
            return set(Options.MESSAGES_PER_TURN, count);
        }

        /** Whether a last line counts that the stream ends without its line feed; for line framing. Off. */
        public Builder lastLine(boolean on) {
            return set(Options.LAST_LINE, on);
        }

        /**
         * How much may wait for a session's worker before no more of it is read, in bytes of heap: two for each
         * character, and 64 more for each message. A single message may be longer. 65,536.
         */
        public Builder laneLimit(int bytes) {
            return set(Options.LANE_LIMIT, (long) bytes);
        }

        /**
         * How much may wait for a session's peer before no more of its messages are read and handled, in bytes of
         * heap: each reply counts for 32 more than its length. 64 KiB.
         */
        public Builder highWater(int bytes) {
            return set(Options.HIGH_WATER, (long) bytes);
        }

        /**
         * How much may wait for a session's peer at all, in bytes of heap; a session that would exceed it is ended. Up
         * to the high water a single reply may be longer. Half of {@link #replyMemory} by default.
         */
        public Builder outboxLimit(long bytes) {
            return set(Options.OUTBOX_LIMIT, bytes);
        }

        /**
         * How many bytes of heap the replies may take up that wait for all peers together. When it is more, a session
         * may hold an equal share; if that frees nothing for a second, the largest holder is ended. A quarter of the
         * heap by default.
         */
        public Builder replyMemory(long bytes) {
            return set(Options.REPLY_MEMORY, bytes);
        }

        /**
         * How many bytes of heap may be held for all sessions together that are not decoded yet: unfinished messages,
         * and messages for which a lane has no room. When it is more, the same happens as with {@link #replyMemory}. A
         * quarter of the heap by default.
         */
        public Builder requestMemory(long bytes) {
            return set(Options.REQUEST_MEMORY, bytes);
        }

        /**
         * How many bytes of heap the messages of all sessions may take up that wait for a worker, those of lost
         * sessions included. When it is more, the same happens as with {@link #replyMemory}. A quarter of the heap by
         * default.
         */
        public Builder messageMemory(long bytes) {
            return set(Options.MESSAGE_MEMORY, bytes);
        }

        /**
         * How many requests of all sessions may be held for a later reply ({@link Session#hold}) before the sessions
         * that hold some are not read. 65,536.
         */
        public Builder maxHeld(int count) {
            return set(Options.MAX_HELD, count);
        }

        /** How many requests of a session may be held for a later reply before no more of it are read. 1,024. */
        public Builder maxHeldPerSession(int count) {
            return set(Options.MAX_HELD_PER_SESSION, count);
        }

        /**
         * How long a session may exchange no byte while nothing waits to be handled, answered or written; then it is ended
         * in order. Zero, the default, is for ever.
         */
        public Builder idleTimeout(Duration timeout) {
            return set(Options.IDLE_TIMEOUT, timeout);
        }

        /**
         * How long the rest of a message may take to arrive after its first byte; time in which the server did not read
         * does not count. Zero is for ever. 30 s.
         */
        public Builder messageTimeout(Duration timeout) {
            return set(Options.MESSAGE_TIMEOUT, timeout);
        }

        /** How long a peer may take none of the bytes that wait for it. Zero is for ever. 30 s. */
        public Builder writeTimeout(Duration timeout) {
            return set(Options.WRITE_TIMEOUT, timeout);
        }

        /**
         * How long a session that the server ends waits for the peer to end it too, so that no reply is
         * lost to a reset. 2 s.
         */
        public Builder lingerTimeout(Duration timeout) {
            return set(Options.LINGER_TIMEOUT, timeout);
        }

        /**
         * How long the server goes on serving when a drain is asked for, before the drain begins; meanwhile it says that it
         * is {@linkplain Inspection#isStopping stopping}, so that balancers send nobody any more. A drain that may take no
         * time is not delayed. Zero.
         */
        public Builder drainDelay(Duration delay) {
            return set(Options.DRAIN_DELAY, delay);
        }

        /**
         * A pass of the selector thread that takes longer than this, and holds up everybody, is told to the log with what it
         * and those before it did, once a second at most. Zero: none is. 250 ms.
         */
        public Builder stallAfter(Duration time) {
            return set(Options.STALL_AFTER, time);
        }

        /**
         * Answers by HTTP there how it is: {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /sessions}, {@code
         * /doctor}; on threads of its own, soon after the start. Needs the JDK's module {@code jdk.httpserver}. Nowhere by
         * default.
         *
         * @param place a TCP endpoint, at an address of this machine's alone unless {@link #adminRemote} is set; with port
         *     0 the log says where it is
         */
        public Builder admin(Endpoint place) {
            return set(Options.ADMIN, place);
        }

        /** Whether {@link #admin} may be an address that others reach: whoever does may read everything there. False. */
        public Builder adminRemote(boolean on) {
            return set(Options.ADMIN_REMOTE, on);
        }

        /** By which names {@link #admin} may be called, beside IP addresses and localhost. None. */
        public Builder adminHosts(String... names) {
            return set(Options.ADMIN_HOSTS, List.of(names));
        }

        /**
         * Whoever sends the first line of this file, of 16 characters or more, may end sessions by {@link #admin}. By
         * default nobody.
         */
        public Builder adminTokenFile(Path file) {
            return set(Options.ADMIN_TOKEN_FILE, file.toString());
        }

        /** How long {@link ReactorServer#drain()} may take. 10 s. */
        public Builder drainTimeout(Duration timeout) {
            return set(Options.DRAIN_TIMEOUT, timeout);
        }

        /**
         * How many threads handle messages: by default as many as there are processors; with 0, the
         * selector thread does it itself, and a handler that waits holds up everybody.
         */
        public Builder workers(int count) {
            return set(Options.WORKERS, WorkerCount.of(count));
        }

        /** Handles messages on virtual threads, as many at a time as sessions have some. Java 21. */
        public Builder virtualThreads() {
            return set(Options.WORKERS, WorkerCount.VIRTUAL);
        }

        /**
         * What the names of the server's threads begin with: {@code NAME-selector}, {@code NAME-worker-1}. Without a
         * name they are {@code selector} and {@code worker-1}; those of further servers that have none and run at the
         * same time in this JVM begin with {@code server-2-} and so on.
         */
        public Builder name(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("name('%s'): expected a name that can be seen".formatted(name));
            }
            this.name = name;
            return this;
        }

        /** Around each call of the handler this is done; nothing by default, which costs nothing. */
        public Builder around(CallContext context) {
            around = Objects.requireNonNull(context, "around(null): expected a context");
            return this;
        }

        /** Makes every channel and the selector. The system's by default. */
        public Builder selectorProvider(SelectorProvider provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /** The only source of time, in nanoseconds, as {@link System#nanoTime}, which is the default. */
        public Builder clock(LongSupplier nanoTime) {
            clock = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /**
         * Handles messages on these threads; the executor is not shut down with the server.
         *
         * @param parallelism how many handlers it can run at a time, at least 1; it must not refuse one
         */
        public Builder executor(Executor executor, int parallelism) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return workers(parallelism);
        }

        /**
         * Listens there too; the first of several endpoints is the server's {@link ReactorServer#address}. With
         * any, {@link #host} and {@link #port} mean nothing.
         */
        public Builder listen(Endpoint endpoint) {
            return listen(new Listen(endpoint, false, false));
        }

        /** The same, with what is spoken there before messages; for endpoints that differ in that. */
        public Builder listen(Listen place) {
            listens.add(Objects.requireNonNull(place, "place"));
            return this;
        }

        /**
         * Speaks TLS 1.3, or 1.2 with a client that has no better: at the endpoints that say so, or, if none does, at
         * all. Files are read when the server starts, and again whenever what they say has changed.
         */
        public Builder tls(Tls keys) {
            tls = Objects.requireNonNull(keys, "keys");
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

        /** How long a client has for its PROXY header and its handshake together. Zero is for ever. 10 s. */
        public Builder handshakeTimeout(Duration timeout) {
            return set(Options.HANDSHAKE_TIMEOUT, timeout);
        }

        /**
         * Binds and starts. When this returns the server can be connected to.
         *
         * @throws java.net.UnknownHostException if there is no such host
         * @throws org.reactorserver.wire.ListenException if it cannot listen at the address, with the reason
         * @throws IOException if anything else that it needs of the system cannot be had
         * @throws OptionException if two of the values cannot be had together
         * @throws UnsupportedOperationException if virtual threads are asked for and not to be had
         * @throws IllegalStateException if there is no handler
         */
        public ReactorServer start() throws IOException {
            boolean hasAdmin = values.has(Options.ADMIN);
            Stage shown = stage == null && hasAdmin ? new Stage(clock) : stage;
            Admin admin = hasAdmin ? new Admin(figures(), clock, shown) : null;
            List<ServerObserver> guests = new ArrayList<>();
            if (admin != null) {
                guests.add(admin.observer());
            }
            if (shown != null) {
                guests.add(shown.observer()); // last: it may hold the loop
            }
            int number = name == null ? ThreadNames.take() : ThreadNames.NONE;
            try {
                String threadNames = name == null ? ThreadNames.of(number) : name + "-";
                ReactorServer server = new ReactorServer(
                        settings(guests, threadNames), values.get(Options.DRAIN_TIMEOUT), admin, number);
                if (shown != null) {
                    server.whenClosed().whenComplete((report, failure) -> shown.close());
                }
                server.thread.start();
                return server;
            } catch (IOException | RuntimeException | Error e) {
                ThreadNames.giveBack(number);
                throw e;
            }
        }

        /**
         * The same without a thread of its own and without a word in the log: what the selector thread does is given to
         * the executor, which has to run it on one. For the test kit: no part of the contract.
         *
         * @throws IOException as {@link #start}
         */
        public ReactorServer startOn(Executor selectorThread) throws IOException {
            ReactorServer server =
                    new ReactorServer(settings(), values.get(Options.DRAIN_TIMEOUT), null, ThreadNames.NONE);
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
         * The settings with every default worked out, for those who run the engine's loop themselves. Not for
         * users of the library: the engine is no part of the contract.
         *
         * @throws OptionException if two of the values cannot be had together
         * @throws IllegalStateException if there is no handler
         */
        public Settings settings() {
            return settings(stage == null ? List.of() : List.of(stage.observer()), "");
        }

        private Settings settings(List<ServerObserver> guests, String threadNames) {
            List<ServerObserver> all = new ArrayList<>(observers);
            all.addAll(guests);
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
                            clock,
                            executor,
                            errorReplies,
                            around,
                            threadNames),
                    values,
                    FileDescriptors.limit());
        }
    }
}
