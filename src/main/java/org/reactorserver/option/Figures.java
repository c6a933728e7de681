package org.reactorserver.option;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import org.reactorserver.limit.AccessList;
import org.reactorserver.limit.ClientKey;
import org.reactorserver.limit.Rate;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.KeepAlive;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

/**
 * What a server's {@link Values} come to, with every default worked out, as the running server reads them; what
 * each means is said in {@link Options}. Times are nanoseconds, sizes bytes. Immutable; any thread.
 */
public class Figures {
    /** How many connections may arrive at a time: each of them may hold a record of a handshake. */
    public static final int MOST_ARRIVING = 1_024;

    /** Kept back from clients for the listener, the selector, jars, logs and those turned away. */
    public static final int FILES_KEPT_BACK = 32;

    private static final String KEEP_ALIVE_OFF = "is off";

    public final Values values;
    /** Where to listen, as it was told by options. */
    public final List<Listen> toldListens;
    /** TLS as it was told by options; null: none. */
    public final Tls toldTls;

    public final long arrivalNanos;
    /** The addresses that may send PROXY headers. */
    public final AccessList proxies;

    public final AccessList clients;
    public final ClientKey clientKey;
    public final Rate connectRate; // null: no limit
    public final Rate messageRate; // null: no limit
    public final KeepAlive keepAlives;
    public final int backlog;
    public final boolean reuseAddress;
    public final boolean reusePort;
    public final boolean keepAlive;
    public final boolean noDelay;
    public final int sendBuffer;
    public final int receiveBuffer;
    public final WorkerCount workers;
    public final int maxMessage;
    public final Charset charset;
    public final boolean replaceMalformed;
    public final boolean lastLine;
    public final int maxConnections;
    public final int maxConnectionsPerIp;
    public final int activeSessions;
    public final long sessionGapNanos;
    public final int acceptsPerPass;
    public final int messagesPerTurn;
    public final int laneLimit;
    public final int highWater;
    public final long outboxLimit;
    public final long replyMemory;
    public final long requestMemory;
    public final long messageMemory;
    public final int maxHeld;
    public final int maxHeldPerSession;
    public final long idleNanos;
    public final long readIdleNanos;
    public final long writeIdleNanos;
    public final long messageNanos;
    public final long writeNanos;
    public final long lingerNanos;
    public final long drainDelayNanos;
    public final long stallNanos; // Long.MAX_VALUE: no pass is too long

    /**
     * Works out every default.
     *
     * @param openFiles how many files and sockets the process may have open
     * @throws OptionException if two of the values cannot be had together
     */
    public Figures(Values values, int openFiles) {
        this.values = values;
        this.toldListens = toldListens();
        this.toldTls = TlsOptions.tls(values);
        this.arrivalNanos = nanos(Options.HANDSHAKE_TIMEOUT);
        this.proxies = AccessList.of(values.get(Options.PROXY_TRUST), List.of());
        this.clients = AccessList.of(orElse(Options.ALLOW, List.of()), orElse(Options.DENY, List.of()));
        this.clientKey = new ClientKey(values.get(Options.IP6_PREFIX));
        this.connectRate = rate(Options.CONNECT_RATE_PER_IP);
        this.messageRate = rate(Options.MAX_MESSAGES_PER_SECOND);
        this.keepAlives =
                new KeepAlive(seconds(Options.KEEP_IDLE), seconds(Options.KEEP_INTVL), orElse(Options.KEEP_CNT, 0));
        this.backlog = values.get(Options.BACKLOG);
        this.reuseAddress = values.get(Options.REUSE_ADDRESS);
        this.reusePort = values.get(Options.REUSE_PORT);
        this.keepAlive = values.get(Options.KEEP_ALIVE) || !keepAlives.isSystems();
        this.noDelay = values.get(Options.NO_DELAY);
        this.sendBuffer = bytes(Options.SEND_BUFFER);
        this.receiveBuffer = bytes(Options.RECEIVE_BUFFER);
        this.workers =
                orElse(Options.WORKERS, WorkerCount.of(Runtime.getRuntime().availableProcessors()));
        this.maxMessage = bytes(Options.MAX_MESSAGE);
        this.charset = values.get(Options.CHARSET);
        this.replaceMalformed = values.get(Options.INVALID_UTF8) == InvalidUtf8.REPLACE;
        this.lastLine = values.get(Options.LAST_LINE);
        int affordable = Math.max(1, openFiles - FILES_KEPT_BACK);
        this.maxConnections = Math.min(orElse(Options.MAX_CONNECTIONS, affordable), affordable);
        this.maxConnectionsPerIp = orElse(Options.MAX_CONNECTIONS_PER_IP, Integer.MAX_VALUE);
        this.activeSessions = orElse(Options.ACTIVE_SESSIONS, Integer.MAX_VALUE);
        this.sessionGapNanos = nanos(Options.SESSION_GAP);
        this.acceptsPerPass = values.get(Options.ACCEPTS_PER_PASS);
        this.messagesPerTurn = values.get(Options.MESSAGES_PER_TURN);
        this.laneLimit = bytes(Options.LANE_LIMIT);
        this.highWater = bytes(Options.HIGH_WATER);
        long sixth =
                Runtime.getRuntime().maxMemory() / 6; // half of it for all three: the rest is for what is under way
        this.replyMemory = orElse(Options.REPLY_MEMORY, sixth);
        this.outboxLimit = orElse(Options.OUTBOX_LIMIT, Math.max(highWater, replyMemory / 2));
        this.requestMemory = orElse(Options.REQUEST_MEMORY, sixth);
        this.messageMemory = orElse(Options.MESSAGE_MEMORY, sixth);
        this.maxHeld = values.get(Options.MAX_HELD);
        this.maxHeldPerSession = values.get(Options.MAX_HELD_PER_SESSION);
        this.idleNanos = nanos(Options.IDLE_TIMEOUT);
        this.readIdleNanos = nanos(Options.READ_IDLE_TIMEOUT);
        this.writeIdleNanos = nanos(Options.WRITE_IDLE_TIMEOUT);
        this.messageNanos = nanos(Options.MESSAGE_TIMEOUT);
        this.writeNanos = nanos(Options.WRITE_TIMEOUT);
        this.lingerNanos = nanos(Options.LINGER_TIMEOUT);
        this.drainDelayNanos = nanos(Options.DRAIN_DELAY);
        this.stallNanos = values.get(Options.STALL_AFTER).isZero() ? Long.MAX_VALUE : nanos(Options.STALL_AFTER);
        checkTogether();
    }

    /**
     * The values as they are in force: those that were told, and those that this machine decides. Where one is missing
     * now there is no limit, or none of what it is about.
     */
    public Values inForce() {
        return values.with(Options.WORKERS, workers)
                .with(Options.KEEP_ALIVE, keepAlive)
                .with(Options.MAX_CONNECTIONS, maxConnections)
                .with(Options.OUTBOX_LIMIT, outboxLimit)
                .with(Options.REPLY_MEMORY, replyMemory)
                .with(Options.REQUEST_MEMORY, requestMemory)
                .with(Options.MESSAGE_MEMORY, messageMemory);
    }

    /** Only what was told: a default beside a value that was told is as good as it can be. */
    private void checkTogether() {
        if (values.has(Options.HIGH_WATER) && highWater > outboxLimit) {
            throw beside(Options.HIGH_WATER, "at most", Options.OUTBOX_LIMIT); // it would never be reached
        }
        excludes(Options.LISTEN, Options.HOST, "says where it listens");
        excludes(Options.LISTEN, Options.PORT, "says where it listens");
        if (values.has(Options.KEEP_ALIVE) && !values.get(Options.KEEP_ALIVE)) {
            excludes(Options.KEEP_ALIVE, Options.KEEP_IDLE, KEEP_ALIVE_OFF);
            excludes(Options.KEEP_ALIVE, Options.KEEP_INTVL, KEEP_ALIVE_OFF);
            excludes(Options.KEEP_ALIVE, Options.KEEP_CNT, KEEP_ALIVE_OFF);
        }
        if (toldListens.stream().filter(Figures::isInherited).count() > 1) {
            throw OptionException.refused(
                    Options.LISTEN.name(),
                    Options.LISTEN.text(values.get(Options.LISTEN)),
                    "one inherit at most, since there is one file 0");
        }
    }

    private <T> void excludes(Option<?> option, Option<T> other, String meaning) {
        if (values.has(option) && values.has(other)) {
            throw OptionException.excluded(other.name(), other.text(values.get(other)), option.name(), meaning);
        }
    }

    private static boolean isInherited(Listen listen) {
        return listen.endpoint().kind() == Endpoint.Kind.INHERITED;
    }

    private List<Listen> toldListens() {
        int mode = values.get(Options.SOCKET_MODE);
        Endpoint usual = Endpoint.tcp(values.get(Options.HOST), values.get(Options.PORT));
        return withProxies(orElse(Options.LISTEN, List.of(new Listen(usual, false, false))).stream()
                .map(each -> new Listen(each.endpoint().withMode(mode), each.tls(), each.proxy()))
                .toList());
    }

    /** The same places; where PROXY headers are required, at all of them. */
    protected final List<Listen> withProxies(List<Listen> places) {
        boolean everywhere = values.get(Options.PROXY_PROTOCOL) == ProxyProtocol.REQUIRE;
        return places.stream()
                .map(each -> new Listen(each.endpoint(), each.tls(), each.proxy() || everywhere))
                .toList();
    }

    private Rate rate(Option<Integer> perSecond) {
        Integer told = values.get(perSecond);
        return told == null ? null : new Rate(told);
    }

    private int seconds(Option<Duration> duration) {
        return Math.toIntExact(orElse(duration, Duration.ZERO).toSeconds()); // which its kind ensures
    }

    private <T, U> OptionException beside(Option<T> option, String relation, Option<U> other) {
        String text = option.text(values.get(option));
        return OptionException.beside(option.name(), text, relation, other.name(), other.text(values.get(other)));
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
}
