package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;
import org.reactorserver.wire.LiveTls;
import org.reactorserver.wire.Tls;
import org.reactorserver.wire.TlsBuffers;
import org.reactorserver.wire.TlsThreads;
import org.reactorserver.wire.TlsTransport;
import org.reactorserver.wire.Transport;

/**
 * A server's TLS: what its doors share, and a check every few seconds whether the files have changed. It compares their
 * contents, since a name may refer to another file now, as with Kubernetes. Loop only, but for what says
 * otherwise.
 */
final class TlsKeys implements Closeable {
    private static final long LOOK_NANOS = 10_000_000_000L;

    private final EventLoop loop;
    private final LiveTls tls;
    private final TlsBuffers buffers = new TlsBuffers();
    private final ExecutorService pool; // null: not ours
    private final Executor tasks;

    private final Timers.Timer look = new Timers.Timer() {
        @Override
        protected void onTimer() {
            reload();
            loop.timers().arm(this, loop.now() + LOOK_NANOS);
        }
    };

    /**
     * Reads the files and shakes hands with itself.
     *
     * @param tasks what the costly part of handshakes runs on; null: it makes its own
     * @throws IOException if that fails; the message names the file, the reason and what helps
     */
    TlsKeys(EventLoop loop, Tls told, Executor tasks) throws IOException {
        this.loop = loop;
        this.pool = tasks == null ? TlsThreads.pool() : null;
        this.tasks = tasks == null ? pool : tasks;
        this.tls = new LiveTls(told);
        tls.untimely(Instant.now()).forEach(LOG::warn);
    }

    void start() {
        loop.timers().arm(look, loop.now() + LOOK_NANOS);
    }

    /** Any thread: protocol and certificates, for a person. */
    String shown() {
        return tls.shown();
    }

    /** Any thread: what is wrong with the keys in use, a line each. */
    List<String> faults() {
        return tls.faults(Instant.now());
    }

    /** The transport of messages; the callback comes on any thread when that can go on after a pause of its own. */
    Transport secure(Transport below, Runnable resume) throws IOException {
        return new TlsTransport(below, tls.engine(), buffers, tasks, resume);
    }

    /** Any thread: checks the files soon; completes when that is done. */
    CompletableFuture<Void> reload() {
        try {
            return CompletableFuture.runAsync(() -> tell(tls.reload()), tasks).exceptionally(e -> {
                LOG.warn("the certificates and keys stay as they were", e); // a provider of TLS has failed
                return null;
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the keys are not read again: the server is at its end");
        } catch (OutOfMemoryError e) { // it is tried again, as each time
            LOG.warn("the keys are not read again: there is no thread for it", e);
        }
        return CompletableFuture.completedFuture(null);
    }

    private static void tell(LiveTls.Reload reload) {
        switch (reload.outcome()) {
            case UNCHANGED -> {}
            case RELOADED -> {
                LOG.info("new connections use the certificates and keys as they are in the files now");
                reload.text().forEach(LOG::warn);
            }
            case KEPT ->
                reload.text().forEach(text -> LOG.warn("the certificates and keys stay as they were: {}", text));
        }
    }

    /** Any thread. */
    @Override
    public void close() {
        if (pool != null) {
            pool.shutdown();
        }
    }
}
