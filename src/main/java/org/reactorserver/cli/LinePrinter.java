package org.reactorserver.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.reactorserver.text.Printable;

/**
 * Prints lines on a thread of its own, which also makes their text, so that the caller
 * is never held up: what does not fit into the queue, or into the allowance of a second, is counted and
 * the count is printed. A line is printed in one piece.
 */
final class LinePrinter implements AutoCloseable {
    private static final int CAPACITY = 16 * 1024;
    private static final int LINES_PER_WRITE = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What a queued line takes besides the texts that it is made of: itself, what it refers to, its place. */
    private static final int BYTES_PER_LINE = 128;

    private static final Line END = new Line(null, 0, () -> "");

    private final PrintStream out;
    private final int perSecond;
    private final AtomicInteger allowance;
    private final AtomicLong leftOut = new AtomicLong();
    private final Press press;

    private record Line(PrintStream out, long bytes, Supplier<String> text) {}

    /**
     * Starts the thread, a daemon.
     *
     * @param perSecond most lines printed in a second
     */
    LinePrinter(String name, PrintStream out, int perSecond) {
        this(name, out, perSecond, affordable());
        start();
    }

    /**
     * Queues what is to be printed until the thread is started.
     *
     * @param budget most bytes of heap that waiting lines may hold
     */
    LinePrinter(String name, PrintStream out, int perSecond, long budget) {
        this(out, perSecond, new Press(name, budget));
    }

    private LinePrinter(PrintStream out, int perSecond, Press press) {
        this.out = out;
        this.perSecond = perSecond;
        this.allowance = new AtomicInteger(perSecond);
        this.press = press;
        press.printers.add(this);
    }

    /**
     * Another printer on the same thread, so that the lines of both are printed in the order in which they were queued:
     * for two streams that meet on one screen. To be made before the start; the end of one is the end of both.
     */
    LinePrinter beside(PrintStream other, int perSecond) {
        return new LinePrinter(other, perSecond, press);
    }

    /** A small part of the heap: older text would not be read. */
    static long affordable() {
        return Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 32);
    }

    /** Starts to print. */
    void start() {
        press.start();
    }

    /** Any thread; returns at once. */
    void print(Supplier<String> line) {
        print("", line);
    }

    /**
     * Any thread; returns at once.
     *
     * @param of what the line is made of, if that may be long: it is held until the line is printed
     */
    void print(String of, Supplier<String> line) {
        if (allowance.get() <= 0 || allowance.getAndDecrement() <= 0) {
            leftOut.incrementAndGet();
            return;
        }
        long bytes = BYTES_PER_LINE + 2L * of.length();
        if (!press.takes(new Line(out, bytes, line))) {
            leftOut.incrementAndGet();
        }
    }

    private void beginSecond() {
        allowance.set(perSecond);
        long count = leftOut.getAndSet(0);
        if (count > 0) {
            out.println("… " + count + " more events left out");
        }
    }

    /** Prints what is queued and ends. */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /**
     * The same, but for so long at most: a terminal that is stopped must not stop us.
     *
     * @return whether everything is printed
     */
    boolean close(Duration atMost) {
        return press.close(atMost);
    }

    /** A line that cannot be made is the fault of what made it, and no reason to print no more. */
    private static String made(Line line) {
        try {
            return line.text.get();
        } catch (RuntimeException e) {
            return "… a line that cannot be made: " + e.getClass().getSimpleName() + ": "
                    + Printable.escape("" + e.getMessage());
        }
    }

    /** The thread and its queue. */
    private static final class Press {
        final List<LinePrinter> printers = new CopyOnWriteArrayList<>();

        private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(CAPACITY);
        private final AtomicLong held = new AtomicLong(); // bytes of heap, by what is queued or being printed
        private final long budget;
        private final Thread thread;

        Press(String name, long budget) {
            this.budget = budget;
            this.thread = new Thread(this::run, name);
            thread.setDaemon(true);
        }

        /** A second start, for a printer beside, does nothing. */
        synchronized void start() {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
        }

        /** Whether there is room for it. */
        boolean takes(Line line) {
            long all = held.addAndGet(line.bytes);
            boolean fits = all <= budget || all == line.bytes; // one alone always does
            if (fits && lines.offer(line)) {
                return true;
            }
            held.addAndGet(-line.bytes);
            return false;
        }

        private void run() {
            try {
                long second = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                boolean ended = false;
                while (!ended) {
                    Line line = lines.poll(second - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (line != null) {
                        ended = printFrom(line);
                    }
                    if (ended || second - System.nanoTime() <= 0) {
                        second = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                        printers.forEach(LinePrinter::beginSecond);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // an interrupt is a request to end
            }
        }

        /**
         * Prints this line and those behind it, with one write for each stretch. Returns whether the end is reached.
         */
        private boolean printFrom(Line first) {
            StringBuilder text = new StringBuilder();
            long bytes = 0;
            PrintStream out = first.out;
            Line line = first;
            for (int i = 1; line != null && line != END; i++) {
                if (line.out != out) {
                    write(text, out);
                    out = line.out;
                }
                text.append(made(line)).append('\n');
                bytes += line.bytes;
                line = i < LINES_PER_WRITE ? lines.poll() : null;
            }
            if (out != null) { // null: there is nothing but the end
                write(text, out);
            }
            held.addAndGet(-bytes);
            return line == END;
        }

        private static void write(StringBuilder text, PrintStream out) {
            out.print(text);
            out.flush();
            text.setLength(0);
        }

        boolean close(Duration atMost) {
            long end = System.nanoTime() + atMost.toNanos();
            try {
                if (lines.offer(END, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                    TimeUnit.NANOSECONDS.timedJoin(thread, end - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return thread.getState() == Thread.State.TERMINATED;
        }
    }
}
