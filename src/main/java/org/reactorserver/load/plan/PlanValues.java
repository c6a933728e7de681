package org.reactorserver.load.plan;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.reactorserver.dial.Route;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.protocol.Scenario;

/** What a plan consists of, each with its default. Changed by the plan's builder only. */
abstract class PlanValues {
    /** What the default server answers. */
    public static final String DEFAULT_REPLY = "收到客户端信息";

    private static final long NEVER = 0;

    String host = "127.0.0.1";
    int port = 8888;
    Route route = Route.DIRECT;
    Framing framing = Framing.chunks();
    int connections = 50;
    int threads = 1;
    long durationNanos = Duration.ofSeconds(10).toNanos();
    long messages;
    long warmUpNanos = Duration.ofSeconds(2).toNanos();
    double rateAtFirst;
    double rate;
    boolean randomArrivals;
    int depth = 1;
    int size = 64;
    String message;
    boolean escaped; // message and expected reply, which are the bytes on the wire then
    String expect = DEFAULT_REPLY;
    boolean expectEcho;
    ReplyEnd replyEnd; // null: as the framing says, if it does
    ReplyEnd greeting; // null: there is none
    double connectRate;
    int perConnection;
    boolean reconnects;
    long timeoutNanos = Duration.ofSeconds(5).toNanos();
    long thinkNanos = NEVER;
    List<InetAddress> sources = List.of();
    long seed = 1;
    Misbehaviour misbehaviour = Misbehaviour.NONE;
    Scenario scenario; // null: all messages are alike

    /** Where the server is: a name or an address. */
    public String host() {
        return host;
    }

    /** The server's port. */
    public int port() {
        return port;
    }

    /** How it is reached; host and port mean nothing if that is by a Unix socket. */
    public Route route() {
        return route;
    }

    /** How messages and replies are told apart. */
    public Framing framing() {
        return framing;
    }

    /** How many connections are opened, and kept open. */
    public int connections() {
        return connections;
    }

    /** How many threads share the connections, each with a selector of its own. */
    public int threads() {
        return threads;
    }

    /** How long messages are sent and measured, after the warm-up, in nanoseconds; 0: until all messages are sent. */
    public long durationNanos() {
        return durationNanos;
    }

    /** How many messages are sent and measured in all; 0: until the duration is over. */
    public long messages() {
        return messages;
    }

    /** How long messages are sent and checked before they are measured, in nanoseconds; 0: not at all. */
    public long warmUpNanos() {
        return warmUpNanos;
    }

    /** Open model: messages a second, on all connections together, at the end; 0: closed model. */
    public double rate() {
        return rate;
    }

    /** Open model: messages a second in the warm-up, from which the rate rises evenly; as a rule the same. */
    public double rateAtFirst() {
        return rateAtFirst;
    }

    /** Open model: messages a second in the measured span, on average. */
    public double meanRate() {
        return (rateAtFirst + rate) / 2;
    }

    /** Open model: whether messages come at random, as those of many users who do not know each other. */
    public boolean hasRandomArrivals() {
        return randomArrivals;
    }

    /** Closed model: how many messages are outstanding on each connection. */
    public int depth() {
        return depth;
    }

    /** How many bytes a message has that is made to size, framing not counted. */
    public int size() {
        return size;
    }

    /** The text of the messages, with {@code {id}} and {@code {seq}} to be replaced; null: they are made to size. */
    public String message() {
        return message;
    }

    /** Whether message and expected reply are written with escapes and are all that is on the wire. */
    public boolean escaped() {
        return escaped;
    }

    /** The text of the expected replies, likewise; null: the message itself, or anything. */
    public String expect() {
        return expect;
    }

    /** Whether every message is expected back. */
    public boolean expectEcho() {
        return expectEcho;
    }

    /** How it is known where a reply ends; null: only the expected bytes tell. */
    public ReplyEnd replyEnd() {
        return replyEnd == null ? ReplyEnd.of(framing) : replyEnd;
    }

    /** What the server says first on a connection, whatever it is; null: nothing. */
    public ReplyEnd greeting() {
        return greeting;
    }

    /** How many connections are opened a second; 0: as fast as the server takes them. */
    public double connectRate() {
        return connectRate;
    }

    /** After so many messages a connection is ended and another one opened in its place; 0: never. */
    public int perConnection() {
        return perConnection;
    }

    /** Whether a connection that has ended before its time is opened again. */
    public boolean reconnects() {
        return reconnects;
    }

    /** How long connecting, a reply, or the writing of a byte may take, in nanoseconds. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /**
     * Closed model: how long a connection waits between a reply and its next message, in nanoseconds; 0:
     * not at all.
     */
    public long thinkNanos() {
        return thinkNanos;
    }

    /** The local addresses to connect from, in turn; the system's choice if empty. */
    public List<InetAddress> sources() {
        return sources;
    }

    /** The same seed and plan send the same bytes. */
    public long seed() {
        return seed;
    }

    /** In which way this is a bad client. */
    public Misbehaviour misbehaviour() {
        return misbehaviour;
    }

    /** What connections say and expect to hear, instead of message and expected reply; null: it is these. */
    public Scenario scenario() {
        return scenario;
    }

    /** Whether messages are sent by a timetable, and not each after a reply. */
    public boolean isOpenModel() {
        return rate > 0;
    }

    /** What is sent and expected; one for each thread that uses it. */
    public Exchange exchange() {
        Payload payload = payload();
        Payload reply = expectEcho ? payload() : expect == null ? null : text("expect", expect);
        return new Exchange(framing, payload, reply, replyEnd());
    }

    private Payload payload() {
        return message == null ? Payload.ofSize(size, seed) : text(escaped ? "send" : "message", message);
    }

    private Payload text(String name, String template) {
        try {
            return Payload.of(template, escaped);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
