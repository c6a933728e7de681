package org.reactorserver.text;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Runs tasks that may take long, such as writing into a pipe that is not read, in a thread of its own and in order,
 * so that the caller is never blocked. The thread starts with the first task and ends when there has been
 * none for a while, so that nothing keeps an application's classes alive for good. Any thread.
 */
final class Speaker {
    private final String name;
    private final Duration idle;
    private final LongConsumer leftOutTeller;
    private final BlockingQueue<Task> queue;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong leftOut = new AtomicLong(); // since that was last told
    private final AtomicLong everLeftOut = new AtomicLong();
    private volatile long busySince; // by the clock of the JVM; 0: not

    private record Task(String thread, Runnable words) {}

    /**
     * Starts nothing yet.
     *
     * @param name the thread's, while it does nothing
     * @param capacity how many tasks may wait; more are left out
     * @param leftOutTeller is called in the thread after a task, with the number of tasks that were left out since
     */
    Speaker(String name, int capacity, Duration idle, LongConsumer leftOutTeller) {
        this.name = name;
        this.idle = idle;
        this.leftOutTeller = leftOutTeller;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /** Returns at once and throws nothing, whatever is the matter. */
    void say(Runnable words) {
        boolean queued = false;
        try {
            queued = queue.offer(new Task(Thread.currentThread().getName(), words));
        } catch (Throwable e) { // there is no memory for a task: neither is there any to say so
            queued = false;
        }
        if (queued) {
            ensureRunning();
        } else {
            leaveOut();
        }
    }

    /** Counts what could not even be said. Needs no memory. */
    void leaveOut() {
        leftOut.incrementAndGet();
        everLeftOut.incrementAndGet();
    }

    /** How many tasks were left out since the start. */
    long everLeftOut() {
        return everLeftOut.get();
    }

    /** For how long it has been at a task, in nanoseconds; 0 if it is at none. */
    long busyNanos() {
        long since = busySince;
        return since == 0 ? 0 : System.nanoTime() - since;
    }

    /**
     * Waits until what was said before is done.
     *
     * @return whether it is, within this time
     */
    boolean flush(Duration atMost) {
        if (queue.isEmpty() && !running.get()) {
            return true;
        }
        long end = System.nanoTime() + atMost.toNanos();
        CountDownLatch done = new CountDownLatch(1);
        try {
            if (!queue.offer(new Task(name, done::countDown), atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            ensureRunning();
            return done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void ensureRunning() {
        if (!running.get() && running.compareAndSet(false, true)) {
            boolean started = false;
            try {
                Thread thread = new Thread(null, this::run, name, 0, false);
                thread.setDaemon(true);
                thread.setContextClassLoader(Speaker.class.getClassLoader()); // and not the application's
                thread.start();
                started = true;
            } catch (Throwable e) { // no memory, or no more threads: the next task tries again
                started = false;
            } finally {
                if (!started) {
                    running.set(false);
                }
            }
        }
    }

    private void run() {
        try {
            Task task;
            while ((task = next()) != null) {
                perform(task);
            }
        } finally {
            running.set(false);
        }
        if (!queue.isEmpty()) { // came between the last look and the end
            ensureRunning();
        }
    }

    private Task next() {
        while (true) {
            try {
                return queue.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                continue; // left by the logger: no other code has this thread
            }
        }
    }

    private void perform(Task task) {
        try {
            Thread.currentThread().setName(task.thread);
            busySince = System.nanoTime() | 1;
            try {
                task.words.run();
            } finally {
                busySince = 0;
                Thread.currentThread().setName(name);
            }
            tellWhatIsLeftOut();
        } catch (Throwable e) { // logging is broken, or there is no memory: there is no way to report it
            leaveOut();
        }
    }

    private void tellWhatIsLeftOut() {
        long count = leftOut.getAndSet(0);
        if (count > 0) {
            boolean told = false;
            try {
                leftOutTeller.accept(count);
                told = true;
            } finally {
                if (!told) {
                    leftOut.addAndGet(count);
                }
            }
        }
    }
}
