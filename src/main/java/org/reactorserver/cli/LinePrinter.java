package org.reactorserver.cli;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Prints lines on a thread of its own, which also makes their text, so that whoever has something to say
 * is never held up: what does not fit into the queue, or into the allowance of a second, is counted and
 * the count is printed. A line is printed in one piece.
 */
final class LinePrinter implements AutoCloseable {
    private static final int CAPACITY = 16 * 1024;
    private static final int LINES_PER_WRITE = 512;
    private static final Supplier<String> END = () -> "";

    private final PrintStream out;
    private final int perSecond;
    private final BlockingQueue<Supplier<String>> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicInteger allowance;
    private final AtomicLong leftOut = new AtomicLong();
    private final Thread thread;

    /**
     * Starts the thread, a daemon.
     *
     * @param perSecond most lines printed in a second
     */
    LinePrinter(String name, PrintStream out, int perSecond) {
        this.out = out;
        this.perSecond = perSecond;
        this.allowance = new AtomicInteger(perSecond);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Any thread; returns at once. */
    void print(Supplier<String> line) {
        if (allowance.get() <= 0 || allowance.getAndDecrement() <= 0 || !lines.offer(line)) {
            leftOut.incrementAndGet();
        }
    }

    private void run() {
        try {
            long second = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            boolean ended = false;
            while (!ended) {
                Supplier<String> line = lines.poll(second - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line != null) {
                    ended = printFrom(line);
                }
                if (ended || second - System.nanoTime() <= 0) {
                    second = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                    allowance.set(perSecond);
                    sayWhatIsLeftOut();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that; whoever does wants it to end
        }
    }

    /** Prints this line and those behind it with one write. Returns whether the last one is printed. */
    private boolean printFrom(Supplier<String> first) {
        StringBuilder text = new StringBuilder();
        Supplier<String> line = first;
        for (int i = 0; i < LINES_PER_WRITE && line != null && line != END; i++) {
            text.append(line.get()).append('\n');
            line = lines.poll();
        }
        if (line != null && line != END) {
            text.append(line.get()).append('\n');
        }
        out.print(text);
        out.flush();
        return line == END;
    }

    private void sayWhatIsLeftOut() {
        long count = leftOut.getAndSet(0);
        if (count > 0) {
            out.println("… " + count + " more events left out");
        }
    }

    /** Prints what is queued and ends. */
    @Override
    public void close() {
        try {
            if (lines.offer(END, 2, TimeUnit.SECONDS)) { // a terminal that is stopped must not stop us
                thread.join(TimeUnit.SECONDS.toMillis(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
