package org.reactorserver;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.reactorserver.engine.Engine;
import org.reactorserver.framing.Framing;

/**
 * A server on real sockets whose loop and whose handlers the test runs itself, in its own thread, and
 * whose clock stands still unless the test moves it.
 */
final class HandRun implements Closeable {
    final Witness witness = new Witness();
    final Deque<Runnable> turns = new ArrayDeque<>(); // waiting for a worker
    boolean workersWork = true;
    boolean inTheLoop; // whether turns run in the midst of a pass instead, as without workers

    private final Engine engine;
    private long now = Long.MAX_VALUE - 1_000; // it overflows on the way
    private boolean ended;

    HandRun(ReactorServer.Builder builder) throws IOException {
        this(builder, 1);
    }

    HandRun(ReactorServer.Builder builder, int workers) throws IOException {
        engine = new Engine(builder.port(0)
                .clock(() -> now)
                .observer(witness)
                .executor(this::execute, workers)
                .settings());
    }

    private void execute(Runnable turn) {
        if (inTheLoop) {
            turn.run();
        } else {
            turns.add(turn);
        }
    }

    /** Line framing; replies with the handler's results, for the messages that it gets. */
    static ReactorServer.Builder lines(MessageHandler handler) {
        return ReactorServer.builder(Framing.lines()).handler(handler);
    }

    static ReactorServer.Builder echo() {
        return lines(Session::send);
    }

    TestClient connect() throws IOException {
        return connect(0);
    }

    /** Connects a client and has it accepted. */
    TestClient connect(int receiveBuffer) throws IOException {
        int before = witness.connected.size();
        TestClient client = new TestClient(port(), "127.0.0.1", receiveBuffer);
        until("accepted", () -> witness.connected.size() > before);
        return client;
    }

    Engine engine() {
        return engine;
    }

    int port() throws IOException {
        return engine.address().getPort();
    }

    Inspection inspection() {
        return engine.inspection();
    }

    ServerStats stats() {
        return engine.stats();
    }

    /** How many channels the selector watches: the listener, and those of clients. */
    int registered() {
        AtomicInteger count = new AtomicInteger();
        engine.loop().forEach(pollable -> count.incrementAndGet());
        return count.get();
    }

    Session session(int index) {
        return witness.connected.get(index);
    }

    CloseReason reason(long session) {
        return witness.closed.get(session);
    }

    /** One pass that does not sleep, and the turns of the workers that it started. */
    void pass() throws IOException {
        engine.loop().execute(() -> {});
        engine.loop().pass();
        while (workersWork && !turns.isEmpty()) {
            turns.remove().run();
        }
    }

    /** One pass that might sleep, but for an interrupt. Returns whether it would have: nothing is to be done now. */
    boolean wouldSleep() throws IOException {
        Thread.currentThread().interrupt();
        engine.loop().pass();
        return witness.slept;
    }

    /** As many passes as it takes for what has happened to have its consequences. */
    void settle() throws IOException {
        for (int i = 0; i < 10; i++) {
            pass();
        }
    }

    void until(String what, BooleanSupplier condition) throws IOException {
        long end = System.nanoTime() + Witness.PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + Witness.SECONDS + " s: " + what + "; " + witness);
            }
            pass();
        }
    }

    CloseReason untilClosed(long session) throws IOException {
        until("session " + session + " is closed", () -> reason(session) != null);
        return reason(session);
    }

    /** Runs passes until a line is there. */
    String line(TestClient client) throws IOException {
        until("a line", () -> client.available() > 0);
        return client.line();
    }

    /** Has a client send this, and reads it; what follows from it may take further passes. */
    void read(TestClient client, String text) throws IOException {
        long all = witness.bytesRead + text.length();
        client.send(text);
        until("it is read", () -> witness.bytesRead == all);
    }

    /** Moves the clock and nothing else: time that has passed before the next pass. */
    void leap(Duration by) {
        now += by.toNanos();
    }

    /** Moves the clock and lets the timers do their work. */
    void advance(Duration by) throws IOException {
        now += by.toNanos();
        settle();
    }

    void drain(Duration timeout) throws IOException {
        engine.drain(timeout);
        settle();
    }

    boolean isDrained() {
        return witness.closed.size() == witness.connected.size();
    }

    /** Runs the rest of a drain that has begun and needs no more time. */
    DrainReport report() throws IOException {
        if (!ended) {
            ended = true;
            engine.run();
        }
        return engine.awaitEnd();
    }

    @Override
    public void close() throws IOException {
        engine.drain(Duration.ZERO);
        now += Duration.ofDays(1).toNanos(); // whatever drain is under way is over
        report();
    }
}
