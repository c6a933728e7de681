package org.reactorserver.testkit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.reactorserver.CloseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;
import org.reactorserver.session.Settings;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.FakeServerSocketChannel;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

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

    private static final int MOST_STEPS = 1_000_000;
    private static final int PATIENT_LOOKS = 400; // at those that wait for each other: some tenths of a second
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final int KEPT_LINES = 60;

    private final Dice dice;
    private final Actors actors;
    private final FakeNetwork network = new FakeNetwork(new Surroundings());
    private final int shortIo;
    private final int sendCapacity;
    private final int receiveCapacity;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>(); // guarded by itself
    private final List<String> trace = Collections.synchronizedList(new ArrayList<>());

    private ReactorServer server;
    private Framing framing;
    private Charset charset;
    private volatile long now = 1_000_000_000;
    private volatile long wakeTime = Long.MAX_VALUE; // of the selector, while it sleeps
    private volatile CloseReason failed; // of a session, by a fault of the handler or the server
    private boolean mayFail;
    private int steps;
    private int asked; // to be done later; guarded by that

    private record Later(long time, int number, Runnable task) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            return time != other.time ? Long.compare(time, other.time) : Integer.compare(number, other.number);
        }
    }

    private SimulatedServer(long seed) {
        this.dice = new Dice(seed);
        this.actors = new Actors(dice, dice.pick(1, 2, 3, 8));
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
     * Starts the server; once. What the builder has been told holds, but for what is simulated: network, clock,
     * workers. It listens at one TCP endpoint.
     *
     * @throws IllegalStateException if it was started before
     */
    public ReactorServer start(ReactorServer.Builder builder) throws IOException {
        if (server != null) {
            throw new IllegalStateException("start(...) was called before: a simulation has one server");
        }
        Settings settings = builder.settings();
        framing = settings.framing;
        charset = settings.charset;
        if (settings.workers.isVirtual() || settings.workers.threads() > 0) {
            builder.executor(task -> actors.start("worker", task), 1 + dice.below(4));
        }
        server = builder.selectorProvider(network)
                .clock(() -> now)
                .observer(new Witness())
                .startOn(loop -> actors.start("selector", loop));
        return server;
    }

    /** Another client, which has connected. */
    public SimulatedClient client() {
        if (server == null) {
            throw new IllegalStateException("client() before start(...): there is nothing to connect to");
        }
        int number = clients.size() + 1;
        FakeServerSocketChannel listener = network.listeners().get(0);
        Wire wire = new Wire(address(number), sendCapacity, receiveCapacity);
        if (!listener.isListening() || !listener.offer(wire)) {
            throw new AssertionError("client " + number + " cannot connect: the server "
                    + (listener.isListening() ? "has a full backlog" : "does not listen any more"));
        }
        SimulatedClient client = new SimulatedClient(number, wire, framing, charset, dice, new Course(), this::say);
        clients.add(client);
        say(client + " connects");
        return client;
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
        while (step(Long.MAX_VALUE)) {
            continue;
        }
    }

    /** Goes on for so long, by the simulated clock; deadlines pass that come before. */
    public void pass(Duration time) {
        long until = now + time.toNanos();
        while (goOn(until)) {
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
            long delay = TimeUnit.MILLISECONDS.toNanos(dice.between(0, (int) Math.min(most, Integer.MAX_VALUE - 1)));
            synchronized (later) {
                later.add(new Later(now + delay, ++asked, Objects.requireNonNull(task, "task")));
            }
        };
    }

    /** The simulated time, in nanoseconds as of {@link System#nanoTime}. Any thread. */
    public long nanoTime() {
        return now;
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

    // -- what happens
    // ------------------------------------------------------------------------------

    /** Somebody does something; if nobody can, time passes, but not beyond the limit. False if that is of no use. */
    private boolean step(long limit) {
        if (++steps > MOST_STEPS) {
            throw new AssertionError("it does not come to rest: " + MOST_STEPS + " steps");
        }
        if (doOne()) {
            return true;
        }
        long next = nextOfOthers();
        if (next != Long.MAX_VALUE && next <= limit && advanceTo(Math.min(next, wakeTime))) {
            return true;
        }
        for (int looks = 0; actors.areSomeBlocked() && looks < PATIENT_LOOKS; looks++) {
            if (actors.lookAtBlocked()) {
                return true;
            }
        }
        require(!actors.areSomeBlocked(), "threads wait for what will not happen:%n%s", actors.describeBlocked());
        return false;
    }

    /** The same, and if nobody else can, the server has its deadlines. */
    private boolean goOn(long limit) {
        return step(limit) || advanceTo(Math.min(limit, wakeTime));
    }

    private boolean doOne() {
        begin();
        List<Actors.Actor> ready = actors.ready();
        List<SimulatedClient> able =
                clients.stream().filter(client -> client.nextAct(now) <= now).toList();
        if (ready.isEmpty() && able.isEmpty()) {
            return false;
        }
        int chosen = dice.below(ready.size() + able.size());
        if (chosen < ready.size()) {
            actors.goOn(ready.get(chosen));
        } else {
            able.get(chosen - ready.size()).act(now);
        }
        return true;
    }

    /** What was to be done later and is due. */
    private void begin() {
        synchronized (later) {
            while (!later.isEmpty() && later.element().time <= now) {
                actors.start("task", later.remove().task);
            }
        }
    }

    /** When anybody but the server does something next; {@link Long#MAX_VALUE} for never. */
    private long nextOfOthers() {
        long next = Long.MAX_VALUE;
        synchronized (later) {
            next = later.isEmpty() ? next : later.element().time;
        }
        for (SimulatedClient client : clients) {
            next = Math.min(next, client.nextAct(now));
        }
        return next;
    }

    private boolean advanceTo(long time) {
        if (time == Long.MAX_VALUE || time <= now) {
            return false;
        }
        now = time;
        return true;
    }

    private void end() {
        if (server == null) {
            return;
        }
        settle();
        Thread drain = new Thread(() -> server.drain(DRAIN), "drain");
        drain.setDaemon(true);
        drain.start();
        while (!network.selector().isAwake() && drain.isAlive()) {
            Thread.onSpinWait();
        }
        long limit = now + 2 * DRAIN.toNanos();
        while (server.isRunning() && goOn(limit)) {
            continue;
        }
        settle();
        require(!server.isRunning(), "the server does not end");
        require(failed == null || mayFail, "a session has ended because %s; the log says more", failed);
    }

    private static void require(boolean fact, String complaint, Object... values) {
        if (!fact) {
            throw new AssertionError(complaint.formatted(values));
        }
    }

    private void say(String what) {
        trace.add(String.format(Locale.ROOT, "%9.3f %s", (now - 1_000_000_000) / 1e9, what));
    }

    /** What a client that waits has happen. */
    private final class Course implements SimulatedClient.Course {
        @Override
        public long now() {
            return now;
        }

        @Override
        public boolean goOn(long limit) {
            return SimulatedServer.this.goOn(limit);
        }
    }

    /** The kernel and the network, as far as they leave anything open. */
    private final class Surroundings implements World {
        @Override
        public void pause() {
            point();
        }

        @Override
        public int some(int possible) {
            boolean isShort = possible > 1 && actors.isRunning() && dice.oneIn(shortIo);
            return isShort ? 1 + dice.below(possible) : possible;
        }

        @Override
        public void arrange(List<SelectionKey> ready) {
            for (int i = actors.isRunning() ? ready.size() - 1 : 0; i > 0; i--) {
                Collections.swap(ready, i, dice.below(i + 1));
            }
        }

        @Override
        public void sleep(Selector selector, BooleanSupplier isAwake, long millis) {
            long until = millis == 0 ? Long.MAX_VALUE : now + TimeUnit.MILLISECONDS.toNanos(millis);
            wakeTime = until;
            Actors.waitFor(() -> isAwake.getAsBoolean() || now >= until);
            wakeTime = Long.MAX_VALUE;
        }
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
