package org.reactorserver.testkit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.reactorserver.GroupBus;
import org.reactorserver.ReactorServer;
import org.reactorserver.cluster.Clockwork;
import org.reactorserver.cluster.SharedGroups;
import org.reactorserver.testkit.net.Dice;

/**
 * What simulated servers share groups over: {@link SimulatedServer#bus}. The seed decides how long a message is under
 * way, and which ones are lost; what goes from one server to another one keeps its order.
 *
 * <pre>{@code
 * SharedGroups ofOne = simulation.bus().share(simulation.start(builder()), "one");
 * SharedGroups ofTwo = simulation.bus().share(simulation.start(builder()), "two");
 * simulation.bus().cut("two");
 * }</pre>
 *
 * <p>All methods are for the script's thread.
 */
public final class SimulatedBus {
    private final Dice dice;
    private final Calendar calendar;
    private final LongSupplier clock;
    private final Supplier<Executor> threads;
    private final Consumer<String> trace;
    private final MemoryBus bus = new MemoryBus(this::carry);
    private final Map<String, GroupBus> connections = new HashMap<>();
    private final Map<String, Long> lastArrival = new HashMap<>(); // by the way
    private final Map<String, Strand> receivers = new HashMap<>();
    private long started;
    private long longestMillis = 20;
    private int lost; // one in so many; 0: none

    SimulatedBus(Dice dice, Calendar calendar, LongSupplier clock, Supplier<Executor> threads, Consumer<String> trace) {
        this.dice = dice;
        this.calendar = calendar;
        this.clock = clock;
        this.threads = threads;
        this.trace = trace;
    }

    /** A message is under way for so long at most; 20 ms by itself. */
    public SimulatedBus delays(Duration longest) {
        longestMillis = longest.toMillis();
        return this;
    }

    /** One message in so many is lost without a word; none if it is 0, as by itself. */
    public SimulatedBus loses(int oneIn) {
        lost = oneIn;
        return this;
    }

    /** Has this server share its groups with the others, as {@code SharedGroups.over(bus).start(server)} does. */
    public SharedGroups share(ReactorServer server, String name) {
        return share(server, name, sharing -> {});
    }

    /**
     * The same.
     *
     * @param how is given what it starts with, to say more
     */
    public SharedGroups share(ReactorServer server, String name, Consumer<SharedGroups.Builder> how) {
        GroupBus connection = bus.connection(name);
        connections.put(name, connection);
        SharedGroups.Builder sharing = SharedGroups.over(connection).name(name).clockwork(new OfTheSimulation());
        how.accept(sharing);
        return sharing.start(server);
    }

    /**
     * Nothing comes from or to this instance any more, as its name was told to {@link #share}, and it learns that.
     *
     * @throws IllegalArgumentException if there is none
     */
    public void cut(String name) {
        trace.accept("the bus is cut off from " + name);
        bus.cut(connection(name));
    }

    /** It is connected again. */
    public void heal(String name) {
        trace.accept("the bus is there again for " + name);
        bus.heal(connection(name));
    }

    private GroupBus connection(String name) {
        GroupBus connection = connections.get(name);
        if (connection == null) {
            throw new IllegalArgumentException("nobody shares groups by the name of " + name);
        }
        return connection;
    }

    /** The bus goes, and everybody learns it. */
    public void stop() {
        trace.accept("the bus stops");
        bus.stop();
    }

    /** It is there again. */
    public void start() {
        trace.accept("the bus starts");
        bus.start();
    }

    private void carry(String from, String to, Runnable delivery) {
        Actors.point(); // who had to wait for a lock may throw no dice
        send(from, to, delivery);
    }

    private synchronized void send(String from, String to, Runnable delivery) {
        if (dice.oneIn(lost)) {
            trace.accept("a message from " + from + " to " + to + " is lost");
            return;
        }
        long earliest = lastArrival.getOrDefault(from + " " + to, 0L);
        long arrival = Math.max(earliest, clock.getAsLong() + 1_000_000L * dice.between(0, (int) longestMillis));
        lastArrival.put(from + " " + to, arrival);
        Strand receiver = receivers.computeIfAbsent(to, each -> new Strand(threads.get()));
        calendar.add(arrival, () -> receiver.execute(delivery));
    }

    /** One instance's bus thread, and the time. */
    private final class OfTheSimulation implements Clockwork {
        private final Strand strand = new Strand(threads.get());
        private final long number = ++started;
        private volatile boolean isClosed;

        @Override
        public long nanoTime() {
            return clock.getAsLong();
        }

        @Override
        public long uniqueNumber() {
            return number;
        }

        @Override
        public void execute(Runnable task) {
            if (!isClosed) {
                strand.execute(task);
            }
        }

        @Override
        public void every(Duration time, Runnable task) {
            calendar.repeat(clock.getAsLong(), time.toNanos(), () -> execute(task));
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }
}
