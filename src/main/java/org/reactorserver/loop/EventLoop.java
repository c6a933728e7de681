package org.reactorserver.loop;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread, one {@link Selector}: the reactor. It knows channels, letters and timers, and no server.
 *
 * <p>{@link #pass} is the whole of it. The only call that blocks is the select at its start; whatever
 * the pass has learned is written out before the next one. A pollable, a task or a timer that throws an
 * exception harms itself only. An {@link Error} ends the loop, closes everything that is registered
 * and is reported by {@link #run}'s {@code whenEnded}: a process whose selector thread is dead must not
 * look alive.
 *
 * <p>{@link #post}, {@link #execute}, {@link #stop} and {@link #inLoop} may be called from any thread,
 * everything else from the loop's thread only.
 */
public final class EventLoop {
    /** Made when there is something to say, since that takes longer than to make a loop. */
    private static final class Log {
        static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    }

    /** What is read and written goes through one direct buffer of this size, in bytes. */
    public static final int BUFFER_SIZE = 64 * 1024;

    /** A select that returns this often in a row for no reason is taken for a kernel or JDK bug. */
    private static final int SPURIOUS_LIMIT = 512;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SelectorProvider provider;
    private final LongSupplier clock;
    private final LoopObserver observer;
    final Mailbox mailbox = new Mailbox();
    final Timers timers = new Timers();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private final ArrayList<SelectionKey> ready = new ArrayList<>();
    private final Consumer<SelectionKey> collectReady = ready::add;
    ArrayList<Pollable> touched = new ArrayList<>();
    private ArrayList<Pollable> settling = new ArrayList<>();
    private volatile Selector selector; // posters wake it
    private HandOff handOff = HandOff.NONE;
    private boolean precise;
    private long now;
    private int spuriousSelects;
    private volatile Thread thread;
    volatile boolean stopped;

    /**
     * Opens the selector.
     *
     * @param provider makes the selector; channels that are to be registered must come from it too
     * @param clock the loop's only source of time, in nanoseconds, as {@link System#nanoTime}
     * @param observer sees what the loop does
     */
    public EventLoop(SelectorProvider provider, LongSupplier clock, LoopObserver observer) throws IOException {
        this.provider = provider;
        this.clock = clock;
        this.observer = observer;
        this.selector = provider.openSelector();
        this.now = clock.getAsLong();
    }

    /** Sets what is given away once per pass; before the first pass. */
    public void setHandOff(HandOff handOff) {
        this.handOff = handOff;
    }

    /**
     * Has timers fire to the microsecond, at a price; before the first pass. A select can only be told
     * whole milliseconds. As a rule it waits rather longer than until the next deadline; from here on
     * it waits rather shorter, and the loop spends the rest of the last millisecond polling.
     */
    public void firePrecisely() {
        precise = true;
    }

    /**
     * Runs passes until {@link #stop} is called or an error occurs, then closes every registered
     * channel and the selector.
     *
     * @param whenEnded called last, with the error that ended the loop or null
     */
    public void run(Consumer<Throwable> whenEnded) {
        Throwable failure = null;
        try {
            while (!stopped) {
                pass();
            }
        } catch (Throwable e) {
            failure = e;
        } finally {
            try {
                close();
            } finally { // also without memory to close everything
                whenEnded.accept(failure);
            }
        }
    }

    /** One turn of the loop. */
    public void pass() throws IOException {
        select();
        dispatchReadyKeys();
        handOff();
        deliverLetters();
        fireTimers();
        settle();
    }

    private void select() throws IOException {
        thread = Thread.currentThread();
        long timeout = timeoutMillis();
        boolean sleeps = timeout >= 0 && touched.isEmpty() && !handOff.isPending() && !stopped && mailbox.fallAsleep();
        boolean wokenUp = false;
        if (!sleeps) {
            selector.selectNow(collectReady);
        } else {
            selector.select(collectReady, timeout);
            wokenUp = mailbox.awake();
        }
        now = clock.getAsLong();
        observer.selected(ready.size(), sleeps);
        if (Thread.interrupted()) {
            Log.LOG.warn("the selector thread was interrupted; it has no use for that and goes on");
        } else if (sleeps && !wokenUp && ready.isEmpty() && (timers.isEmpty() || timers.untilNext(now) > 0)) {
            onSpuriousSelect();
        } else {
            spuriousSelects = 0;
        }
    }

    /**
     * How long the select may wait: 0 is for ever, negative not at all. Rounded up, lest it spin, but
     * where spinning is what was asked for.
     */
    private long timeoutMillis() {
        if (timers.isEmpty()) {
            return 0;
        }
        long rounding = precise ? 0 : NANOS_PER_MILLI - 1;
        long wait = timers.untilNext(clock.getAsLong()) + rounding;
        return wait < NANOS_PER_MILLI ? -1 : wait / NANOS_PER_MILLI;
    }

    private void dispatchReadyKeys() {
        for (int i = 0; i < ready.size(); i++) {
            SelectionKey key = ready.get(i);
            Pollable pollable = (Pollable) key.attachment();
            try {
                pollable.onReady(key.readyOps());
            } catch (CancelledKeyException e) {
                // closed by another key's turn in this same pass: there is nothing left to do
            } catch (IOException | RuntimeException e) {
                pollable.onFailure(e);
            }
        }
        ready.clear();
    }

    /** With no workers this is where the handlers run, and time goes on. */
    private void handOff() {
        if (handOff.isPending()) {
            handOff.handOff();
            now = clock.getAsLong();
        }
    }

    private void deliverLetters() {
        Letter letter = mailbox.takeAll();
        while (letter != null) {
            Letter next = letter.next;
            letter.next = null;
            letter.unstamp();
            try {
                letter.onDelivery();
            } catch (RuntimeException e) {
                Log.LOG.error("a task of the selector thread failed", e);
            }
            letter = next;
        }
    }

    private void fireTimers() {
        Timers.Timer timer;
        while ((timer = timers.pollDue(now)) != null) {
            try {
                timer.onTimer();
            } catch (RuntimeException e) {
                Log.LOG.error("a timer of the selector thread failed", e);
            }
        }
    }

    private void settle() {
        ArrayList<Pollable> pollables = touched;
        touched = settling; // whoever is touched while settling has his turn in the next pass
        settling = pollables;
        for (int i = 0; i < pollables.size(); i++) {
            Pollable pollable = pollables.get(i);
            try {
                pollable.onSettle();
            } catch (IOException | RuntimeException e) {
                pollable.onFailure(e);
            }
        }
        pollables.clear();
    }

    /** Registers the channel, which must be non-blocking, and tells the pollable its key. */
    public void register(SelectableChannel channel, int ops, Pollable pollable) throws ClosedChannelException {
        pollable.onRegistered(channel.register(selector, ops, pollable));
    }

    /**
     * Takes the key's channel out of the selector at once, so that closing it takes effect at once: the
     * system keeps a channel that is closed while registered until the next select.
     */
    public void deregister(SelectionKey key) throws IOException {
        key.cancel();
        selector.selectNow(isReady -> {}); // and is so still at the next select
    }

    /** Whether the selector says, here and now, that the key's channel is ready. */
    public boolean isReady(SelectionKey key) throws IOException {
        boolean[] isReady = new boolean[1];
        selector.selectNow(each -> isReady[0] |= each == key); // all are so still at the next select
        return isReady[0];
    }

    /**
     * Has the kernel watch the key's channel anew. It may refuse to, for want of memory, whenever there is
     * an interest after there was none; the JDK ignores that, and does not try again as long as there is
     * one.
     */
    public void watchAnew(SelectionKey key) throws IOException {
        int ops = key.interestOps();
        key.interestOps(0);
        selector.selectNow(isReady -> {}); // takes it out of epoll
        key.interestOps(ops);
    }

    /** Has {@link Pollable#onSettle} called at the end of this pass, or of the next if called from there. */
    public void touch(Pollable pollable) {
        touched.add(pollable);
    }

    /** The time at which this pass began, by the loop's clock, in nanoseconds. */
    public long now() {
        return now;
    }

    /** The timers of this loop. */
    public Timers timers() {
        return timers;
    }

    /** The one direct buffer through which all input and output goes; its content is anybody's. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Calls the visitor for every registered pollable; it may close and register channels. */
    public void forEach(Consumer<Pollable> visitor) {
        for (SelectionKey key : selector.keys().toArray(new SelectionKey[0])) {
            visitor.accept((Pollable) key.attachment());
        }
    }

    /** Any thread: has the letter delivered on the loop's thread, soon. */
    public void post(Letter letter) {
        if (mailbox.post(letter)) {
            observer.wokenUp();
            selector.wakeup();
        }
    }

    /** Any thread: has the task run on the loop's thread, soon, after those given earlier. */
    public void execute(Runnable task) {
        post(new Letter() {
            @Override
            protected void onDelivery() {
                task.run();
            }
        });
    }

    /** Any thread: ends {@link #run} after the current pass. */
    public void stop() {
        execute(() -> stopped = true);
    }

    /** Any thread: whether the caller is on the loop's thread. */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    private void onSpuriousSelect() throws IOException {
        if (++spuriousSelects < SPURIOUS_LIMIT) {
            return;
        }
        spuriousSelects = 0;
        replaceSelector();
        observer.selectorReplaced();
        Log.LOG.warn("select() returned {} times without a reason; the selector was replaced", SPURIOUS_LIMIT);
    }

    private void replaceSelector() throws IOException {
        Selector old = selector;
        selector = provider.openSelector();
        for (SelectionKey key : old.keys().toArray(new SelectionKey[0])) {
            Pollable pollable = (Pollable) key.attachment();
            try {
                int ops = key.interestOps();
                key.cancel();
                register(key.channel(), ops, pollable);
            } catch (CancelledKeyException e) {
                // closed already; the old selector forgets it
            } catch (IOException | RuntimeException e) {
                pollable.onFailure(e);
            }
        }
        old.close();
    }

    private void close() {
        for (SelectionKey key : selector.keys()) {
            closeQuietly(key.channel());
        }
        closeQuietly(selector);
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            Log.LOG.debug("closing {} failed", closeable, e);
        }
    }
}
