package org.reactorserver.cluster;

import static org.reactorserver.text.Log.LOG;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.reactorserver.Group;
import org.reactorserver.GroupBus;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;

/**
 * Groups with members on several instances, which share a bus:
 *
 * <pre>{@code
 * SharedGroups shared = SharedGroups.over(Nats.bus("nats://127.0.0.1:4222")).start(server);
 * SharedGroup room = shared.group("room 7");
 * room.join(session);
 * room.send("hello"); // to the members here, and to those of all other instances
 * }</pre>
 *
 * <p>Without the bus the server serves on, and shared groups are of this instance alone; what that has members miss is
 * counted. Nothing waits for the bus but one thread of this object's own. Any thread.
 */
public final class SharedGroups implements AutoCloseable {
    /** How the group of all sessions is called where it has to have a name. */
    public static final String EVERYONE = "everyone";

    private static final int LONGEST_NAME = 255;
    private static final String ALL_INSTANCES = "instances";
    private static final String OF_GROUPS = "group/";
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int REFRESH = 30; // heartbeats after which a group is told again though nothing has changed
    private static final int UNSUBSCRIBE = 10; // heartbeats without members
    private static final int FORGET = 60; // heartbeats without any use

    private final String name;
    private final long number;
    private final ReactorServer server;
    private final GroupBus bus;
    private final Clockwork clockwork;
    private final long heartbeatNanos;
    private final Outgoing outgoing;
    private final Instances instances;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>(); // by their addresses
    private final AtomicLong series = new AtomicLong();
    private final Incoming incoming;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private SharedGroups(Builder builder, ReactorServer server) {
        this.name = builder.name == null ? String.join(" ", server.listening()) : builder.name;
        this.server = server;
        this.bus = builder.bus;
        this.clockwork = builder.clockwork == null ? new BusThread("bus") : builder.clockwork;
        this.number = clockwork.uniqueNumber();
        this.heartbeatNanos = builder.heartbeat.toNanos();
        this.outgoing = new Outgoing(bus, clockwork, builder.queueLimit);
        this.instances = new Instances(builder.deadline.toNanos(), builder.listener);
        this.incoming = new Incoming(number, bus, clockwork, topics, instances, builder.listener, this::setUp);
    }

    /** Begins to describe groups that are shared over this bus. */
    public static Builder over(GroupBus bus) {
        return new Builder(Objects.requireNonNull(bus, "bus"));
    }

    /**
     * The group of this name, with its members everywhere; those here are those of {@code server.group(name)}.
     *
     * @throws IllegalArgumentException if the name is empty or longer than 255 bytes of UTF-8
     */
    public SharedGroup group(String group) {
        int length = group.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST_NAME) {
            throw new IllegalArgumentException("group(\"%s\"): the name of a shared group must be 1 to %d bytes, not %d"
                    .formatted(length > LONGEST_NAME ? group.substring(0, 20) + "…" : group, LONGEST_NAME, length));
        }
        return new View(OF_GROUPS + group, server.group(group), false);
    }

    /** The group of all sessions of all instances; without this call, what others send to it does not come in. */
    public SharedGroup everyone() {
        topic(EVERYONE, server.everyone());
        clockwork.execute(() -> look(topics.get(EVERYONE)));
        return new View(EVERYONE, server.everyone(), false);
    }

    /** Its name among the instances. */
    public String name() {
        return name;
    }

    /** What they are shared over, for people. */
    public String bus() {
        return bus.toString();
    }

    /** The names of the other instances that are there. */
    public List<String> instances() {
        return instances.names();
    }

    /** The counters as they are now. */
    public ClusterStats stats() {
        return new ClusterStats(
                outgoing.isUp(),
                instances.count(),
                topics.size(),
                outgoing.waiting(),
                outgoing.published.sum(),
                outgoing.unpublished.sum(),
                incoming.received.sum(),
                incoming.missed.sum(),
                incoming.stale.sum(),
                incoming.unreadable.sum(),
                incoming.interruptions.sum());
    }

    /**
     * Tells the others, leaves the bus and closes it; happens by itself when the server has ended. Does not wait.
     *
     * @return completed when that is done
     */
    public CompletableFuture<Void> closeAsync() {
        clockwork.execute(this::end);
        return ended.copy();
    }

    /** The same, and waits for it, for two seconds at most. */
    @Override
    public void close() {
        try {
            closeAsync().get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("the bus {} was left without a word: {}", bus, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the bus's thread

    private void begin() {
        bus.subscribe(ALL_INSTANCES);
        bus.open(incoming);
        clockwork.every(Duration.ofNanos(heartbeatNanos), this::tryBeat);
        server.whenClosed().whenComplete((report, failure) -> closeAsync());
    }

    /** What fails once is to be done the next time. */
    private void tryBeat() {
        try {
            beat();
        } catch (RuntimeException e) {
            LOG.warn("the heartbeat at the bus {} failed: {}", bus, e.toString());
        }
    }

    private void beat() {
        long now = clockwork.nanoTime();
        List<Long> forgotten = instances.silence(now);
        if (outgoing.isUp()) {
            outgoing.add(ALL_INSTANCES, Frame.instance(Frame.Kind.ALIVE, number, name));
        }
        for (Topic topic : topics.values()) {
            look(topic);
            if (outgoing.isUp()) {
                topic.tell(now, REFRESH * heartbeatNanos);
            }
            topic.forget(forgotten);
            if (topic.forget(now, FORGET * heartbeatNanos)) {
                topics.remove(topic.address);
            }
        }
    }

    /** Has the bus know whether messages are to come in. */
    private void look(Topic topic) {
        if (topic == null || ended.isDone()) {
            return;
        }
        long now = clockwork.nanoTime();
        boolean isWanted = topic.wants(now, UNSUBSCRIBE * heartbeatNanos);
        if (!topic.setSubscribed(isWanted)) {
            return;
        }
        if (!isWanted) {
            bus.unsubscribe(topic.address);
            return;
        }
        bus.subscribe(topic.address);
        if (outgoing.isUp()) {
            topic.ask(now, REFRESH * heartbeatNanos);
        }
    }

    /** The bus's threads. */
    private void setUp(boolean isUp) {
        outgoing.setUp(isUp);
        if (isUp) {
            clockwork.execute(this::greet);
        }
    }

    /** The bus is there, again perhaps: who is there, and what have they sent meanwhile? */
    private void greet() {
        outgoing.add(ALL_INSTANCES, Frame.instance(Frame.Kind.ALIVE, number, name));
        for (Topic topic : topics.values()) {
            if (topic.isSubscribed()) {
                topic.ask(clockwork.nanoTime(), REFRESH * heartbeatNanos);
            } else {
                topic.tellSoon();
            }
        }
    }

    private void end() {
        if (ended.isDone()) {
            return;
        }
        if (outgoing.isUp()) {
            topics.values().forEach(topic -> topic.tell(clockwork.nanoTime(), REFRESH * heartbeatNanos));
            outgoing.add(ALL_INSTANCES, Frame.instance(Frame.Kind.BYE, number, name));
            outgoing.publish();
        }
        bus.close();
        outgoing.setUp(false);
        clockwork.close();
        ended.complete(null);
    }

    // ---- any thread

    private Topic topic(String address, Group here) {
        return topics.computeIfAbsent(address, each -> {
            boolean isForAll = address.equals(EVERYONE);
            String group = isForAll ? EVERYONE : address.substring(OF_GROUPS.length());
            return new Topic(
                    group, address, here, isForAll, number, series.incrementAndGet(), outgoing, clockwork.nanoTime());
        });
    }

    private final class View extends Delegate {
        private final String address;
        private final boolean skipsSlow;

        View(String address, Group here, boolean skipsSlow) {
            super(here);
            this.address = address;
            this.skipsSlow = skipsSlow;
        }

        @Override
        public boolean join(Session session) {
            boolean isIn = super.join(session);
            if (isIn && !topic(address, here).isSubscribed()) {
                clockwork.execute(() -> look(topic(address, here)));
            }
            return isIn;
        }

        @Override
        public Sent share(String text) {
            return share(text, Frame.Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Sent share(byte[] message) {
            return share(message, Frame.Kind.BYTES, message);
        }

        private Sent share(Object message, Frame.Kind kind, byte[] body) {
            Sent sent = null;
            while (sent == null) {
                sent = topic(address, here).send(message, skipsSlow, kind, body, clockwork.nanoTime());
            }
            return sent;
        }

        @Override
        public Map<String, Integer> everywhere() {
            return topic(address, here).everywhere(name, instances);
        }

        @Override
        public SharedGroup skippingSlow() {
            return new View(address, here, true);
        }

        @Override
        public String toString() {
            return "shared " + here;
        }
    }

    /** Describes shared groups; every value but the bus has a default. Not thread-safe. */
    public static final class Builder {
        private final GroupBus bus;
        private String name;
        private Duration heartbeat = Duration.ofSeconds(1);
        private Duration deadline = Duration.ofMillis(3_500);
        private long queueLimit = 8 << 20;
        private ClusterListener listener = ClusterListener.NONE;
        private Clockwork clockwork;

        private Builder(GroupBus bus) {
            this.bus = bus;
        }

        /** What the instance is called by the others; by itself, where the server listens. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * How often the instance says that it is there, and what it has sent and how many members it has where that has
         * changed; by itself once a second.
         *
         * @throws IllegalArgumentException if that is not more than zero
         */
        public Builder heartbeat(Duration time) {
            this.heartbeat = positive("heartbeat", time);
            return this;
        }

        /**
         * How long another instance may be silent before it counts as gone; by itself 3.5 s.
         *
         * @throws IllegalArgumentException if that is not more than zero
         */
        public Builder deadline(Duration time) {
            this.deadline = positive("deadline", time);
            return this;
        }

        private static Duration positive(String what, Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException(what + " must be more than zero, not " + time);
            }
            return time;
        }

        /**
         * How many bytes of heap what waits for the bus may take up, by itself 8 MiB; what does not fit is not sent to
         * other instances, and the sender is told.
         *
         * @throws IllegalArgumentException if that is less than 1
         */
        public Builder queueLimit(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("queueLimit must be 1 or more, not " + bytes);
            }
            this.queueLimit = bytes;
            return this;
        }

        /** Is told who comes and goes, and what was missed. */
        public Builder listener(ClusterListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** What it runs on in place of a thread of its own: a simulation's. */
        public Builder clockwork(Clockwork clockwork) {
            this.clockwork = Objects.requireNonNull(clockwork, "clockwork");
            return this;
        }

        /** Begins; whether the bus is there yet or not. Ends when the server has ended. */
        public SharedGroups start(ReactorServer server) {
            SharedGroups made = new SharedGroups(this, server);
            made.clockwork.execute(made::begin);
            return made;
        }
    }
}
