package org.reactorserver.load.plan;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.reactorserver.dial.Route;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.protocol.Scenario;
import org.reactorserver.load.text.Units;

/**
 * What a load run is to do. Every value has a default; with all of them it suits a server that was
 * started with no option. Immutable; any thread.
 */
public final class LoadPlan implements Cloneable {
    /** What the default server answers. */
    public static final String DEFAULT_REPLY = "收到客户端信息";

    private static final int MAX_SIZE = 16 * 1024 * 1024;
    private static final long NEVER = 0;

    /** So many messages may be without a reply at a time. */
    public static final long MOST_UNDER_WAY = 4_000_000;

    private String host = "127.0.0.1";
    private int port = 8888;
    private Route route = Route.DIRECT;
    private Framing framing = Framing.chunks();
    private int connections = 50;
    private int threads = 1;
    private long durationNanos = Duration.ofSeconds(10).toNanos();
    private long messages;
    private long warmUpNanos = Duration.ofSeconds(2).toNanos();
    private double rateAtFirst;
    private double rate;
    private boolean randomArrivals;
    private int depth = 1;
    private int size = 64;
    private String message;
    private boolean escaped; // message and expected reply, which are the bytes on the wire then
    private String expect = DEFAULT_REPLY;
    private boolean expectEcho;
    private ReplyEnd replyEnd; // null: as the framing says, if it does
    private ReplyEnd greeting; // null: there is none
    private double connectRate;
    private int perConnection;
    private boolean reconnects;
    private long timeoutNanos = Duration.ofSeconds(5).toNanos();
    private long thinkNanos = NEVER;
    private List<InetAddress> sources = List.of();
    private long seed = 1;
    private Misbehaviour misbehaviour = Misbehaviour.NONE;
    private Scenario scenario; // null: all messages are alike

    private LoadPlan() {}

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder(new LoadPlan());
    }

    /** Starts from this plan, which stays as it is. */
    public Builder change() {
        return new Builder(clone());
    }

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
        Payload reply = expectEcho ? payload() : expect == null ? null : Payload.of(expect, escaped);
        return new Exchange(framing, payload, reply, replyEnd());
    }

    private Payload payload() {
        return message == null ? Payload.ofSize(size, seed) : Payload.of(message, escaped);
    }

    @Override
    protected LoadPlan clone() {
        try {
            return (LoadPlan) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Describes a run. A value that cannot be is refused at once. Not thread-safe. */
    public static final class Builder {
        private final LoadPlan plan;

        private Builder(LoadPlan plan) {
            this.plan = plan;
        }

        /** Where the server is; 127.0.0.1. */
        public Builder host(String host) {
            plan.host = Objects.requireNonNull(host, "host");
            return this;
        }

        /** The server's port; 8888. */
        public Builder port(int port) {
            plan.port = (int) inRange("port", port, 1, 65_535);
            return this;
        }

        /** How the server is reached; by TCP, and with nothing before messages. */
        public Builder route(Route route) {
            plan.route = Objects.requireNonNull(route, "route");
            return this;
        }

        /** How messages and replies are told apart; chunks. */
        public Builder framing(Framing framing) {
            plan.framing = Objects.requireNonNull(framing, "framing");
            return this;
        }

        /** How many connections are opened, and kept open; 50. */
        public Builder connections(int count) {
            plan.connections = (int) inRange("connections", count, 1, 1_000_000);
            return this;
        }

        /** How many threads share the connections, each with a selector of its own; 1. */
        public Builder threads(int count) {
            plan.threads = (int) inRange("threads", count, 1, 1_024);
            return this;
        }

        /** How long messages are sent and measured, after the warm-up; 10 s. */
        public Builder duration(Duration duration) {
            plan.durationNanos = nanos("duration", duration, 1);
            plan.messages = 0;
            return this;
        }

        /** How many messages are sent and measured in all, however long it takes; without a warm-up. */
        public Builder messages(long count) {
            plan.messages = inRange("messages", count, 1, Long.MAX_VALUE);
            plan.durationNanos = 0;
            plan.warmUpNanos = 0;
            return this;
        }

        /** How long messages are sent and checked before they are measured; 2 s. */
        public Builder warmUp(Duration duration) {
            plan.warmUpNanos = nanos("warm-up", duration, 0);
            return this;
        }

        /** Open model: messages a second, on all connections together. */
        public Builder rate(double messagesPerSecond) {
            return rate(messagesPerSecond, messagesPerSecond);
        }

        /**
         * Open model: messages a second, on all connections together, in the warm-up and, after an even rise over the
         * duration, at its end.
         */
        public Builder rate(double first, double last) {
            for (double each : new double[] {first, last}) {
                if (!(each > 0 && each <= 1e9)) {
                    throw new IllegalArgumentException(
                            "rate must be above 0 and at most 1000000000 a second, not " + each);
                }
            }
            plan.rateAtFirst = first;
            plan.rate = last;
            return this;
        }

        /** Open model: whether messages come at random (a Poisson process), and not regularly; regularly. */
        public Builder randomArrivals(boolean random) {
            plan.randomArrivals = random;
            return this;
        }

        /** Closed model, whatever rate was given before. */
        public Builder closed() {
            plan.rate = 0;
            plan.rateAtFirst = 0;
            return this;
        }

        /** Closed model: how many messages are outstanding on each connection; 1. */
        public Builder depth(int depth) {
            plan.depth = (int) inRange("depth", depth, 1, 65_536);
            return this;
        }

        /** Messages of so many bytes, framing not counted; 64. */
        public Builder size(long bytes) {
            plan.size = (int) inRange("size", bytes, 1, MAX_SIZE);
            plan.message = null;
            return this;
        }

        /** Messages of this text, {@code {id}} and {@code {seq}} replaced. */
        public Builder message(String template) {
            if (template.isEmpty()) {
                throw new IllegalArgumentException("message must not be empty");
            }
            plan.message = template;
            plan.escaped = false;
            return this;
        }

        /**
         * Messages of these bytes, {@code {id}} and {@code {seq}} replaced, and no framing: for protocols of others.
         * They, and the expected reply, are written with the escapes {@code \\r \\n \\t \\0 \\e \\xHH}.
         */
        public Builder send(String template) {
            message(template);
            plan.escaped = true;
            return this;
        }

        /** Expects this text for a reply, {@code {id}} and {@code {seq}} replaced. */
        public Builder expect(String template) {
            if (template.isEmpty()) {
                throw new IllegalArgumentException("expect must not be empty");
            }
            plan.expect = template;
            plan.expectEcho = false;
            return this;
        }

        /** Expects every message back. */
        public Builder expectEcho() {
            plan.expect = null;
            plan.expectEcho = true;
            return this;
        }

        /** Takes any reply for a right one; the framing or {@link #replyEnd} says where one ends. */
        public Builder expectAnything() {
            plan.expect = null;
            plan.expectEcho = false;
            return this;
        }

        /** How it is known where a reply ends; as the framing says by default. Goes with {@link #expectAnything}. */
        public Builder replyEnd(ReplyEnd end) {
            plan.replyEnd = end;
            return this;
        }

        /** What the server says first on a connection, whatever it is; nothing by default. */
        public Builder greeting(ReplyEnd end) {
            plan.greeting = end;
            return this;
        }

        /** How many connections are opened a second; as fast as the server takes them by default. */
        public Builder connectRate(double perSecond) {
            if (!(perSecond > 0)) {
                throw new IllegalArgumentException("connect-rate must be above 0 a second, not " + perSecond);
            }
            plan.connectRate = perSecond;
            return this;
        }

        /** After so many messages, all answered, a connection is ended and another opened in its place; never. */
        public Builder perConnection(int messages) {
            plan.perConnection = (int) inRange("requests-per-connection", messages, 1, Integer.MAX_VALUE);
            return this;
        }

        /** Whether a connection that has ended before its time is opened again; not. */
        public Builder reconnect(boolean reconnects) {
            plan.reconnects = reconnects;
            return this;
        }

        /** How long connecting, a reply, or the writing of a byte may take; 5 s. */
        public Builder timeout(Duration timeout) {
            plan.timeoutNanos = nanos("timeout", timeout, 1_000_000);
            return this;
        }

        /** Closed model: how long a connection waits between a reply and its next message; zero. */
        public Builder think(Duration pause) {
            plan.thinkNanos = nanos("think", pause, 0);
            return this;
        }

        /** The local addresses to connect from, in turn; the system's choice if empty. */
        public Builder sources(List<InetAddress> addresses) {
            plan.sources = List.copyOf(addresses);
            return this;
        }

        /** The same seed and plan send the same bytes; 1. */
        public Builder seed(long seed) {
            plan.seed = seed;
            return this;
        }

        /**
         * What connections say and expect to hear, instead of message, expected reply, greeting, depth and time to
         * think; none.
         */
        public Builder scenario(Scenario scenario) {
            plan.scenario = Objects.requireNonNull(scenario, "scenario");
            plan.depth = scenario.pipeline();
            return this;
        }

        /** A way to be a bad client; none. */
        public Builder misbehaviour(Misbehaviour misbehaviour) {
            plan.misbehaviour = Objects.requireNonNull(misbehaviour, "misbehaviour");
            return this;
        }

        /**
         * Returns the plan.
         *
         * @throws IllegalArgumentException if two values do not go together
         */
        public LoadPlan build() {
            if (plan.escaped && plan.framing != Framing.chunks()) {
                throw new IllegalArgumentException("send is all that is on the wire and goes without --framing "
                        + plan.framing + "; with a framing, give --message");
            }
            if (plan.scenario == null) {
                refuseGuessing();
            } else {
                checkScenario();
            }
            checkPieces();
            if (plan.threads > plan.connections) {
                throw new IllegalArgumentException(
                        "threads " + plan.threads + " need as many connections, and there are " + plan.connections);
            }
            plan.exchange(); // refuses what stands for nothing
            long underWay = (long) plan.connections * plan.depth;
            if (underWay > MOST_UNDER_WAY) {
                throw new IllegalArgumentException("depth " + plan.depth + " on " + plan.connections
                        + " connections is more than " + MOST_UNDER_WAY + " messages under way; ask for fewer");
            }
            check("message", plan.message);
            check("expect", plan.expect);
            if (plan.route.unix() != null && !plan.sources.isEmpty()) {
                throw new IllegalArgumentException("source-ip goes with TCP; with --unix, leave it out");
            }
            if (plan.rateAtFirst != plan.rate && plan.messages > 0) {
                throw new IllegalArgumentException(
                        "rate that rises needs a time in which it does; give duration, and" + " not messages");
            } else if (plan.randomArrivals && !plan.isOpenModel()) {
                throw new IllegalArgumentException("arrivals poisson goes with a rate; give --rate");
            }
            if (plan.isOpenModel() && plan.thinkNanos > 0) {
                throw new IllegalArgumentException("think goes with the closed model; with a rate, leave it out");
            }
            if (plan.misbehaviour == Misbehaviour.SPLIT_UTF8
                    && (plan.message == null || plan.message.chars().allMatch(c -> c < 0x80))) {
                throw new IllegalArgumentException("misbehave split-utf8 needs a message with a"
                        + " character of several bytes, as in: --message '客户端{id} {seq}'");
            }
            return plan.clone();
        }

        /** What is a reply must be known, and not taken from how TCP has cut the stream. */
        private void refuseGuessing() {
            boolean any = plan.expect == null && !plan.expectEcho;
            if (any && plan.replyEnd() == null) {
                throw new IllegalArgumentException("expect any: chunk framing does not tell where a reply ends, so"
                        + " replies cannot be counted; give --framing line or length, or say it with --reply-end, as"
                        + " in --reply-end http, until:END or bytes:100");
            } else if (!any && plan.replyEnd != null) {
                throw new IllegalArgumentException("reply-end " + plan.replyEnd + " goes with --expect any");
            } else if (plan.replyEnd != null && plan.replyEnd.isNone() && !plan.isOpenModel()) {
                throw new IllegalArgumentException(
                        "reply-end none needs a rate: the closed model sends when it has received; give --rate");
            } else if (plan.greeting != null && plan.greeting.isNone()) {
                throw new IllegalArgumentException("greeting none: leave the option out if there is none");
            }
            if (plan.perConnection > 0 && plan.misbehaviour != Misbehaviour.NONE) {
                throw new IllegalArgumentException("requests-per-connection and misbehave " + plan.misbehaviour
                        + " do not go together; leave one out");
            }
        }

        private void checkPieces() {
            boolean inPieces =
                    plan.misbehaviour == Misbehaviour.BYTE_AT_A_TIME || plan.misbehaviour == Misbehaviour.SPLIT_UTF8;
            boolean isFramed = plan.escaped || plan.scenario != null || plan.framing != Framing.chunks();
            if (inPieces && !isFramed && !plan.expectEcho) {
                throw new IllegalArgumentException("misbehave " + plan.misbehaviour + " with chunk framing: each piece"
                        + " may be a message for the server, which then answers more often, and is right; give"
                        + " --framing line or length, or --expect echo");
            }
        }

        private void checkScenario() {
            String problem = plan.isOpenModel() ? plan.scenario.forbidsRate() : plan.scenario.needsRate();
            if (problem != null) {
                throw new IllegalArgumentException("scenario: " + problem);
            } else if (plan.thinkNanos > 0 || plan.perConnection > 0 || plan.greeting != null) {
                throw new IllegalArgumentException("scenario: what it says, and when, is all in it; leave out think,"
                        + " requests-per-connection and greeting for: think, close and an expect in the start");
            }
        }

        private void check(String name, String text) {
            if (text == null || plan.escaped || plan.scenario != null) {
                return;
            }
            try {
                plan.framing.check(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
            }
        }

        private static long inRange(String name, long value, long lowest, long highest) {
            if (value < lowest || value > highest) {
                throw new IllegalArgumentException(
                        name + " must be from " + lowest + " to " + highest + ", not " + value);
            }
            return value;
        }

        private static long nanos(String name, Duration duration, long least) {
            long days = duration.toDays();
            if (duration.isNegative() || days > 365 || duration.toNanos() < least) {
                throw new IllegalArgumentException(name + " must be from "
                        + Units.nanos(least) + " to a year, not "
                        + (duration.isNegative() || days > 365 ? duration : Units.nanos(duration.toNanos())));
            }
            return duration.toNanos();
        }
    }
}
