package org.reactorserver.engine;

import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;
import org.reactorserver.option.Durations;
import org.reactorserver.option.InvalidUtf8;
import org.reactorserver.option.Option;
import org.reactorserver.option.Options;
import org.reactorserver.option.Values;
import org.reactorserver.option.WorkerCount;
import org.reactorserver.wire.Endpoint;

/**
 * What a server is told, with every default worked out, as the running server reads it; what each means is
 * said in {@link Options}. Times are nanoseconds, sizes bytes. Immutable; any thread.
 */
public final class Settings {
    /**
     * What is no option, since it is no text.
     *
     * @param announceTo null: no beacon
     * @param executor null: the server makes its own
     */
    public record Parts(
            Framing framing,
            MessageHandler handler,
            List<ServerObserver> observers,
            List<Endpoint> endpoints,
            InetSocketAddress announceTo,
            SelectorProvider provider,
            LongSupplier clock,
            Executor executor) {}

    final Framing framing;
    final MessageHandler handler;
    final boolean handlesOpen; // whether it has an onOpen of its own, so that calling it is worth a hand-off
    final boolean handlesClose; // and an onClose
    final List<ServerObserver> observers;
    final List<Endpoint> endpoints;
    final InetSocketAddress announceTo;
    final SelectorProvider provider;
    final LongSupplier clock;
    final Executor executor;

    final Values values;
    final int backlog;
    final boolean reuseAddress;
    final boolean reusePort;
    final boolean keepAlive;
    final boolean noDelay;
    final int sendBuffer;
    final int receiveBuffer;
    final WorkerCount workers;
    final int maxMessage;
    final boolean replaceMalformed;
    final int maxConnections;
    final int maxConnectionsPerIp;
    final int activeSessions;
    final long sessionGapNanos;
    final int acceptsPerPass;
    final int messagesPerTurn;
    final int laneLimit;
    final int highWater;
    final long outboxLimit;
    final long replyMemory;
    final long requestMemory;
    final long messageMemory;
    final int maxHeld;
    final int maxHeldPerSession;
    final long arrivalNanos = 10_000_000_000L;
    final long idleNanos;
    final long messageNanos;
    final long writeNanos;
    final long lingerNanos;

    /** Works out every default. */
    public Settings(Parts parts, Values values) {
        this.framing = parts.framing;
        this.handler = parts.handler;
        this.handlesOpen = overrides("onOpen", Session.class);
        this.handlesClose = overrides("onClose", Session.class, CloseReason.class);
        this.observers = List.copyOf(parts.observers);
        this.endpoints = List.copyOf(parts.endpoints);
        this.announceTo = parts.announceTo;
        this.provider = parts.provider;
        this.clock = parts.clock;
        this.executor = parts.executor;

        this.values = values;
        this.backlog = values.get(Options.BACKLOG);
        this.reuseAddress = values.get(Options.REUSE_ADDRESS);
        this.reusePort = values.get(Options.REUSE_PORT);
        this.keepAlive = values.get(Options.KEEP_ALIVE);
        this.noDelay = values.get(Options.NO_DELAY);
        this.sendBuffer = bytes(Options.SEND_BUFFER);
        this.receiveBuffer = bytes(Options.RECEIVE_BUFFER);
        this.workers =
                orElse(Options.WORKERS, WorkerCount.of(Runtime.getRuntime().availableProcessors()));
        this.maxMessage = bytes(Options.MAX_MESSAGE);
        this.replaceMalformed = values.get(Options.INVALID_UTF8) == InvalidUtf8.REPLACE;
        int affordable = Math.max(1, FileDescriptors.limit() - FileDescriptors.RESERVE);
        this.maxConnections = Math.min(orElse(Options.MAX_CONNECTIONS, affordable), affordable);
        this.maxConnectionsPerIp = orElse(Options.MAX_CONNECTIONS_PER_IP, Integer.MAX_VALUE);
        this.activeSessions = orElse(Options.ACTIVE_SESSIONS, Integer.MAX_VALUE);
        this.sessionGapNanos = nanos(Options.SESSION_GAP);
        this.acceptsPerPass = values.get(Options.ACCEPTS_PER_PASS);
        this.messagesPerTurn = values.get(Options.MESSAGES_PER_TURN);
        this.laneLimit = bytes(Options.LANE_LIMIT);
        this.highWater = bytes(Options.HIGH_WATER);
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        this.replyMemory = orElse(Options.REPLY_MEMORY, quarter);
        this.outboxLimit = orElse(Options.OUTBOX_LIMIT, Math.max(1, replyMemory / 2));
        this.requestMemory = orElse(Options.REQUEST_MEMORY, quarter);
        this.messageMemory = orElse(Options.MESSAGE_MEMORY, quarter);
        this.maxHeld = values.get(Options.MAX_HELD);
        this.maxHeldPerSession = values.get(Options.MAX_HELD_PER_SESSION);
        this.idleNanos = nanos(Options.IDLE_TIMEOUT);
        this.messageNanos = nanos(Options.MESSAGE_TIMEOUT);
        this.writeNanos = nanos(Options.WRITE_TIMEOUT);
        this.lingerNanos = nanos(Options.LINGER_TIMEOUT);
    }

    private int bytes(Option<Long> size) {
        return Math.toIntExact(values.get(size)); // which its kind ensures
    }

    private long nanos(Option<Duration> duration) {
        return Durations.nanos(values.get(duration));
    }

    private <T> T orElse(Option<T> option, T workedOut) {
        T told = values.get(option);
        return told == null ? workedOut : told;
    }

    private boolean overrides(String method, Class<?>... parameters) {
        try {
            return handler.getClass().getMethod(method, parameters).getDeclaringClass() != MessageHandler.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e); // the interface has it
        }
    }
}
