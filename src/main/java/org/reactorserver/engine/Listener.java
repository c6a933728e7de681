package org.reactorserver.engine;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Timers;
import org.reactorserver.loop.Watched;
import org.reactorserver.session.Shared;
import org.reactorserver.text.RateLimit;
import org.reactorserver.wire.Bound;

/**
 * Calls {@code accept()} until it returns null because no connection is pending, or for a bounded
 * number of times per pass, so that a flood of connections does not starve the sessions.
 *
 * <p>When {@code accept()} fails for lack of file descriptors or memory, the connection stays pending and
 * the channel stays ready: asking again at once would spin. So the interest in OP_ACCEPT is dropped and
 * taken up again by a timer.
 */
final class Listener extends Watched {
    private static final long RETRY_MILLIS = 100;
    private static final long PROBE_MILLIS = 1_000;
    private static final long PROBE_AT_MOST_MILLIS = 60_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Shared shared;
    private final Consumer<SocketChannel> newcomers;
    private final EventLoop loop;
    private final Bound bound;
    private final ServerSocketChannel channel;
    private final RateLimit warnings;
    private long probeMillis;

    private final Timers.Timer retry = new Timers.Timer() {
        @Override
        protected void onTimer() {
            ask(SelectionKey.OP_ACCEPT);
            armProbe(PROBE_MILLIS);
        }
    };

    /**
     * Until the selector reports the listener, the kernel may have refused to watch it, see {@link Watched}. Only
     * {@code accept()} shows. At growing intervals: usually there is just no client.
     */
    private final Timers.Timer probe = new Timers.Timer() {
        @Override
        protected void onTimer() {
            armProbe(Math.min(2 * probeMillis, PROBE_AT_MOST_MILLIS));
            try {
                if (!isReadyNow() && accept(shared.settings.acceptsPerPass)) {
                    watchAnew();
                }
            } catch (IOException e) {
                onFailure(e);
            }
        }
    };

    Listener(Shared shared, Bound bound, Consumer<SocketChannel> newcomers) {
        this.shared = shared;
        this.newcomers = newcomers;
        this.loop = shared.loop;
        this.bound = bound;
        this.channel = bound.channel();
        this.warnings = new RateLimit(1, shared.clock);
    }

    @Override
    protected EventLoop loop() {
        return loop;
    }

    /** What it listens with. */
    Bound bound() {
        return bound;
    }

    @Override
    public void onRegistered(SelectionKey key) {
        super.onRegistered(key);
        armProbe(PROBE_MILLIS);
    }

    private void armProbe(long millis) {
        probeMillis = millis;
        loop.timers().arm(probe, loop.now() + millis * NANOS_PER_MILLI);
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        reported();
        loop.timers().cancel(probe);
        accept(shared.settings.acceptsPerPass);
    }

    /**
     * Takes in what is pending and closes the channel: closing alone would reset those clients. Between the
     * two nothing else is done, for a client that comes then is reset; a channel that is registered would
     * even be kept until the next select, and accept clients that are never served. What waits at an inherited socket
     * is the successor's.
     */
    void close() throws IOException {
        loop.timers().cancel(retry);
        loop.timers().cancel(probe);
        deregister();
        try {
            if (!bound.isInherited()) {
                accept(Math.max(shared.settings.backlog, shared.settings.backlog + 1));
            }
        } finally {
            bound.close();
        }
    }

    /** Returns whether a connection was pending. */
    private boolean accept(int atMost) throws IOException {
        for (int i = 0; i < atMost; i++) {
            SocketChannel client = channel.accept();
            if (client == null) {
                shared.observer.acceptedNone();
                return i > 0;
            }
            newcomers.accept(client);
        }
        return true;
    }

    private void pause(Exception cause) {
        loop.timers().cancel(probe);
        ask(0);
        loop.timers().arm(retry, loop.now() + RETRY_MILLIS * NANOS_PER_MILLI);
        shared.counters.acceptFailures.increment();
        shared.observer.acceptFailed(cause, RETRY_MILLIS);
        if (warnings.allows()) {
            LOG.warn("accept failed, trying again in {} ms: {}{}", RETRY_MILLIS, cause.toString(), warnings.held());
        }
    }

    @Override
    public void onFailure(Exception cause) {
        pause(cause);
    }
}
