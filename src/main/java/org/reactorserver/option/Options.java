package org.reactorserver.option;

import static org.reactorserver.option.Kind.choice;
import static org.reactorserver.option.Kind.count;
import static org.reactorserver.option.Kind.duration;
import static org.reactorserver.option.Kind.flag;
import static org.reactorserver.option.Kind.list;
import static org.reactorserver.option.Kind.mode;
import static org.reactorserver.option.Kind.seconds;
import static org.reactorserver.option.Kind.size;
import static org.reactorserver.option.Kind.words;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.reactorserver.limit.Cidr;
import org.reactorserver.limit.ClientKey;
import org.reactorserver.limit.Rate;
import org.reactorserver.option.Option.Topic;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;

/** All options of a server, but for its framing, its handler and those of extensions. */
public final class Options {
    private static final int MANY = Integer.MAX_VALUE;
    private static final long KIB = 1024;
    private static final int MOST_KEEP_SECONDS = 32_767; // MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL of Linux
    private static final int MOST_KEEP_COUNT = 127; // MAX_TCP_KEEPCNT
    private static final String AS_THE_SYSTEM = "as the system has it";
    private static final List<Option<?>> ALL = new ArrayList<>();

    // -- where

    /** The address to listen at: 0.0.0.0 for all of IPv4, :: for all. */
    public static final Option<String> HOST = add(
            "host",
            Topic.WHERE,
            words("HOST"),
            "127.0.0.1",
            "Address to listen at; 0.0.0.0 for all of IPv4, :: for all.");

    /** The port to listen at. */
    public static final Option<Integer> PORT =
            add("port", Topic.WHERE, count(0, 65_535), 8888, "Port to listen at; 0 for any.");

    /** Where to listen, in place of host and port, and what is spoken there before messages are. */
    public static final Option<List<Listen>> LISTEN = workedOut(
            "listen",
            Topic.WHERE,
            list("WHERE", " ", Listen.FORM, Listen::parse),
            "--host and --port",
            "In place of --host and --port, and as often as needed: HOST:PORT, [IPV6]:PORT, unix:PATH, or inherit for"
                    + " the socket that systemd passes; with ,tls or ,proxy or both behind it.");

    /** The permissions of Unix sockets' files. */
    public static final Option<Integer> SOCKET_MODE = add(
            "socket-mode",
            Topic.WHERE,
            mode(),
            Endpoint.USUAL_MODE,
            "Permissions of the files of Unix sockets; users with write permission may connect.");

    /** Whether connections begin with a PROXY header, at every endpoint. */
    public static final Option<ProxyProtocol> PROXY_PROTOCOL = add(
            "proxy-protocol",
            Topic.WHERE,
            choice(ProxyProtocol.class),
            ProxyProtocol.OFF,
            "Whether every connection begins with a PROXY header, version 1 or 2, with the client's address.");

    private static final String FILES = "a file";

    /** The certificates of TLS: PEM files with the chain, or PKCS#12 files with the key in them. */
    public static final Option<List<Path>> TLS_CERT = workedOut(
            "tls-cert",
            Topic.WHERE,
            list("FILE,...", ",", FILES, Path::of),
            "no TLS",
            "Serve TLS with this certificate chain (PEM), or PKCS#12 file (.p12, .pfx); of several, the name that"
                    + " the client asks for decides (SNI).");

    /** Their keys, in the same order; none for PKCS#12 files. */
    public static final Option<List<Path>> TLS_KEY = workedOut(
            "tls-key",
            Topic.WHERE,
            list("FILE,...", ",", FILES, Path::of),
            "none",
            "The certificates' keys, in the same order: PKCS#8 (PEM) without a password.");

    /** The password of PKCS#12 files, as a file's first line. */
    public static final Option<String> TLS_PASSWORD_FILE = workedOut(
            "tls-password-file",
            Topic.WHERE,
            words("FILE"),
            "no password",
            "The password of PKCS#12 files: the first line of this file.");

    /** The authorities that sign clients' certificates. */
    public static final Option<String> TLS_CLIENT_CA = workedOut(
            "tls-client-ca",
            Topic.WHERE,
            words("FILE"),
            "clients need no certificate",
            "Clients must show a certificate signed by one of these authorities (PEM; mTLS).");

    /** The addresses that may send PROXY headers; clients of a Unix socket may. */
    public static final Option<List<Cidr>> PROXY_TRUST = add(
            "proxy-trust",
            Topic.WHERE,
            list("CIDR,...", ",", "an address or a block", Cidr::parse),
            List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")),
            "The proxies that may send PROXY headers; others are refused where one is required.");

    /** How many connections the kernel keeps for {@code accept()}; it may allow fewer. */
    public static final Option<Integer> BACKLOG =
            add("backlog", Topic.WHERE, count(1, MANY), 1024, "Connections the kernel keeps for accept().");

    // -- what

    /** Threads that handle messages. */
    public static final Option<WorkerCount> WORKERS = workedOut(
            "workers",
            Topic.WHAT,
            WorkerCount.kind(),
            "the number of processors",
            "Threads that handle messages; 0: the selector thread; virtual: a virtual thread per batch (Java 21).");

    /** The charset of texts. */
    public static final Option<Charset> CHARSET = add(
            "charset",
            Topic.WHAT,
            Kind.charset(),
            StandardCharsets.UTF_8,
            "Charset of texts, such as GBK or ISO-8859-1.");

    /** How bytes are treated that are not valid in the charset. */
    public static final Option<InvalidUtf8> INVALID_UTF8 = add(
            "invalid-utf8",
            Topic.WHAT,
            choice(InvalidUtf8.class),
            InvalidUtf8.REJECT,
            "How bytes are treated that are not valid UTF-8, or not valid in the charset.");

    /** Whether a last line counts that the stream ends without its line feed; for line framing. */
    public static final Option<Boolean> LAST_LINE = add(
            "last-line",
            Topic.WHAT,
            flag(),
            false,
            "In line framing, take a last line without line feed at the end of the stream.");

    // -- limits

    /** The longest message accepted, in bytes of its encoding. */
    public static final Option<Long> MAX_MESSAGE =
            add("max-message", Topic.LIMITS, size(4, MANY - 64), 64 * KIB, "Longest message.");

    /** How many connections may be open at a time; at most the limit of open files less 32. */
    public static final Option<Integer> MAX_CONNECTIONS = workedOut(
            "max-connections",
            Topic.LIMITS,
            count(1, MANY),
            "the limit of open files less 32",
            "Most connections at a time.");

    /** How many connections may be open at a time from one address. */
    public static final Option<Integer> MAX_CONNECTIONS_PER_IP = workedOut(
            "max-connections-per-ip",
            Topic.LIMITS,
            count(1, MANY),
            "no limit",
            "Most connections at a time from one address.");

    /** The clients that may connect; if any are named, no others. */
    public static final Option<List<Cidr>> ALLOW = workedOut(
            "allow",
            Topic.LIMITS,
            list("CIDR,...", ",", "an address or a block", Cidr::parse),
            "all",
            "Clients that may connect, and no others; of several blocks the longest prefix decides.");

    /** The clients that may not connect. */
    public static final Option<List<Cidr>> DENY = workedOut(
            "deny",
            Topic.LIMITS,
            list("CIDR,...", ",", "an address or a block", Cidr::parse),
            "none",
            "Clients that may not connect, even if the same block is allowed.");

    /** How many bits of an IPv6 address count where something is limited for each address. */
    public static final Option<Integer> IP6_PREFIX = add(
            "ip6-prefix",
            Topic.LIMITS,
            count(1, 128),
            ClientKey.USUAL.ip6Prefix(),
            "How many bits of an IPv6 address count as one address for limits.");

    /** How many connections a second one address may make. */
    public static final Option<Integer> CONNECT_RATE_PER_IP = workedOut(
            "connect-rate-per-ip",
            Topic.LIMITS,
            count(1, Rate.MOST),
            "no limit",
            "Most new connections a second from one address; a second's worth may come at once.");

    /** How many messages a second of one session are handled. */
    public static final Option<Integer> MAX_MESSAGES_PER_SECOND = workedOut(
            "max-messages-per-second",
            Topic.LIMITS,
            count(1, Rate.MOST),
            "no limit",
            "Most messages a second of a session; above that it is not read for a while.");

    /** How many sessions are served at a time; the others wait in order of arrival. */
    public static final Option<Integer> ACTIVE_SESSIONS = workedOut(
            "active-sessions", Topic.LIMITS, count(1, MANY), "all", "Most sessions served at a time; the others wait.");

    /** How long the place of a session stays empty after its end; zero is not at all. */
    public static final Option<Duration> SESSION_GAP = add(
            "session-gap",
            Topic.LIMITS,
            duration(),
            Duration.ZERO,
            "Pause after a session before its place is given to the next one.");

    /** How many connections are accepted in a pass before the sessions are served again. */
    public static final Option<Integer> ACCEPTS_PER_PASS = add(
            "accepts-per-pass",
            Topic.LIMITS,
            count(1, MANY),
            64,
            "Most connections accepted in a pass before sessions are served again.");

    /** How many messages of a session a worker handles before it turns to another one. */
    public static final Option<Integer> MESSAGES_PER_TURN = add(
            "messages-per-turn",
            Topic.LIMITS,
            count(1, MANY),
            64,
            "Most messages of a session handled before another one's.");

    /**
     * How much may wait for a session's worker before no more of it is read, in bytes of heap: two for each
     * character, and 64 more for each message. A single message may be longer.
     */
    public static final Option<Long> LANE_LIMIT = add(
            "lane-limit",
            Topic.LIMITS,
            size(1, MANY),
            64 * KIB,
            "A session with more bytes of messages than this waiting for a worker is not read.");

    /**
     * How much may wait for a session's peer before no more of its messages are read and handled, in bytes of heap:
     * each reply counts for 32 more than its length.
     */
    public static final Option<Long> HIGH_WATER = add(
            "high-water",
            Topic.LIMITS,
            size(1, MANY),
            64 * KIB,
            "A session with more bytes of replies than this waiting is not read.");

    /** How much may wait for a session's peer at all, in bytes of heap; one that would exceed it is ended. */
    public static final Option<Long> OUTBOX_LIMIT = workedOut(
            "outbox-limit",
            Topic.LIMITS,
            size(1, Long.MAX_VALUE),
            "half of --reply-memory",
            "A session with more bytes of replies than this waiting is ended.");

    /** How many bytes of heap the replies may take up that wait for all peers together. */
    public static final Option<Long> REPLY_MEMORY = workedOut(
            "reply-memory",
            Topic.LIMITS,
            size(1, Long.MAX_VALUE),
            "a sixth of the heap",
            "Most memory for waiting replies, of all sessions.");

    /** How many bytes of heap may be held for all sessions together that are not decoded yet. */
    public static final Option<Long> REQUEST_MEMORY = workedOut(
            "request-memory",
            Topic.LIMITS,
            size(1, Long.MAX_VALUE),
            "a sixth of the heap",
            "Most memory for bytes not decoded yet, of all sessions.");

    /** How many bytes of heap the messages of all sessions may take up that wait for a worker, lost sessions' too. */
    public static final Option<Long> MESSAGE_MEMORY = workedOut(
            "message-memory",
            Topic.LIMITS,
            size(1, Long.MAX_VALUE),
            "a sixth of the heap",
            "Most memory for messages waiting for workers, of all sessions.");

    /** How many requests of all sessions may be held for a later reply before those that hold some are not read. */
    public static final Option<Integer> MAX_HELD = add(
            "max-held", Topic.LIMITS, count(1, MANY), 65_536, "Most requests held for a later reply, of all sessions.");

    /** How many requests of a session may be held for a later reply before no more of it are read. */
    public static final Option<Integer> MAX_HELD_PER_SESSION = add(
            "max-held-per-session",
            Topic.LIMITS,
            count(1, MANY),
            1_024,
            "Most requests of a session held for a later reply.");

    // -- deadlines

    /** How long a client has for its PROXY header and its handshake together; zero: no limit. */
    public static final Option<Duration> HANDSHAKE_TIMEOUT = add(
            "handshake-timeout",
            Topic.DEADLINES,
            duration(),
            Duration.ofSeconds(10),
            "How long the PROXY header and the TLS handshake may take together.");

    /** How long a session may exchange no byte; zero: no limit. */
    public static final Option<Duration> IDLE_TIMEOUT = add(
            "idle-timeout",
            Topic.DEADLINES,
            duration(),
            Duration.ZERO,
            "End a session that exchanges no byte for so long; 0: never.");

    /** How long a session that is read may begin no message; zero: no limit. */
    public static final Option<Duration> READ_IDLE_TIMEOUT = add(
            "read-idle-timeout",
            Topic.DEADLINES,
            duration(),
            Duration.ZERO,
            "End a session that begins no message for so long, whatever it is sent; 0: never.");

    /** How long a session may be sent nothing before its handler is told; zero: for ever. */
    public static final Option<Duration> WRITE_IDLE_TIMEOUT = add(
            "write-idle-timeout",
            Topic.DEADLINES,
            duration(),
            Duration.ZERO,
            "Tell the handler of a session that was sent nothing for so long; 0: never.");

    /** How long the rest of a message may take to arrive after its first byte. */
    public static final Option<Duration> MESSAGE_TIMEOUT = add(
            "message-timeout",
            Topic.DEADLINES,
            duration(),
            Duration.ofSeconds(30),
            "How long the rest of a message may take to arrive.");

    /** How long a peer may accept none of the bytes that wait for it. */
    public static final Option<Duration> WRITE_TIMEOUT = add(
            "write-timeout",
            Topic.DEADLINES,
            duration(),
            Duration.ofSeconds(30),
            "How long a peer may accept none of the bytes that wait for it.");

    /** How long a session that the server ends waits for the peer to end it too; zero is not at all. */
    public static final Option<Duration> LINGER_TIMEOUT = add(
            "linger-timeout",
            Topic.DEADLINES,
            duration(),
            Duration.ofSeconds(2),
            "How long a session that the server ends waits for the peer to end it too.");

    /** How long a shutdown may take; zero cuts off at once. */
    public static final Option<Duration> DRAIN_TIMEOUT =
            add("drain-timeout", Topic.DEADLINES, duration(), Duration.ofSeconds(10), "How long a shutdown may take.");

    /** How long the server goes on serving between the request to shut down and the drain; zero: not at all. */
    public static final Option<Duration> DRAIN_DELAY = add(
            "drain-delay",
            Topic.DEADLINES,
            duration(),
            Duration.ZERO,
            "How long it goes on serving after the request to shut down, while /readyz reports it already.");

    // -- sockets

    /** SO_KEEPALIVE of clients: whether the kernel probes silent peers. */
    public static final Option<Boolean> KEEP_ALIVE =
            add("keep-alive", Topic.SOCKETS, flag(), false, "SO_KEEPALIVE of clients.");

    /** TCP_KEEPIDLE of clients: after how long without traffic a peer is probed. */
    public static final Option<Duration> KEEP_IDLE = workedOut(
            "keep-idle",
            Topic.SOCKETS,
            seconds(MOST_KEEP_SECONDS),
            AS_THE_SYSTEM,
            "TCP_KEEPIDLE of clients: time without traffic before the first probe; implies SO_KEEPALIVE.");

    /** TCP_KEEPINTVL of clients: time between probes that are not answered. */
    public static final Option<Duration> KEEP_INTVL = workedOut(
            "keep-intvl",
            Topic.SOCKETS,
            seconds(MOST_KEEP_SECONDS),
            AS_THE_SYSTEM,
            "TCP_KEEPINTVL of clients: time between probes; implies SO_KEEPALIVE.");

    /** TCP_KEEPCNT of clients: after how many unanswered probes the connection is reset. */
    public static final Option<Integer> KEEP_CNT = workedOut(
            "keep-cnt",
            Topic.SOCKETS,
            count(1, MOST_KEEP_COUNT),
            AS_THE_SYSTEM,
            "TCP_KEEPCNT of clients: unanswered probes before the connection is reset; implies SO_KEEPALIVE.");

    /** TCP_NODELAY of clients: whether replies leave at once. */
    public static final Option<Boolean> NO_DELAY =
            add("no-delay", Topic.SOCKETS, flag(), true, "TCP_NODELAY of clients.");

    /** SO_REUSEADDR of the listeners: whether they may be bound while old connections linger. */
    public static final Option<Boolean> REUSE_ADDRESS =
            add("reuse-address", Topic.SOCKETS, flag(), true, "SO_REUSEADDR of the listener.");

    /** SO_REUSEPORT of the listeners: whether several servers may share a port. */
    public static final Option<Boolean> REUSE_PORT =
            add("reuse-port", Topic.SOCKETS, flag(), false, "SO_REUSEPORT of the listener.");

    /** SO_SNDBUF of clients; 0 leaves it to the kernel. */
    public static final Option<Long> SEND_BUFFER =
            add("send-buffer", Topic.SOCKETS, size(0, MANY), 0L, "SO_SNDBUF of clients; 0: as the system has it.");

    /** SO_RCVBUF of clients; 0 leaves it to the kernel. */
    public static final Option<Long> RECEIVE_BUFFER =
            add("receive-buffer", Topic.SOCKETS, size(0, MANY), 0L, "SO_RCVBUF of clients; 0: as the system has it.");

    // -- watching

    /** A pass that takes longer than this is logged, with what it did; zero: none is. */
    public static final Option<Duration> STALL_AFTER = add(
            "stall-after",
            Topic.WATCHING,
            duration(),
            Duration.ofMillis(250),
            "Log what the selector thread did in a pass that took longer than this; 0: never.");

    private Options() {}

    /** All of them, in the order of the help. */
    public static List<Option<?>> all() {
        return List.copyOf(ALL);
    }

    private static <T> Option<T> add(String name, Topic topic, Kind<T> kind, T standard, String meaning) {
        return add(new Option<>(name, topic, kind, standard, null, meaning));
    }

    private static <T> Option<T> workedOut(String name, Topic topic, Kind<T> kind, String otherwise, String meaning) {
        return add(new Option<>(name, topic, kind, null, otherwise, meaning));
    }

    private static <T> Option<T> add(Option<T> option) {
        ALL.add(option);
        return option;
    }
}
