package org.reactorserver.testkit;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;
import org.reactorserver.wire.TlsSession;

/**
 * A session for plain unit tests of a handler: keeps what it is told, and has no server behind it. Its client takes
 * everything at once unless it is told to {@link #stall}. Texts are UTF-8. Any thread.
 *
 * <pre>{@code
 * RecordedSession session = new RecordedSession();
 * new Greeter().onMessage(session, "anna");
 * assertEquals(List.of("hello, anna"), session.sent());
 * }</pre>
 */
public final class RecordedSession implements Session {
    private static final int PER_MESSAGE = 32; // as the server counts

    private final Framing framing; // null: anything can be sent
    private final long id;
    private final List<byte[]> sent = new ArrayList<>();
    private int stalledAt = -1; // the first message that the client has not taken; negative if it takes all
    private final List<Task> tasks = new ArrayList<>();
    private boolean closed;
    private String why;
    private boolean paused;
    private int held;
    private Object attachment;

    /** Session 1, which takes whatever it is given. */
    public RecordedSession() {
        this(1, null);
    }

    /**
     * The same with a number, and a framing that refuses what it cannot carry.
     *
     * @param framing null to refuse nothing
     */
    public RecordedSession(long id, Framing framing) {
        this.id = id;
        this.framing = framing;
    }

    // -- for tests
    // ---------------------------------------------------------------------------------

    /** What was sent, in order. */
    public synchronized List<String> sent() {
        return sent.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    /** The same as bytes. */
    public synchronized List<byte[]> sentBytes() {
        return List.copyOf(sent);
    }

    /** Whether {@link #close} was called. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** How many requests are held and not released. */
    public synchronized int held() {
        return held;
    }

    /** Whether reading is paused. */
    public synchronized boolean isPaused() {
        return paused;
    }

    /**
     * So much time passes: what was scheduled and is due by then is done, in the order of the times, on this thread.
     * What is scheduled meanwhile counts from the end of that time.
     */
    public void pass(Duration time) {
        for (Task task : due(time)) {
            if (!task.isCancelled() && !isClosed()) {
                task.action.run();
            }
        }
    }

    private synchronized List<Task> due(Duration time) {
        tasks.forEach(task -> task.left = task.left.minus(time));
        List<Task> due = tasks.stream()
                .filter(task -> task.left.isNegative() || task.left.isZero())
                .sorted(Comparator.comparing(task -> task.left))
                .toList();
        tasks.removeAll(due);
        return due;
    }

    /** From here on its client takes nothing, so it is not writable once something was sent. */
    public synchronized void stall() {
        stalledAt = stalledAt < 0 ? sent.size() : stalledAt;
    }

    /** Its client takes everything again; the test calls the handler's {@code onWritable} next. */
    public synchronized void resume() {
        stalledAt = -1;
    }

    // -- for handlers
    // ------------------------------------------------------------------------------

    @Override
    public long id() {
        return id;
    }

    /** One of the addresses that are kept for documents. */
    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress("192.0.2.1", 10_000 + (int) (id % 50_000));
    }

    @Override
    public SocketAddress remoteAddress() {
        return peer();
    }

    /** Likewise. */
    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress("192.0.2.2", 8888);
    }

    @Override
    public TlsSession tls() {
        return null;
    }

    @Override
    public boolean send(String text) {
        Objects.requireNonNull(text, "text must not be null");
        if (framing != null) {
            framing.check(text);
        }
        return keep(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean send(byte[] message) {
        return keep(message.clone());
    }

    private synchronized boolean keep(byte[] message) {
        return !closed && sent.add(message);
    }

    @Override
    public synchronized boolean isWritable() {
        return !closed && pending() == 0;
    }

    @Override
    public synchronized long pending() {
        long pending = 0;
        for (byte[] each : sent.subList(stalledAt < 0 ? sent.size() : stalledAt, sent.size())) {
            pending += PER_MESSAGE + each.length;
        }
        return pending;
    }

    @Override
    public CompletionStage<Boolean> sendAll(Iterator<String> texts) {
        return drawFrom(texts, this::send);
    }

    @Override
    public CompletionStage<Boolean> sendAll(Stream<String> texts) {
        try (texts) {
            return sendAll(texts.iterator());
        }
    }

    @Override
    public CompletionStage<Boolean> sendAllBytes(Iterator<byte[]> messages) {
        return drawFrom(messages, this::send);
    }

    @Override
    public CompletionStage<Boolean> sendAllBytes(Stream<byte[]> messages) {
        try (messages) {
            return sendAllBytes(messages.iterator());
        }
    }

    /** At once and to the end, whether the client takes it or not. */
    private <T> CompletionStage<Boolean> drawFrom(Iterator<T> messages, Predicate<T> send) {
        try {
            boolean isOpen = true;
            while (isOpen && messages.hasNext()) {
                isOpen = send.test(messages.next());
            }
            return CompletableFuture.completedFuture(isOpen);
        } catch (RuntimeException e) {
            close();
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public synchronized void pauseReading() {
        paused = true;
    }

    @Override
    public synchronized void resumeReading() {
        paused = false;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public synchronized void close(String why) {
        Objects.requireNonNull(why, "close(null): expected a reason");
        this.why = closed ? this.why : why;
        closed = true;
    }

    @Override
    public synchronized String closedFor() {
        return why;
    }

    /** Done when the test lets the time {@link #pass}. */
    @Override
    public synchronized Scheduled schedule(Duration delay, Runnable task) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("schedule: the delay must not be negative, and is " + delay);
        }
        Task scheduled = new Task(delay, Objects.requireNonNull(task, "schedule(..., null): expected a task"));
        tasks.add(scheduled);
        return scheduled;
    }

    private static final class Task implements Scheduled {
        private final Runnable action;
        private Duration left;
        private volatile boolean cancelled;

        Task(Duration left, Runnable action) {
            this.left = left;
            this.action = action;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    @Override
    public synchronized Hold hold() {
        held++;
        AtomicBoolean isReleased = new AtomicBoolean();
        return () -> {
            if (isReleased.compareAndSet(false, true)) {
                synchronized (this) {
                    held--;
                }
            }
        };
    }

    @Override
    public synchronized Object attachment() {
        return attachment;
    }

    @Override
    public synchronized void attach(Object attachment) {
        this.attachment = attachment;
    }

    /** Such as {@code recorded session 1}. */
    @Override
    public String toString() {
        return "recorded session " + id;
    }
}
