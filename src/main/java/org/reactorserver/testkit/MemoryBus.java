package org.reactorserver.testkit;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.reactorserver.GroupBus;

/**
 * A bus in memory, for several servers in one JVM: each has a {@link #connection} of its own. It delivers at once, on
 * the thread that publishes, unless it is told how else; it can be stopped, and any connection be cut off. Any thread.
 */
public final class MemoryBus {
    private static final int MAX_MESSAGE = 1 << 20;

    /** Decides what becomes of a message on its way. */
    @FunctionalInterface
    public interface Carrier {
        /**
         * Runs the delivery, at once or later, or never. The order of what goes from one connection to another one is
         * to be kept.
         */
        void carry(String from, String to, Runnable delivery);
    }

    private final Carrier carrier;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final AtomicLong carried = new AtomicLong();
    private volatile boolean stopped;

    /** A bus that delivers everything at once. */
    public MemoryBus() {
        this((from, to, delivery) -> delivery.run());
    }

    /** A bus that delivers as this one does it. */
    public MemoryBus(Carrier carrier) {
        this.carrier = Objects.requireNonNull(carrier, "carrier");
    }

    /** One instance's way to the bus. */
    public GroupBus connection(String name) {
        Connection connection = new Connection(name);
        connections.add(connection);
        return connection;
    }

    /** The bus goes: nothing is delivered, and everybody learns it. */
    public void stop() {
        stopped = true;
        connections.forEach(connection -> connection.say("the bus was stopped"));
    }

    /** It is there again. */
    public void start() {
        stopped = false;
        connections.forEach(connection -> connection.say("the bus was stopped"));
    }

    /**
     * Nothing goes from or to this connection any more, and it learns that.
     *
     * @throws IllegalArgumentException if it is not one of this bus's
     */
    public void cut(GroupBus connection) {
        ours(connection).setCut(true);
    }

    /** It is connected again. */
    public void heal(GroupBus connection) {
        ours(connection).setCut(false);
    }

    private Connection ours(GroupBus connection) {
        if (connection instanceof Connection ours && connections.contains(ours)) {
            return ours;
        }
        throw new IllegalArgumentException(connection + " is not a connection of this bus");
    }

    /** How many messages it has delivered. */
    public long carried() {
        return carried.get();
    }

    private final class Connection implements GroupBus {
        private final String name;
        private final Set<String> topics = ConcurrentHashMap.newKeySet();
        private volatile Listener listener; // null before and after; written under this
        private boolean isCut; // guarded by this
        private volatile boolean isUp; // as the listener knows; written under this
        private boolean isDownTold; // guarded by this

        Connection(String name) {
            this.name = name;
        }

        @Override
        public void open(Listener toBeTold) {
            synchronized (this) {
                if (listener != null) {
                    throw new IllegalStateException("open(...) was called before");
                }
                listener = toBeTold;
            }
            say("the bus was stopped");
        }

        synchronized void setCut(boolean cut) {
            isCut = cut;
            say("the connection was cut");
        }

        synchronized void say(String why) {
            boolean wasUp = isUp;
            isUp = listener != null && !isCut && !stopped;
            if (listener == null) {
                return;
            }
            if (isUp && !wasUp) {
                isDownTold = false;
                listener.up();
            } else if (!isUp && !isDownTold) {
                isDownTold = true;
                listener.down(why);
            }
        }

        @Override
        public boolean publish(String topic, byte[] message) {
            if (!isUp) {
                return false;
            }
            for (Connection other : connections) {
                if (other != this) {
                    byte[] copy = message.clone();
                    carrier.carry(name, other.name, () -> other.deliver(topic, copy));
                }
            }
            return true;
        }

        private void deliver(String topic, byte[] message) {
            synchronized (topics) { // one at a time
                Listener told = listener;
                if (isUp && topics.contains(topic) && told != null) {
                    carried.incrementAndGet();
                    told.received(topic, message);
                }
            }
        }

        @Override
        public void subscribe(String topic) {
            topics.add(topic);
        }

        @Override
        public void unsubscribe(String topic) {
            topics.remove(topic);
        }

        @Override
        public int maxMessage() {
            return MAX_MESSAGE;
        }

        @Override
        public synchronized void close() {
            connections.remove(this);
            isUp = false;
            listener = null;
        }

        @Override
        public String toString() {
            return "memory:" + name;
        }
    }
}
