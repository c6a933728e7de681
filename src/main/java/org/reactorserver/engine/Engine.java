package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.reactorserver.CloseReason;
import org.reactorserver.DrainReport;
import org.reactorserver.Group;
import org.reactorserver.Inspection;
import org.reactorserver.ServerObserver;
import org.reactorserver.ServerStats;
import org.reactorserver.Session;
import org.reactorserver.crossing.WorkerThreads;
import org.reactorserver.crossing.Workers;
import org.reactorserver.guest.Beacon;
import org.reactorserver.guest.GuardedObserver;
import org.reactorserver.guest.Heartbeat;
import org.reactorserver.guest.LoopNews;
import org.reactorserver.limit.AccessList;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;
import org.reactorserver.session.Settings;
import org.reactorserver.session.Shared;
import org.reactorserver.session.Stats;
import org.reactorserver.text.Addresses;
import org.reactorserver.wire.Bound;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Listening;
import org.reactorserver.wire.ProxyException;
import org.reactorserver.wire.UnixPeer;

/** One running server: its parts and how they are wired. Loop only, but for what says otherwise. */
public final class Engine {
    /** What a pass may spend on ready keys, and on settling, before it looks for what has become ready since. */
    private static final long QUANTUM_NANOS = 300_000;

    /** How many of them are logged when the selector thread has died. */
    private static final int LAST_PASSES = 20;

    private final Settings settings;
    private final EventLoop loop;
    private final Shared shared;
    private final Workers workers;
    private final Executor executor;
    private final GuardedObserver observer;
    private final List<Listener> listeners = new ArrayList<>();
    private final TlsKeys tlsKeys; // null without TLS
    private final CompletableFuture<DrainReport> closed = new CompletableFuture<>();
    private Drain drain; // null while there is none
    private volatile boolean stopping; // any thread: it is to end

    // guarded by this
    private boolean ended;
    private Throwable failure; // what ended the loop, or null
    private DrainReport report; // null if it ended by a failure

    /**
     * Any thread: binds the listeners, opens the selector and starts the workers; the loop does not run yet.
     *
     * @throws IOException if that fails, with the reason; nothing is left open then
     */
    public Engine(Settings settings) throws IOException {
        this(settings, null);
    }

    /**
     * The same.
     *
     * @param tlsTasks what the costly part of handshakes runs on; null: the server makes its own
     */
    Engine(Settings settings, Executor tlsTasks) throws IOException {
        this.settings = settings;
        new CompletableFuture<Void>().complete(null); // loads what the end needs, when there may be no memory for it
        List<Closeable> opened = new ArrayList<>();
        try {
            this.executor = settings.executor != null ? settings.executor : makeExecutor(opened);
            Listening listening =
                    new Listening(settings.backlog, settings.reuseAddress, settings.reusePort, settings.receiveBuffer);
            List<Bound> bounds = new ArrayList<>();
            for (Listen listen : settings.listens) {
                Bound bound = listening.bind(settings.provider, listen.endpoint());
                bounds.add(bound);
                opened.add(() -> {
                    bound.close();
                    bound.removeFile();
                });
            }
            this.observer = new GuardedObserver(settings.observers, settings.clock);
            this.loop = new EventLoop(settings.provider, settings.clock, new LoopNews(observer));
            opened.add(loop);
            loop.setQuantum(QUANTUM_NANOS);
            loop.setStallAfter(settings.stallNanos);
            int parallelism = settings.workers.isVirtual() ? Integer.MAX_VALUE : settings.workers.threads();
            this.workers = new Workers(executor, parallelism, observer::handedOff, settings.clock, loop.timers());
            loop.setHandOff(workers);
            this.shared = new Shared(settings, observer, loop, workers, new Relief(this::shared).remedies());
            shared.isObserved = observer::hasAny;
            this.tlsKeys = settings.tls == null ? null : new TlsKeys(loop, settings.tls, tlsTasks);
            if (tlsKeys != null) {
                opened.add(tlsKeys);
                tlsKeys.start();
            }
            for (int i = 0; i < bounds.size(); i++) {
                Listen listen = settings.listens.get(i);
                Door door = new Door(listen, listen.tls() ? tlsKeys : null);
                Listener listener = new Listener(shared, bounds.get(i), client -> admit(client, door));
                loop.register(bounds.get(i).channel(), SelectionKey.OP_ACCEPT, listener);
                listeners.add(listener);
            }
            if (settings.announceTo != null && address() == null) {
                throw new IOException("a server is announced by its TCP port, and it listens at none");
            }
            if (settings.announceTo != null) {
                new Beacon(loop, settings.provider, settings.announceTo, address(), settings.spoken()).start();
            }
        } catch (IOException | RuntimeException | Error e) {
            closeAll(opened, e);
            throw e;
        }
    }

    private static void closeAll(List<Closeable> opened, Throwable cause) {
        for (Closeable each : opened) {
            try {
                each.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private Executor makeExecutor(List<Closeable> opened) throws IOException {
        int threads = settings.workers.threads();
        if (threads == 0) {
            return WorkerThreads.none();
        }
        ExecutorService made = settings.workers.isVirtual()
                ? WorkerThreads.virtual(settings.threadNames())
                : WorkerThreads.pool(threads, settings.threadNames());
        opened.add(made::shutdown);
        return made;
    }

    // ---- for any thread

    /** Any thread: where it listens, in the order in which that was told. */
    public List<Bound> bounds() {
        return listeners.stream().map(Listener::bound).toList();
    }

    /** Any thread: the first TCP address that is listened at; null if there is none. */
    public InetSocketAddress address() {
        return bounds().stream()
                .map(Bound::address)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Any thread: replaces the access list, from now on, for connections not yet admitted; sessions stay. */
    public void setClients(AccessList clients) {
        shared.admission.setClients(clients);
    }

    /** Any thread: the access list. */
    public AccessList clients() {
        return shared.admission.clients();
    }

    /** Any thread: the TLS protocol and certificates, for a person; null without TLS. */
    public String tls() {
        return tlsKeys == null ? null : tlsKeys.shown();
    }

    /** Any thread: has the files of the certificates and keys read again, soon; without TLS nothing. */
    public CompletableFuture<Void> reloadTls() {
        return tlsKeys == null ? CompletableFuture.completedFuture(null) : tlsKeys.reload();
    }

    /** Any thread: from here on the loop does this so often, and the first time soon. */
    public void heartbeat(long everyNanos, Runnable beat) {
        loop.execute(new Heartbeat(loop, everyNanos, beat)::start);
    }

    /** Any thread: the loop. */
    public EventLoop loop() {
        return loop;
    }

    /** Any thread: whether the end, which is still to come, would wait for the caller: the loop, or a worker. */
    public boolean needsCaller() {
        return (loop.inLoop() || workers.isCaller()) && isRunning();
    }

    /** Runs the loop, on the thread that is its own from here on, until the server has ended. */
    public void run() {
        loop.run(this::onLoopEnd);
    }

    /** Any thread: the counters as they are now. */
    public ServerStats stats() {
        return Stats.of(shared);
    }

    /** Any thread: the sessions that are served now; changes with them. */
    public Set<Session> sessions() {
        return shared.groups.sessions();
    }

    /** Any thread: the group of all of them. */
    public Group everyone() {
        return shared.groups.all();
    }

    /** Any thread: the group of this name. */
    public Group group(String name) {
        return shared.groups.named(name);
    }

    /** Any thread: the first listener's channel, to be asked for its options. */
    public ServerSocketChannel listener() {
        return listeners.get(0).bound().channel();
    }

    /** Any thread: from here on this one sees what happens too. */
    public void observe(ServerObserver another) {
        observer.add(another);
    }

    /** Any thread: what the server can be asked. */
    public Inspection inspection() {
        return new Inspector(shared, () -> stopping, () -> tlsKeys == null ? List.of() : tlsKeys.faults());
    }

    /**
     * Any thread: begins to drain, unless that has begun; {@link #awaitEnd} tells when it is over. Serves on for the
     * drain's delay, unless it may take no time.
     */
    public void drain(Duration timeout) {
        stopping = true;
        long delay = timeout.isZero() ? 0 : settings.drainDelayNanos;
        Timers.Timer beginning = new Timers.Timer() {
            @Override
            protected void onTimer() {
                if (drain == null) {
                    drain = new Drain(shared, timeout.toNanos());
                    drain.begin(listeners);
                }
            }
        };
        loop.execute(() -> loop.timers().arm(beginning, loop.now() + delay));
    }

    // ---- connections

    /** A connection was accepted. Whatever fails here, only it is hurt. */
    private void admit(SocketChannel channel, Door door) {
        Connection connection = null;
        try {
            channel.configureBlocking(false);
            UnixPeer user = door.listen().endpoint().kind() == Endpoint.Kind.UNIX ? UnixPeer.of(channel) : null;
            SocketAddress sender = user == null ? channel.getRemoteAddress() : user;
            if (sender instanceof InetSocketAddress address) {
                if (door.listen().proxy() && !settings.proxies.permits(address.getAddress())) {
                    turnAway(channel, address);
                    return;
                }
                settings.setClientOptions(channel);
            }
            connection = new Connection(shared, door, channel, sender);
            loop.register(channel, SelectionKey.OP_READ, connection);
            connection.begin();
        } catch (IOException | RuntimeException e) {
            if (shared.warnings.allows()) {
                LOG.warn("a new connection failed: {}{}", e.toString(), shared.warnings.held());
            }
            if (connection != null) {
                connection.onFailure(e);
                return;
            }
            try {
                channel.close();
            } catch (IOException again) {
                LOG.debug("closing it failed", again);
            }
        }
    }

    /** A sender that may not send PROXY headers. Nothing of what it sends is read. */
    private void turnAway(SocketChannel channel, InetSocketAddress sender) throws IOException {
        shared.counters.refused.increment();
        shared.counters.closed(CloseReason.PROXY_HEADER_REFUSED);
        shared.observer.refused(sender, CloseReason.PROXY_HEADER_REFUSED);
        if (shared.warnings.allows()) {
            String text = ProxyException.untrusted(sender.getAddress().getHostAddress())
                    .getMessage();
            LOG.info("{}: {}{}", Addresses.text(sender), text, shared.warnings.held());
        }
        channel.close();
    }

    // ---- the end

    /**
     * The loop's last act, whatever ended it. If that was a lack of memory, there is none for this either: what
     * must not fail comes first.
     */
    private void onLoopEnd(Throwable cause) {
        DrainReport made = null;
        try {
            if (cause != null) {
                LOG.error("the selector thread has died", cause); // fails, if it does, without a word
                LOG.warn(() -> "its last passes were:\n" + loop.ring().read().text(loop.now(), LAST_PASSES));
            } else {
                if (workers.isPending()) {
                    workers.handOff(); // those that are to be told their end
                }
                made = drain.report();
            }
        } finally {
            end(cause, made);
        }
        if (cause == null) {
            closed.complete(made);
        } else {
            closed.completeExceptionally(cause);
        }
    }

    private void end(Throwable cause, DrainReport made) {
        if (cause != null) { // the loop has closed them all without calling anything
            shared.counters.open = 0;
            shared.counters.waiting = 0;
        }
        synchronized (this) {
            ended = true;
            failure = cause;
            report = made;
            notifyAll();
        }
        if (executor instanceof ExecutorService service && settings.executor == null) {
            service.shutdown(); // sessions that were handed off get their end
        }
        if (tlsKeys != null) {
            tlsKeys.close();
        }
        listeners.forEach(listener -> listener.bound().removeFile());
        if (cause != null) {
            workers.interrupt();
        }
    }

    /**
     * Any thread: waits for the end.
     *
     * @throws IllegalStateException if the server has ended by an error, which is the cause
     */
    public synchronized DrainReport awaitEnd() {
        boolean interrupted = false;
        while (!ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IllegalStateException("the selector thread has died", failure);
        }
        return report;
    }

    /** Any thread: whether the server has not ended. */
    public synchronized boolean isRunning() {
        return !ended;
    }

    /** Any thread: completed when the server has ended; exceptionally if it did so by an error. */
    public CompletableFuture<DrainReport> closed() {
        return closed.copy();
    }

    // ---- for checks

    Settings settings() {
        return settings;
    }

    Shared shared() {
        return shared;
    }

    long droppedBeforeDrain() {
        return drain.messagesDroppedBefore();
    }
}
