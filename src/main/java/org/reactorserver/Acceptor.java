package org.reactorserver;

import static org.reactorserver.Log.LOG;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;
import org.reactorserver.text.RateLimit;

/**
 * Calls {@code accept()} until it returns null because no connection is pending, or for a bounded
 * number of times per pass, lest a flood of newcomers starve those who are in.
 *
 * <p>When {@code accept()} fails for want of file descriptors or memory, the connection stays pending and
 * the channel stays ready: asking again at once would spin. So the interest in OP_ACCEPT is dropped and
 * taken up again by a timer.
 */
final class Acceptor implements Pollable {
    private static final long RETRY_MILLIS = 100;
    private static final long WATCH_MILLIS = 1_000;
    private static final long WATCH_AT_MOST_MILLIS = 60_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Reactor reactor;
    private final EventLoop loop;
    private final ServerSocketChannel channel;
    private final RateLimit warnings;
    private final Timers.Timer retry = new Timers.Timer() {
        @Override
        protected void onTimer() {
            key.interestOps(SelectionKey.OP_ACCEPT);
            armWatch(WATCH_MILLIS);
        }
    };

    /**
     * Until the selector says something of it, the kernel may have refused to watch the listener, see
     * {@link EventLoop#watchAnew}. Only {@code accept()} shows. Ever more seldom: as a rule it is just that
     * nobody comes.
     */
    private final Timers.Timer watch = new Timers.Timer() {
        @Override
        protected void onTimer() {
            armWatch(Math.min(2 * watchMillis, WATCH_AT_MOST_MILLIS));
            try {
                if (!loop.isReady(key) && accept(reactor.settings.acceptsPerPass)) {
                    loop.watchAnew(key);
                }
            } catch (IOException e) {
                onFailure(e);
            }
        }
    };

    private SelectionKey key;
    private long watchMillis;

    Acceptor(Reactor reactor, EventLoop loop, ServerSocketChannel channel) {
        this.reactor = reactor;
        this.loop = loop;
        this.channel = channel;
        this.warnings = new RateLimit(1, reactor.clock);
    }

    @Override
    public void onRegistered(SelectionKey key) {
        this.key = key;
        armWatch(WATCH_MILLIS);
    }

    private void armWatch(long millis) {
        watchMillis = millis;
        loop.timers().arm(watch, loop.now() + millis * NANOS_PER_MILLI);
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        loop.timers().cancel(watch);
        accept(reactor.settings.acceptsPerPass);
    }

    /**
     * Takes in whoever is pending and closes the channel: closing alone would reset those. Between the
     * two nothing else is done, for whoever comes then is reset; a channel that is registered would
     * even be kept, to welcome whoever comes and never look at him, until the next select.
     */
    void close() throws IOException {
        loop.timers().cancel(retry);
        loop.timers().cancel(watch);
        loop.deregister(key);
        try {
            accept(reactor.settings.backlog + 1);
        } finally {
            channel.close();
        }
    }

    /** Returns whether anybody was there. */
    private boolean accept(int atMost) throws IOException {
        for (int i = 0; i < atMost; i++) {
            SocketChannel client = channel.accept();
            if (client == null) {
                reactor.observer.acceptedNone();
                return i > 0;
            }
            reactor.admit(client);
        }
        return true;
    }

    private void pause(Exception cause) {
        loop.timers().cancel(watch);
        key.interestOps(0);
        loop.timers().arm(retry, loop.now() + RETRY_MILLIS * NANOS_PER_MILLI);
        reactor.counters.acceptFailures.increment();
        reactor.observer.acceptFailed(cause, RETRY_MILLIS);
        if (warnings.allows()) {
            LOG.warn("accept failed, trying again in {} ms: {}{}", RETRY_MILLIS, cause.toString(), warnings.held());
        }
    }

    @Override
    public void onFailure(Exception cause) {
        pause(cause);
    }
}
