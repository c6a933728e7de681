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
public final class LoadPlan extends PlanValues implements Cloneable {
    private static final int MAX_SIZE = 16 * 1024 * 1024;

    /** So many messages may be without a reply at a time. */
    public static final long MOST_UNDER_WAY = 4_000_000;

    private LoadPlan() {}

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder(new LoadPlan());
    }

    /** Starts from this plan, which stays as it is. */
    public Builder change() {
        return new Builder(clone());
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
                            "rate must be above 0 and at most 1000000000 a second, not " + Units.plain(each));
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
                throw new IllegalArgumentException(
                        "connect-rate must be above 0 a second, not " + Units.plain(perSecond));
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
            Consistency.check(plan, MOST_UNDER_WAY);
            return plan.clone();
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
                String given =
                        duration.isNegative() || days > 365 ? duration.toString() : Units.nanos(duration.toNanos());
                throw new IllegalArgumentException(name + " must be "
                        + (least == 1 ? "above 0 and at most" : "from " + Units.nanos(least) + " to") + " a year, not "
                        + (duration.isZero() ? "0" : given));
            }
            return duration.toNanos();
        }
    }
}
