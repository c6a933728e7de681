package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.reactorserver.DrainReport;
import org.reactorserver.ServerStats;
import org.reactorserver.crossing.WorkerThreads;
import org.reactorserver.crossing.Workers;
import org.reactorserver.guest.Beacon;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listening;
import org.reactorserver.wire.PlainTransport;

/** One running server: its parts and how they are wired. Loop only, but for what says otherwise. */
public final class Engine {
    private final Settings settings;
    private final EventLoop loop;
    private final Shared shared;
    private final Workers workers;
    private final Admission admission;
    private final Executor executor;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final CompletableFuture<DrainReport> drained = new CompletableFuture<>();
    private volatile Throwable failure; // what ended the loop, written before drained

    private Drain drain; // null while there is none

    /**
     * Any thread: binds the listeners and opens the selector; nothing runs yet.
     *
     * @throws IOException if it cannot listen at an endpoint, with the endpoint and the reason; nothing is
     *     left open then
     */
    public Engine(Settings settings) throws IOException {
        this.settings = settings;
        this.executor = settings.executor != null ? settings.executor : makeExecutor(settings);
        Listening listening =
                new Listening(settings.backlog, settings.reuseAddress, settings.reusePort, settings.receiveBuffer);
        List<ServerSocketChannel> channels = new ArrayList<>();
        for (Endpoint endpoint : settings.endpoints) { // first, since this is what may fail: nothing is open then
            channels.add(listening.open(settings.provider, endpoint));
        }
        this.loop = new EventLoop(settings.provider, settings.clock, settings.observer);
        this.shared = new Shared(settings, loop);
        int parallelism = settings.workers.isVirtual() ? Integer.MAX_VALUE : settings.workers.threads();
        this.workers = new Workers(executor, parallelism, settings.observer::handedOff, settings.clock, loop.timers());
        this.admission = new Admission(settings, loop.timers(), shared.counters);
        loop.setHandOff(workers);
        for (int i = 0; i < channels.size(); i++) {
            ServerSocketChannel channel = channels.get(i);
            Listener listener = new Listener(shared, channel, this::admit);
            loop.register(channel, SelectionKey.OP_ACCEPT, listener);
            listeners.add(listener);
            addresses.add(addressOf(channel, settings.endpoints.get(i)));
        }
        if (settings.announceTo != null) {
            new Beacon(loop, settings.provider, settings.announceTo, addresses.get(0), settings.framing).start();
        }
    }

    private static Executor makeExecutor(Settings settings) {
        if (settings.workers.isVirtual()) {
            return WorkerThreads.virtual();
        }
        int threads = settings.workers.threads();
        return threads == 0 ? WorkerThreads.none() : WorkerThreads.pool(threads);
    }

    /** Of 0.0.0.0 the system makes ::, but that was asked. */
    private static InetSocketAddress addressOf(ServerSocketChannel channel, Endpoint endpoint) throws IOException {
        InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
        return bound.getAddress().isAnyLocalAddress() ? new InetSocketAddress(endpoint.host(), bound.getPort()) : bound;
    }

    // ---- for any thread

    /** Any thread: the addresses that are listened at, in the order of the endpoints. */
    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Any thread: the loop, to be run. */
    public EventLoop loop() {
        return loop;
    }

    /** Any thread: the counters as they are now. */
    public ServerStats stats() {
        return shared.counters.snapshot();
    }

    /** Any thread: the first listener's channel, to be asked for its options. */
    public ServerSocketChannel listener() {
        return listeners.get(0).channel();
    }

    /** Any thread: completed when the server has ended, with null if it did so by an error. */
    public CompletableFuture<DrainReport> drained() {
        return drained;
    }

    /** Any thread, once it has ended: the error that ended it, or null. */
    public Throwable failure() {
        return failure;
    }

    /** Any thread: begins to drain, unless that has begun; {@link #drained} tells when it is over. */
    public void drain(Duration timeout) {
        loop.execute(() -> {
            if (drain == null) {
                drain = new Drain(shared, timeout.toNanos());
                drain.begin(listeners, admission);
            }
        });
    }

    // ---- connections

    /** A connection was accepted. Whatever fails here, only it is hurt. */
    private void admit(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
            settings.setClientOptions(channel);
            Connection connection = new Connection(shared, workers, admission, new PlainTransport(channel), peer);
            loop.register(channel, SelectionKey.OP_READ, connection);
            shared.live++;
            connection.arrive();
        } catch (IOException | RuntimeException e) {
            if (shared.warnings.allows()) {
                LOG.warn("a new connection failed: {}{}", e.toString(), shared.warnings.held());
            }
            try {
                channel.close();
            } catch (IOException again) {
                LOG.debug("closing it failed", again);
            }
        }
    }

    // ---- the end

    /**
     * The loop's last act, whatever ended it. If that was a lack of memory, there is none for this
     * either: completing with null takes none, completing exceptionally would.
     */
    public void onLoopEnd(Throwable cause) {
        this.failure = cause;
        DrainReport report = null;
        try {
            report = cause == null ? drain.report() : null; // before handlers are interrupted
            if (executor instanceof ExecutorService service && settings.executor == null) {
                service.shutdownNow();
            }
        } finally {
            drained.complete(report);
        }
    }

    // ---- for who checks it

    Settings settings() {
        return settings;
    }

    Shared shared() {
        return shared;
    }

    Workers workers() {
        return workers;
    }

    Admission admission() {
        return admission;
    }

    long droppedBeforeDrain() {
        return drain.messagesDroppedBefore();
    }
}
