package org.reactorserver;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import org.reactorserver.limit.Cidr;
import org.reactorserver.option.InvalidUtf8;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Options;
import org.reactorserver.option.ProxyProtocol;
import org.reactorserver.option.WorkerCount;

/**
 * The options of a server as methods of its builder, {@link ReactorServer.Builder}, each named after what it sets.
 *
 * @param <B> the builder
 */
public abstract class BuilderOptions<B> {
    BuilderOptions() {}

    /**
     * Sets any option, as the methods named after them do. The options of extensions are read by these extensions.
     *
     * @throws OptionException if the option cannot have the value
     */
    public abstract <T> B set(Option<T> option, T value);

    /** The address to listen at; 0.0.0.0 for all of IPv4, :: for all. Default: 127.0.0.1. */
    public final B host(String host) {
        return set(Options.HOST, host);
    }

    /** The port to listen at; 0 for any that is free. Default: 8888. */
    public final B port(int port) {
        return set(Options.PORT, port);
    }

    /** The permissions of Unix sockets' files; users with write permission may connect. Default: 0660. */
    public final B socketMode(int mode) {
        return set(Options.SOCKET_MODE, mode);
    }

    /** Whether every connection begins with a PROXY header that has the client's address. Default: false. */
    public final B proxyProtocol(boolean on) {
        return set(Options.PROXY_PROTOCOL, on ? ProxyProtocol.REQUIRE : ProxyProtocol.OFF);
    }

    /** The addresses that may send PROXY headers. Default: this machine. */
    public final B proxyTrust(Cidr... proxies) {
        return set(Options.PROXY_TRUST, List.of(proxies));
    }

    /** The clients that may connect; if any are given, no others may. Default: all. */
    public final B allow(Cidr... clients) {
        return set(Options.ALLOW, List.of(clients));
    }

    /** The clients that may not connect; of allowed and denied blocks, the longest prefix decides. Default: none. */
    public final B deny(Cidr... clients) {
        return set(Options.DENY, List.of(clients));
    }

    /** How many bits of an IPv6 address count as one address for limits. Default: 64. */
    public final B ip6Prefix(int bits) {
        return set(Options.IP6_PREFIX, bits);
    }

    /**
     * How many connections a second one address may make; a second's worth may come at once, more are refused. Default:
     * no limit.
     */
    public final B connectRatePerIp(int perSecond) {
        return set(Options.CONNECT_RATE_PER_IP, perSecond);
    }

    /**
     * How many messages a second of one session are handled; above that it is not read for a while. Default: no limit.
     */
    public final B maxMessagesPerSecond(int count) {
        return set(Options.MAX_MESSAGES_PER_SECOND, count);
    }

    /** TCP_KEEPIDLE of clients, in whole seconds; turns SO_KEEPALIVE on. Default: the system's. */
    public final B keepIdle(Duration time) {
        return set(Options.KEEP_IDLE, time);
    }

    /** TCP_KEEPINTVL of clients, in whole seconds; turns SO_KEEPALIVE on. Default: the system's. */
    public final B keepIntvl(Duration time) {
        return set(Options.KEEP_INTVL, time);
    }

    /** TCP_KEEPCNT of clients; turns SO_KEEPALIVE on. Default: the system's. */
    public final B keepCnt(int count) {
        return set(Options.KEEP_CNT, count);
    }

    /** How many connections the kernel keeps for {@code accept()}; it may allow fewer. Default: 1024. */
    public final B backlog(int backlog) {
        return set(Options.BACKLOG, backlog);
    }

    /** SO_REUSEADDR of the listener: whether it may be bound while old connections are in TIME_WAIT. Default: true. */
    public final B reuseAddress(boolean on) {
        return set(Options.REUSE_ADDRESS, on);
    }

    /** SO_REUSEPORT of the listener: whether several servers may share the port. Default: false. */
    public final B reusePort(boolean on) {
        return set(Options.REUSE_PORT, on);
    }

    /** SO_KEEPALIVE of clients: whether the kernel probes silent peers. Default: false. */
    public final B keepAlive(boolean on) {
        return set(Options.KEEP_ALIVE, on);
    }

    /** TCP_NODELAY of clients: whether replies leave at once. Default: true. */
    public final B noDelay(boolean on) {
        return set(Options.NO_DELAY, on);
    }

    /** SO_SNDBUF of clients, in bytes; 0, the default, leaves it to the kernel. */
    public final B sendBuffer(int bytes) {
        return set(Options.SEND_BUFFER, (long) bytes);
    }

    /** SO_RCVBUF of clients, in bytes; 0, the default, leaves it to the kernel. */
    public final B receiveBuffer(int bytes) {
        return set(Options.RECEIVE_BUFFER, (long) bytes);
    }

    /**
     * The longest message accepted, in bytes of its {@link #charset}; a longer one ends the session with an error.
     * Default: 64 KiB.
     */
    public final B maxMessage(int bytes) {
        return set(Options.MAX_MESSAGE, (long) bytes);
    }

    /**
     * The charset of texts, in both directions; a character is never torn, wherever the network cuts. Default: UTF-8.
     * Refused when the server is built: a charset that cannot encode, and one whose characters may contain the bytes
     * that the framing searches, such as UTF-16 with line framing.
     */
    public final B charset(Charset charset) {
        return set(Options.CHARSET, charset);
    }

    /**
     * Whether bytes that are not valid in the {@link #charset} become U+FFFD, instead of ending the session. Default:
     * false.
     */
    public final B replaceInvalidUtf8(boolean on) {
        return set(Options.INVALID_UTF8, on ? InvalidUtf8.REPLACE : InvalidUtf8.REJECT);
    }

    /**
     * How many connections may be open at a time; more get an error and are closed. Default, and most: the process's
     * limit of file descriptors less 32.
     */
    public final B maxConnections(int count) {
        return set(Options.MAX_CONNECTIONS, count);
    }

    /** How many connections may be open at a time from one address; more get an error. Default: no limit. */
    public final B maxConnectionsPerIp(int count) {
        return set(Options.MAX_CONNECTIONS_PER_IP, count);
    }

    /** How many sessions are served at a time; the others wait in order of arrival. Default: all. */
    public final B activeSessions(int count) {
        return set(Options.ACTIVE_SESSIONS, count);
    }

    /** How long the place of a session stays empty after its end. Default: zero, not at all. */
    public final B sessionGap(Duration gap) {
        return set(Options.SESSION_GAP, gap);
    }

    /** How many connections are accepted in a pass before sessions are served again. Default: 64. */
    public final B acceptsPerPass(int count) {
        return set(Options.ACCEPTS_PER_PASS, count);
    }

    /** How many messages of a session a worker handles before it takes another session. Default: 64. */
    public final B messagesPerTurn(int count) {
        return set(Options.MESSAGES_PER_TURN, count);
    }

    /**
     * Whether a last line without line feed at the end of the stream is a message; line framing only. Default: false.
     */
    public final B lastLine(boolean on) {
        return set(Options.LAST_LINE, on);
    }

    /**
     * How much may wait for a session's worker before no more of it is read, in bytes of heap: two for each
     * character, and 64 more for each message. A single message may be longer. Default: 64 KiB.
     */
    public final B laneLimit(int bytes) {
        return set(Options.LANE_LIMIT, (long) bytes);
    }

    /**
     * How much may wait for a session's peer before no more of its messages are read and handled, in bytes of
     * heap: each reply counts for 32 more than its length. Default: 64 KiB.
     */
    public final B highWater(int bytes) {
        return set(Options.HIGH_WATER, (long) bytes);
    }

    /**
     * How much may wait for a session's peer at all, in bytes of heap; a session that would exceed it is ended. Up
     * to the high water a single reply may be longer. Default: half of {@link #replyMemory}.
     */
    public final B outboxLimit(long bytes) {
        return set(Options.OUTBOX_LIMIT, bytes);
    }

    /**
     * How many bytes of heap the replies may take up that wait for all peers together. When it is more, a session
     * may hold an equal share; if that frees nothing for a second, the largest holder is ended. Default: a sixth
     * of the heap.
     */
    public final B replyMemory(long bytes) {
        return set(Options.REPLY_MEMORY, bytes);
    }

    /**
     * How many bytes of heap may be held for all sessions together that are not decoded yet: unfinished messages,
     * and messages for which a lane has no room. When it is more, the same happens as with {@link #replyMemory}.
     * Default: a sixth of the heap.
     */
    public final B requestMemory(long bytes) {
        return set(Options.REQUEST_MEMORY, bytes);
    }

    /**
     * How many bytes of heap the messages of all sessions may take up that wait for a worker, those of lost
     * sessions included. When it is more, the same happens as with {@link #replyMemory}. Default: a sixth of the
     * heap.
     */
    public final B messageMemory(long bytes) {
        return set(Options.MESSAGE_MEMORY, bytes);
    }

    /**
     * How many requests of all sessions may be held for a later reply ({@link Session#hold}) before the sessions
     * that hold some are not read. Default: 65,536.
     */
    public final B maxHeld(int count) {
        return set(Options.MAX_HELD, count);
    }

    /** How many requests of a session may be held for a later reply before no more of it are read. Default: 1,024. */
    public final B maxHeldPerSession(int count) {
        return set(Options.MAX_HELD_PER_SESSION, count);
    }

    /**
     * How long a session may exchange no byte while nothing waits to be handled, answered or written; then it is ended
     * in order. Default: zero, no limit.
     */
    public final B idleTimeout(Duration timeout) {
        return set(Options.IDLE_TIMEOUT, timeout);
    }

    /**
     * How long a session may begin no message, whatever it is sent, while nothing of it waits to be handled or answered:
     * for clients that have to send a sign of life. Then its handler is asked ({@link SessionHandler#onReadIdle}), and
     * as a rule it is ended in order. Time in which the server did not read does not count; a message that has begun has
     * its own limit, {@link #messageTimeout}. Default: zero, no limit.
     */
    public final B readIdleTimeout(Duration timeout) {
        return set(Options.READ_IDLE_TIMEOUT, timeout);
    }

    /**
     * How long a session may be sent nothing, while nothing of it waits to be handled or written, before its handler is
     * told ({@link SessionHandler#onWriteIdle}), which it has to override. Default: zero, it is not told.
     */
    public final B writeIdleTimeout(Duration timeout) {
        return set(Options.WRITE_IDLE_TIMEOUT, timeout);
    }

    /**
     * How long the rest of a message may take to arrive after its first byte; time in which the server did not read
     * does not count. Zero: no limit. Default: 30 s.
     */
    public final B messageTimeout(Duration timeout) {
        return set(Options.MESSAGE_TIMEOUT, timeout);
    }

    /** How long a peer may accept none of the bytes that wait for it. Zero: no limit. Default: 30 s. */
    public final B writeTimeout(Duration timeout) {
        return set(Options.WRITE_TIMEOUT, timeout);
    }

    /**
     * How long a session that the server ends waits for the peer to end it too, so that no reply is lost to a reset.
     * Zero: not at all. Default: 2 s.
     */
    public final B lingerTimeout(Duration timeout) {
        return set(Options.LINGER_TIMEOUT, timeout);
    }

    /**
     * How long the server goes on serving after a drain is requested, before the drain begins; meanwhile it is
     * {@linkplain Inspection#isStopping stopping}, so that balancers send no more clients. A drain with a timeout of
     * zero is not delayed. Default: zero, not at all.
     */
    public final B drainDelay(Duration delay) {
        return set(Options.DRAIN_DELAY, delay);
    }

    /**
     * A pass of the selector thread that takes longer than this, in which no other session is served, is logged with
     * what it and those before it did, once a second at most. Zero: none is. Default: 250 ms.
     */
    public final B stallAfter(Duration time) {
        return set(Options.STALL_AFTER, time);
    }

    /** How long {@link ReactorServer#drain()} may take; zero cuts off at once. Default: 10 s. */
    public final B drainTimeout(Duration timeout) {
        return set(Options.DRAIN_TIMEOUT, timeout);
    }

    /**
     * How many threads handle messages. Default: the number of processors. With 0 the selector thread handles them, and
     * a handler that waits delays all sessions.
     */
    public final B workers(int count) {
        return set(Options.WORKERS, WorkerCount.of(count));
    }

    /** Handles messages on virtual threads, one per session that has messages. Needs Java 21. */
    public final B virtualThreads() {
        return set(Options.WORKERS, WorkerCount.VIRTUAL);
    }

    /** How long a client has for its PROXY header and its handshake together. Zero: no limit. Default: 10 s. */
    public final B handshakeTimeout(Duration timeout) {
        return set(Options.HANDSHAKE_TIMEOUT, timeout);
    }
}
