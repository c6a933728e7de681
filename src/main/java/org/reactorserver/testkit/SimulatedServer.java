package org.reactorserver.testkit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.reactorserver.CloseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.session.Settings;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.testkit.net.Wire;

/**
 * Your handler and the real server, unmodified, over a network in memory, with a clock that stands still while anybody
 * has something to do, and workers of which one runs at a time. One seed decides about everything that is otherwise
 * left to chance: who is next, how the stream is cut, how much a read or a write moves. So a fault that needs an
 * unlikely order is found by trying seeds, and is there again whenever the same seed is run.
 *
 * <pre>{@code
 * SimulatedServer.seeds(1000).check(simulation -> {
 *     simulation.start(ReactorServer.builder(Framing.lines()).handler(new ChatRoom()));
 *     SimulatedClient anna = simulation.client().send("join anna");
 *     SimulatedClient ben = simulation.client().send("join ben");
 *     assertEquals("welcome", anna.receive());
 *     …
 * });
 * }</pre>
 *
 * <p>A worker may lose its turn whenever it begins with a session's messages, has handled one, or calls a session's
 * {@code send}; and at each {@link #point}. What happens in between happens at once. Locks are respected. Threads of
 * which the simulation does not know are not part of it: have {@link #executor} run what is done later.
 *
 * <p>Not simulated: TLS, Unix sockets, the announcement. When the script is over, the simulation goes on until nothing
 * happens any more, and the server is drained; the seed fails if a handler has thrown, or has not come back.
 *
 * <p>All methods are for the script's thread, unless one says otherwise.
 */
public final class SimulatedServer {
    /** What happens to a server. */
    @FunctionalInterface
    public interface Script {
        /** Starts the server, lets clients do something, and throws if what they see is wrong. */
        void run(SimulatedServer simulation) throws Exception;
    }

    /** Seeds to be run one after the other. Immutable. */
    public static final class Seeds {
        private final long first;
        private final int count;

        private Seeds(long first, int count) {
            this.first = first;
            this.count = count;
        }

        /** As many, from this one on. */
        public Seeds from(long seed) {
            return new Seeds(seed, count);
        }

        /**
         * Runs them all, up to the first one that goes wrong; that one is run again, to see that it does so again.
         *
         * @throws AssertionError what went wrong, with the seed and what has happened
         */
        public void check(Script script) {
            for (long seed = first; seed < first + count; seed++) {
                Outcome outcome = trial(seed, script);
                if (outcome.failure != null) {
                    boolean replays = trial(seed, script).trace.equals(outcome.trace);
                    throw outcome.asError("seed " + seed
                            + (replays
                                    ? ", which does it again: SimulatedServer.run(" + seed + ", …)"
                                    : ", which does not do the same again: something is left to chance that the"
                                            + " simulation does not know, such as threads or the order of a HashMap"));
                }
            }
        }
    }

    /** What a run came to: null if all was well, and what has happened last if not. */
    private record Outcome(Throwable failure, List<String> trace) {
        AssertionError asError(String which) {
            String text = "%s%nwent wrong with %s%nBefore that, by the simulated clock:%n  %s"
                    .formatted(failure.getMessage(), which, String.join(System.lineSeparator() + "  ", trace));
            return new AssertionError(text, failure);
        }
    }

    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final int KEPT_LINES = 60;

    private final Dice dice;
    private final Actors actors;
    private final Director director;
    private final int shortIo;
    private final int sendCapacity;
    private final int receiveCapacity;
    private final List<String> trace = Collections.synchronizedList(new ArrayList<>());

    private SimulatedBus bus; // null: nobody has asked for it
    private volatile CloseReason failed; // of a session, by a fault of the handler or the server
    private boolean mayFail;

    private SimulatedServer(long seed) {
        this.dice = new Dice(seed);
        this.actors = new Actors(dice, dice.pick(1, 2, 3, 8));
        this.director = new Director(dice, actors);
        this.shortIo = dice.pick(0, 2, 5);
        this.sendCapacity = dice.pick(256, 4096, 1 << 16);
        this.receiveCapacity = dice.pick(256, 4096, 1 << 16);
    }

    /** The first so many seeds, to be checked; at least one. */
    public static Seeds seeds(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "seeds(%d): expected 1 or more, else nothing is checked".formatted(count));
        }
        return new Seeds(0, count);
    }

    /**
     * Runs one seed, such as one that {@link Seeds#check} has found.
     *
     * @throws AssertionError what went wrong, with the seed and what has happened
     */
    public static void run(long seed, Script script) {
        Outcome outcome = trial(seed, script);
        if (outcome.failure != null) {
            throw outcome.asError("seed " + seed);
        }
    }

    private static Outcome trial(long seed, Script script) {
        SimulatedServer simulation = new SimulatedServer(seed);
        Throwable failure = null;
        try {
            script.run(simulation);
            simulation.settle();
        } catch (Throwable e) {
            failure = e;
        }
        int happened = simulation.trace.size();
        try {
            simulation.end();
        } catch (RuntimeException | AssertionError e) {
            failure = failure == null ? e : failure; // the first one is the true one
        }
        List<String> lines =
                simulation.trace.subList(failure == null ? happened : Math.max(0, happened - KEPT_LINES), happened);
        return new Outcome(failure, List.copyOf(lines));
    }

    // -- for scripts
    // -------------------------------------------------------------------------------

    /**
     * Starts a server; what the builder has been told holds, but for what is simulated: network, clock, workers. It
     * listens at one TCP endpoint. Called again it starts another one, on a machine of its own; {@link #bus} has them
     * share groups.
     */
    public ReactorServer start(ReactorServer.Builder builder) throws IOException {
        Settings settings = builder.settings();
        if (settings.workers.isVirtual() || settings.workers.threads() > 0) {
            builder.executor(task -> actors.start("worker", task), 1 + dice.below(4));
        }
        Host host = new Host(settings, dice, shortIo, actors::isRunning, this::nanoTime);
        ReactorServer server = builder.selectorProvider(host.network)
                .clock(this::nanoTime)
                .observer(new Witness())
                .startOn(loop -> actors.start("selector", loop));
        host.runs(server);
        director.add(host);
        return server;
    }

    /** Another client, which has connected to the server that was started first. */
    public SimulatedClient client() {
        if (director.hosts().isEmpty()) {
            throw new IllegalStateException("client() before start(...): there is nothing to connect to");
        }
        return client(director.hosts().get(0).server());
    }

    /**
     * Another client, which has connected to this server.
     *
     * @throws IllegalArgumentException if this simulation has not started it
     */
    public SimulatedClient client(ReactorServer server) {
        Host host = director.hosts().stream()
                .filter(each -> each.server() == server)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("client(...): not a server of this simulation"));
        int number = director.countClients() + 1;
        Wire wire = new Wire(address(number), sendCapacity, receiveCapacity);
        host.offer(wire, number);
        SimulatedClient client = new SimulatedClient(
                number, wire, host.settings.framing, host.settings.charset, dice, director, this::say);
        director.add(client);
        say(client + " connects");
        return client;
    }

    /** What the servers can share groups over. Any thread. */
    public synchronized SimulatedBus bus() {
        if (bus == null) {
            bus = new SimulatedBus(dice, director.calendar, this::nanoTime, this::executor, this::say);
        }
        return bus;
    }

    private static InetSocketAddress address(int number) {
        try {
            byte[] host = {10, 0, (byte) (number >> 8), (byte) number};
            return new InetSocketAddress(InetAddress.getByAddress(host), 10_000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Goes on until nobody does anything any more but wait for time to pass. */
    public void settle() {
        director.settle();
    }

    /** Goes on for so long, by the simulated clock; deadlines pass that come before. */
    public void pass(Duration time) {
        long until = nanoTime() + time.toNanos();
        while (director.goOn(until)) {
            continue;
        }
    }

    /** Runs what the application does on threads of its own. Any thread. */
    public Executor executor() {
        return task -> actors.start("task", Objects.requireNonNull(task, "task"));
    }

    /** The same, and each task begins some time later, at most so long: as something that is asked far away. */
    public Executor executor(Duration longest) {
        long most = longest.toMillis();
        return task -> {
            Actors.point(); // who had to wait for a lock may throw no dice
            long delay = TimeUnit.MILLISECONDS.toNanos(dice.between(0, (int) Math.min(most, Integer.MAX_VALUE - 1)));
            Objects.requireNonNull(task, "task");
            director.calendar.add(nanoTime() + delay, () -> actors.start("task", task));
        };
    }

    /** The simulated time, in nanoseconds as of {@link System#nanoTime}. Any thread. */
    public long nanoTime() {
        return director.now();
    }

    /** Handlers that throw are expected: no reason for the seed to fail. */
    public void handlersMayFail() {
        mayFail = true;
    }

    /** Here the worker that calls it may lose its turn. Any thread; outside of a simulation nothing. */
    public static void point() {
        Actors.point();
    }

    /**
     * Something that sessions share, such as a map: the worker that calls any of its methods may lose its turn before
     * that. Any thread.
     *
     * @param type an interface, as which it is used: {@code Set<String> names = shared(Set.class, set)}
     */
    @SuppressWarnings("unchecked") // T differs from the type in what is between the angle brackets only
    public static <T> T shared(Class<? super T> type, T target) {
        Objects.requireNonNull(target, "shared(..., null): expected what is shared");
        if (!type.isInterface()) {
            throw new IllegalArgumentException("shared(%s, ...): expected an interface, such as Map.class or Set.class"
                    .formatted(type.getSimpleName() + ".class"));
        }
        return (T) type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    point();
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    // -- the end
    // -----------------------------------------------------------------------------------

    private void end() {
        settle();
        for (Host host : director.hosts()) {
            drain(host);
        }
        require(failed == null || mayFail, "a session has ended because %s; the log says more", failed);
    }

    private void drain(Host host) {
        ReactorServer server = host.server();
        server.drainAsync(DRAIN);
        long limit = nanoTime() + 2 * DRAIN.toNanos();
        while (server.isRunning() && director.goOn(limit)) {
            continue;
        }
        settle();
        require(!server.isRunning(), "the server does not end");
    }

    private static void require(boolean fact, String complaint, Object... values) {
        if (!fact) {
            throw new AssertionError(complaint.formatted(values));
        }
    }

    private void say(String what) {
        trace.add(String.format(Locale.ROOT, "%9.3f %s", (nanoTime() - Director.START) / 1e9, what));
    }

    /** Keeps a record, and lets others have their turn between two steps of a worker. */
    private final class Witness implements ServerObserver {
        @Override
        public void taken(Session session) {
            say(Thread.currentThread().getName() + " takes session " + session.id());
            point();
        }

        @Override
        public void handled(Session session, long nanos) {
            point();
        }

        @Override
        public void received(Session session, String message) {
            say("session " + session.id() + " asks: " + message);
        }

        @Override
        public void queued(Session session, String message) {
            say("session " + session.id() + " is sent: " + message);
            point();
        }

        @Override
        public void queued(Session session, byte[] message) {
            say("session " + session.id() + " is sent " + message.length + " bytes");
            point();
        }

        @Override
        public void closed(Session session, CloseReason reason) {
            say("session " + session.id() + " has ended: " + reason);
            if (reason == CloseReason.HANDLER_FAILED || reason == CloseReason.INTERNAL_ERROR) {
                failed = reason;
            }
        }
    }
}
