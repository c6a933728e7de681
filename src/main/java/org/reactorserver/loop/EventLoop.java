package org.reactorserver.loop;

import static org.reactorserver.text.Log.LOG;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.reactorserver.text.RateLimit;

/**
 * One thread, one {@link Selector}: the reactor. It handles channels, letters and timers, and knows nothing of servers.
 *
 * <p>{@link #pass} is the whole of it. The only call that blocks is the select at its start; whatever the pass has
 * learned is written out before the next one. A failure affects only the pollable, the task or the timer that threw. An
 * {@link Error} ends the loop, closes everything that is registered and is reported by {@link #run}'s {@code
 * whenEnded}: a process whose selector thread is dead must not look alive.
 *
 * <p>{@link #post}, {@link #execute}, {@link #stop} and {@link #inLoop} may be called from any thread,
 * everything else from the loop's thread only.
 */
public final class EventLoop implements Closeable {
    /** What is read and written goes through one direct buffer of this size, in bytes. */
    public static final int BUFFER_SIZE = 64 * 1024;

    /** A select that returns this often in a row for no reason is taken for a kernel or JDK bug. */
    private static final int SPURIOUS_LIMIT = 512;

    /** To look at the clock costs about as much as a hundredth of what a pollable does in its turn. */
    private static final int CHECK_EVERY = 8;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How many passes are logged with a stall. */
    private static final int PASSES_TOLD = 10;

    private final SelectorProvider provider;
    private final LongSupplier clock;
    private final LoopObserver observer;
    final Mailbox mailbox = new Mailbox();
    final Timers timers = new Timers();
    private final Ring ring = new Ring();
    private final RateLimit stalls;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private final Consumer<SelectionKey> collectReady = this::onReady;
    final Agenda ready = new Agenda();
    final Agenda touched = new Agenda();
    private volatile Selector selector; // posters wake it
    private HandOff handOff = HandOff.NONE;
    private long quantum = Long.MAX_VALUE;
    private long stallAfter = Long.MAX_VALUE;
    private long now;
    private long awakeSince; // when the select of this pass returned
    private int reported; // keys, by the last select
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
        this.stalls = new RateLimit(1, clock);
        this.selector = provider.openSelector();
        this.now = clock.getAsLong();
    }

    /** Sets what is given away once per pass; before the first pass. */
    public void setHandOff(HandOff handOff) {
        this.handOff = handOff;
    }

    /**
     * Bounds the time for which a pass dispatches keys, and for which it settles: what is left over goes on in
     * the next one, behind what has become ready by then and has little to do. At least one of those with
     * little and one of those in bulk has its turn in each pass, so zero means that. By default there is no
     * bound; before the first pass.
     */
    public void setQuantum(long nanos) {
        quantum = nanos;
    }

    /** Logs every pass that takes longer than this, with those before it. To be called before the first pass. */
    public void setStallAfter(long nanos) {
        stallAfter = nanos;
    }

    /** Any thread: what it has done. */
    public Ring ring() {
        return ring;
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
            quantum = Long.MAX_VALUE;
            settle(); // what the last pass had no time for
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
        observer.passBegan();
        observer.stepBegan(Step.SELECT);
        select();
        observer.stepBegan(Step.READY_KEYS);
        dispatchReadyKeys();
        observer.stepBegan(Step.HAND_OFF);
        handOff();
        observer.stepBegan(Step.LETTERS);
        deliverLetters();
        observer.stepBegan(Step.TIMERS);
        fireTimers();
        observer.stepBegan(Step.SETTLE);
        settle();
        endPass();
    }

    private void endPass() {
        long end = clock.getAsLong();
        long took = end - awakeSince;
        ring.add(Note.OVER, 0, took);
        observer.passEnded(took);
        if (took > stallAfter && stalls.allows()) {
            RingText text = ring.read();
            String held = stalls.held();
            LOG.warn(() -> "a pass took %d ms%s; the last ones were:\n%s"
                    .formatted(took / NANOS_PER_MILLI, held, text.text(end, PASSES_TOLD)));
        }
    }

    private void select() throws IOException {
        thread = Thread.currentThread();
        long timeout = timeoutMillis();
        boolean sleeps = timeout >= 0
                && ready.isEmpty()
                && touched.isEmpty()
                && !handOff.isPending()
                && !stopped
                && mailbox.fallAsleep();
        boolean wokenUp = false;
        reported = 0;
        if (!sleeps) {
            selector.selectNow(collectReady);
        } else {
            ring.add(Note.SLEEP, 0, timeout);
            observer.sleeps(timeout);
            selector.select(collectReady, timeout);
            wokenUp = mailbox.awake();
        }
        now = clock.getAsLong();
        awakeSince = now;
        ring.add(Note.PASS, reported, now);
        observer.selected(reported, sleeps);
        if (Thread.interrupted()) {
            LOG.warn("the selector thread was interrupted; interrupts are ignored");
        } else if (sleeps && !wokenUp && reported == 0 && (timers.isEmpty() || timers.untilNext(now) > 0)) {
            onSpuriousSelect();
        } else {
            spuriousSelects = 0;
        }
    }

    /**
     * How long the select may wait, in milliseconds: 0 is without limit, negative not at all. Rounded up, so that it
     * does not spin.
     */
    private long timeoutMillis() {
        if (timers.isEmpty()) {
            return 0;
        }
        long wait = timers.untilNext(clock.getAsLong()) + NANOS_PER_MILLI - 1;
        return wait < NANOS_PER_MILLI ? -1 : wait / NANOS_PER_MILLI;
    }

    private void onReady(SelectionKey key) {
        reported++;
        Pollable pollable = (Pollable) key.attachment();
        if (!pollable.ready) { // else it is left over from the pass before, and its turn comes
            pollable.ready = true;
            ready.add(pollable);
        }
    }

    private void dispatchReadyKeys() {
        if (!ready.isEmpty()) {
            work(ready, dispatch);
        }
    }

    private final Consumer<Pollable> dispatch = this::dispatch;
    private final Consumer<Pollable> settle = this::settle;
    private final Consumer<Timers.Timer> fire = this::fire;

    /**
     * Those with little to do, then those in bulk, each as long as there is time; those that come meanwhile have to wait.
     * Bulk has as much time as all others together: what many read a little of becomes much to write.
     */
    private void work(Agenda agenda, Consumer<Pollable> step) {
        long began = quantum == Long.MAX_VALUE ? 0 : clock.getAsLong();
        int prompt = agenda.prompt();
        int bulk = agenda.bulk();
        for (int i = 0; i < prompt && (i == 0 || i % CHECK_EVERY != 0 || isTime(began)); i++) {
            step.accept(agenda.pollPrompt());
        }
        began = quantum == Long.MAX_VALUE || bulk == 0 ? 0 : clock.getAsLong();
        for (int i = 0; i < bulk && (i == 0 || isTime(began)); i++) {
            step.accept(agenda.pollBulk());
        }
    }

    private boolean isTime(long began) {
        return quantum == Long.MAX_VALUE || clock.getAsLong() - began < quantum;
    }

    private void dispatch(Pollable pollable) {
        pollable.ready = false;
        try {
            int ops = pollable.key.readyOps();
            ring.add(Note.READY, pollable.number(), ops);
            observer.keyReady(pollable.number(), ops);
            pollable.onReady(ops);
        } catch (CancelledKeyException e) {
            // closed by another one's turn since: there is nothing left to do
        } catch (IOException | RuntimeException e) {
            pollable.onFailure(e);
        }
    }

    /** Without workers the handlers run here, which takes time. */
    private void handOff() {
        if (handOff.isPending()) {
            ring.add(Note.HAND_OFF, 0, 0);
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
            ring.add(Note.LETTER, letter.number(), 0);
            observer.letterDelivered(letter.number());
            try {
                letter.onDelivery();
            } catch (RuntimeException e) {
                LOG.error("a task of the selector thread failed", e);
            }
            letter = next;
        }
    }

    private void fireTimers() {
        timers.fire(now, fire);
    }

    private void fire(Timers.Timer timer) {
        ring.add(Note.TIMER, timer.number(), now - timer.deadline());
        observer.timerFired(timer.number(), now - timer.deadline());
        try {
            timer.onTimer();
        } catch (RuntimeException e) {
            LOG.error("a timer of the selector thread failed", e);
        }
    }

    private void settle() {
        if (!touched.isEmpty()) {
            work(touched, settle);
        }
    }

    private void settle(Pollable pollable) {
        pollable.touched = false;
        ring.add(Note.SETTLE, pollable.number(), 0);
        try {
            pollable.onSettle();
        } catch (IOException | RuntimeException e) {
            pollable.onFailure(e);
        }
    }

    /** Registers the channel, which must be non-blocking, and tells the pollable so. */
    public void register(SelectableChannel channel, int ops, Pollable pollable) throws ClosedChannelException {
        pollable.key = channel.register(selector, ops, pollable);
        pollable.onRegistered(pollable.key);
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
        if (!pollable.touched) {
            pollable.touched = true;
            touched.add(pollable);
        }
    }

    /** The time at which this pass began, by the loop's clock, in nanoseconds. */
    public long now() {
        return now;
    }

    /** The timers of this loop. */
    public Timers timers() {
        return timers;
    }

    /** The one direct buffer through which all input and output goes; its content is valid until the next use. */
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

    /** Any thread: the loop's thread; null before the first pass. */
    public Thread thread() {
        return thread;
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
        LOG.warn("select() returned {} times without a reason; the selector was replaced", SPURIOUS_LIMIT);
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

    /** Closes every registered channel and the selector; before the first pass, or after the last one. */
    @Override
    public void close() {
        for (SelectionKey key : selector.keys()) {
            closeQuietly(key.channel());
        }
        closeQuietly(selector);
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            LOG.debug("closing {} failed", closeable, e);
        }
    }
}
