package org.reactorserver.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Options;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.reactorserver.GroupBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to NATS, by jnats, whose threads read, write and reconnect. Nothing of it grows: neither what is to go
 * out, of which nothing is kept while there is no connection, nor what has come in.
 */
final class NatsBus implements GroupBus {
    private static final Logger LOG = LoggerFactory.getLogger(NatsBus.class);
    private static final int MAX_MESSAGE =
            1 << 20; // what NATS takes, unless it is told otherwise, until it says how much
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);
    private static final Duration RECONNECT_WAIT = Duration.ofMillis(250);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);
    private static final Duration PING = Duration.ofSeconds(5);
    private static final int PINGS_UNANSWERED = 2;
    private static final int OUTGOING = 10_000;
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(5);
    private static final int INCOMING = 65_536;
    private static final long INCOMING_BYTES = 32 << 20;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final NatsPlace place;
    private final String prefix;
    private final Set<String> topics = new HashSet<>(); // guarded by this
    private Listener listener; // null before and after; guarded by this
    private Connection connection; // null before the first; guarded by this
    private Dispatcher dispatcher; // of that
    private Boolean isUp; // null: not known yet; guarded by this
    private volatile String lastError;

    NatsBus(NatsPlace place) {
        this.place = place;
        this.prefix = place.prefix() + ".";
    }

    private Options options() {
        Options.Builder options = new Options.Builder()
                .servers(place.urls().toArray(new String[0]))
                .connectionName("reactor-server")
                .noEcho()
                .noNoResponders()
                .maxReconnects(-1)
                .connectionTimeout(CONNECT_PATIENCE)
                .reconnectWait(RECONNECT_WAIT)
                .reconnectJitter(RECONNECT_WAIT)
                .reconnectBufferSize(0) // at most once, and not late
                .pingInterval(PING)
                .maxPingsOut(PINGS_UNANSWERED)
                .maxMessagesInOutgoingQueue(OUTGOING)
                .writeQueuePushTimeout(WRITE_PATIENCE)
                .connectionListener(new Ups())
                .errorListener(new Errors());
        if (place.asksForTls()) {
            options.sslContext(place.tls() == null ? trustOfTheJvm() : place.tls()); // else jnats trusts anybody
        }
        if (place.credentials() != null) {
            options.authHandler(place.credentials());
        }
        return options.build();
    }

    private static SSLContext trustOfTheJvm() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM has no TLS", e);
        }
    }

    @Override
    public void open(Listener toBeTold) {
        synchronized (this) {
            if (listener != null) {
                throw new IllegalStateException("open(...) was called before");
            }
            listener = toBeTold;
        }
        connect();
    }

    private void connect() {
        try {
            io.nats.client.Nats.connectAsynchronously(options(), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean publish(String topic, byte[] message) {
        Connection to = connected();
        if (to == null) {
            return false;
        }
        try {
            to.publish(subject(topic), message);
            return true;
        } catch (IllegalStateException e) { // it is just going, or has not taken what was written for too long
            return false;
        }
    }

    private synchronized Connection connected() {
        return Boolean.TRUE.equals(isUp) ? connection : null;
    }

    @Override
    public synchronized void subscribe(String topic) {
        if (topics.add(topic) && dispatcher != null) {
            dispatcher.subscribe(subject(topic));
        }
    }

    @Override
    public synchronized void unsubscribe(String topic) {
        if (topics.remove(topic) && dispatcher != null) {
            dispatcher.unsubscribe(subject(topic));
        }
    }

    /** A name may have anything in it, a subject no more than a few characters: words are written in base 64. */
    private String subject(String topic) {
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(topic.getBytes(StandardCharsets.UTF_8));
    }

    private String topic(String subject) {
        byte[] bytes = Base64.getUrlDecoder().decode(subject.substring(prefix.length()));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int maxMessage() {
        Connection to = connected();
        return to == null ? MAX_MESSAGE : (int) Math.min(to.getMaxPayload(), Integer.MAX_VALUE);
    }

    @Override
    public String toString() {
        return place.toString();
    }

    @Override
    public void close() {
        Connection open;
        synchronized (this) {
            listener = null;
            open = connection;
            connection = null;
        }
        if (open == null) {
            return;
        }
        try {
            if (open.getStatus() == Connection.Status.CONNECTED) {
                open.flush(LAST_WORDS);
            }
            open.close();
        } catch (TimeoutException e) {
            closeAtOnce(open);
        } catch (InterruptedException e) {
            closeAtOnce(open);
            Thread.currentThread().interrupt();
        }
    }

    private static void closeAtOnce(Connection open) {
        try {
            open.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- jnats's threads

    private void onMessage(Message message) {
        Listener told;
        synchronized (this) {
            told = listener;
        }
        if (told != null) {
            told.received(topic(message.getSubject()), message.getData());
        }
    }

    /** It is there for the first time, or with another connection. */
    private synchronized void onConnected(Connection made) {
        lastError = null;
        if (listener != null && connection != made) {
            connection = made;
            dispatcher = made.createDispatcher(this::onMessage);
            dispatcher.setPendingLimits(INCOMING, INCOMING_BYTES);
            List<String> all = new ArrayList<>(topics);
            all.forEach(topic -> dispatcher.subscribe(subject(topic)));
        }
    }

    /**
     * jnats says so when the subscriptions are in its queue. The server has them once it has answered what comes behind
     * them; before that the bus is not there: what others send would not come in.
     */
    private void onSubscribed(Connection made) {
        while (made.getStatus() == Connection.Status.CONNECTED) {
            try {
                made.flush(CONNECT_PATIENCE);
                tell(true, null);
                return;
            } catch (TimeoutException e) {
                LOG.debug("the bus {} has not answered within {}", this, CONNECT_PATIENCE, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** After two refusals jnats tries no more; what was refused may be allowed later. */
    private void onGivenUp() {
        synchronized (this) {
            connection = null;
            dispatcher = null;
        }
        tell(false, lastError == null ? "the connection is closed" : lastError);
        CompletableFuture.delayedExecutor(AFTER_REFUSAL.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (isOpen()) {
                        connect();
                    }
                });
    }

    private synchronized boolean isOpen() {
        return listener != null;
    }

    private synchronized boolean isNothingKnown() {
        return isUp == null;
    }

    private void tell(boolean up, String why) {
        Listener told;
        synchronized (this) {
            if (Boolean.valueOf(up).equals(isUp)) {
                return;
            }
            isUp = up;
            told = listener;
        }
        if (told == null) {
            return;
        }
        if (up) {
            told.up();
        } else {
            told.down(why);
        }
    }

    private final class Ups implements ConnectionListener {
        @Override
        @SuppressWarnings("deprecation") // and yet the only one that has to be there
        public void connectionEvent(Connection which, Events event) {
            if (!isOpen() && event != Events.CLOSED) { // closed before it was there
                CompletableFuture.runAsync(() -> closeAtOnce(which));
                return;
            }
            switch (event) {
                case CONNECTED -> {
                    onConnected(which);
                    onSubscribed(which);
                }
                case RECONNECTED -> onConnected(which); // also the first time, if it did not succeed at once
                case RESUBSCRIBED -> onSubscribed(which);
                case DISCONNECTED -> tell(false, lastError == null ? "the connection is lost" : lastError);
                case CLOSED -> onGivenUp();
                default -> {}
            }
        }
    }

    private final class Errors implements ErrorListener {
        @Override
        public void errorOccurred(Connection which, String error) {
            lastError = error;
        }

        @Override
        public void exceptionOccurred(Connection which, Exception failure) {
            if (failure.getMessage() != null
                    || lastError == null) { // the server may have said more than that it is gone
                lastError = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            }
            if (isNothingKnown()) {
                tell(false, lastError);
            }
        }

        @Override
        public void slowConsumerDetected(Connection which, Consumer consumer) {
            Listener told;
            synchronized (NatsBus.this) {
                told = listener;
            }
            if (told != null) {
                told.trouble("messages come faster than they are sent on here, and are dropped");
            }
        }
    }
}
