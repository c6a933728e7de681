package org.reactorserver.helper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.loop.LoopObserver;
import org.reactorserver.loop.Pollable;
import org.reactorserver.loop.Timers;

/** A loop, run by hand: the test's thread is the loop's, and its clock stands still unless it is moved. */
public abstract class LoopByHand {
    /** After so many selects without a reason the selector is replaced. */
    protected static final int SPURIOUS_LIMIT = 512;

    /** Makes the selectors. */
    protected final SystemProvider provider = new SystemProvider();

    /** What has happened, in order. */
    protected final List<String> events = new ArrayList<>();

    /** What the loop says of itself. */
    protected final Observer observer = new Observer();

    /** The time; it overflows on the way. */
    protected long now = Long.MAX_VALUE - 1_000;

    /** The loop. */
    protected EventLoop loop;

    private final List<Pipe> pipes = new ArrayList<>();

    /** Notes what the loop says of itself. */
    protected static final class Observer implements LoopObserver {
        public final List<Boolean> slept = new ArrayList<>();
        public final AtomicInteger wakeUps = new AtomicInteger(); // counted by any thread
        public int replaced;

        /** What a pass consists of, as it is reported. */
        public final List<String> steps = new ArrayList<>();

        @Override
        public void passBegan() {
            steps.add("pass");
        }

        @Override
        public void sleeps(long millis) {
            steps.add("sleeps " + millis);
        }

        @Override
        public void keyReady(long number, int readyOps) {
            steps.add("key " + number + " " + readyOps);
        }

        @Override
        public void letterDelivered(long number) {
            steps.add("letter " + number);
        }

        @Override
        public void timerFired(long number, long lateNanos) {
            steps.add("timer " + number + " +" + lateNanos);
        }

        @Override
        public void passEnded(long nanos) {
            steps.add("over " + nanos);
        }

        @Override
        public void selected(int keys, boolean hasSlept) {
            steps.add("select " + keys);
            slept.add(hasSlept);
        }

        @Override
        public void wokenUp() {
            wakeUps.incrementAndGet();
        }

        @Override
        public void selectorReplaced() {
            replaced++;
        }

        /** Whether the last select has slept. */
        public boolean sleptLast() {
            return slept.get(slept.size() - 1);
        }
    }

    /** The reading end of a pipe; notes what happens to it. */
    protected class Reader extends Pollable {
        private final String name;
        public final Pipe pipe;
        public SelectionKey key;
        public Exception failure;

        /** Opens a pipe and registers it with the loop. */
        public Reader(String name) throws IOException {
            this.name = name;
            pipe = provider.openPipe();
            pipes.add(pipe);
            pipe.source().configureBlocking(false);
            loop.register(pipe.source(), SelectionKey.OP_READ, this);
        }

        /** Gives it something to read. */
        public Reader ready() throws IOException {
            pipe.sink().write(ByteBuffer.allocate(1));
            return this;
        }

        @Override
        public void onRegistered(SelectionKey key) {
            this.key = key;
        }

        @Override
        public void onReady(int readyOps) throws IOException {
            events.add(name + " ready");
            pipe.source().read(ByteBuffer.allocate(100));
        }

        @Override
        public void onSettle() throws IOException {
            events.add(name + " settled");
        }

        @Override
        public void onFailure(Exception cause) {
            events.add(name + " failed");
            failure = cause;
        }
    }

    /** A timer that does this. */
    protected static Timers.Timer timer(Runnable action) {
        return new Timers.Timer() {
            @Override
            protected void onTimer() {
                action.run();
            }
        };
    }

    @BeforeEach
    final void openLoop() throws IOException {
        loop = new EventLoop(provider, () -> now, observer);
    }

    @AfterEach
    final void closeLoop() throws IOException {
        for (Pipe pipe : pipes) {
            pipe.sink().close();
            pipe.source().close();
        }
        for (Selector selector : provider.selectors) {
            selector.close();
        }
    }

    /** Posts a task that notes this. */
    protected final void note(String event) {
        loop.execute(() -> events.add(event));
    }

    /** Runs the loop on a thread of its own. Returns what it ends with: null if that is in order. */
    protected final CompletableFuture<Throwable> runInThread() {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> loop.run(ended::complete), "loop of a test");
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    /** Has so many selects return without a reason. */
    protected final void spin(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            provider.newest().wakeup(); // and nothing was posted
            loop.pass();
        }
    }
}
