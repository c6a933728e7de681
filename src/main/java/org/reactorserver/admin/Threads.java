package org.reactorserver.admin;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What answers requests: daemon threads, as many as there are requests at a time, within bounds. The JDK's HTTP server gives a
 * connection a thread as soon as a byte arrives, and would wait with it for the others for ever: so whatever takes too
 * long is interrupted, which closes its connection. What does not fit is thrown away by refusing it, likewise. Any thread.
 */
final class Threads implements Executor {
    private static final int MOST = 160;
    private static final int IDLE_SECONDS = 10;

    private final long patienceMillis;
    private final ThreadPoolExecutor workers =
            new ThreadPoolExecutor(0, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), Threads::thread);
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, Threads::thread);

    /**
     * Starts none yet.
     *
     * @param patienceMillis how long one request may take, from its first byte to the last one of the answer
     */
    Threads(long patienceMillis) {
        this.patienceMillis = patienceMillis;
        alarms.setRemoveOnCancelPolicy(true);
        alarms.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        alarms.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "admin");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable exchange) {
        workers.execute(() -> {
            Interruption interruption = new Interruption(Thread.currentThread());
            ScheduledFuture<?> alarm;
            try {
                alarm = alarms.schedule(interruption, patienceMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                return; // closed meanwhile
            }
            try {
                exchange.run();
            } finally {
                alarm.cancel(false);
                interruption.isOver();
            }
        });
    }

    /** From here on does this so often. It must not throw. */
    void every(long millis, Runnable work) {
        alarms.scheduleAtFixedRate(work, millis, millis, TimeUnit.MILLISECONDS);
    }

    void close() {
        workers.shutdownNow();
        alarms.shutdownNow();
    }

    /** Ends what takes too long, and nothing that the thread does after that. */
    private static final class Interruption implements Runnable {
        private Thread thread; // guarded by this; null: over

        Interruption(Thread thread) {
            this.thread = thread;
        }

        @Override
        public synchronized void run() {
            if (thread != null) {
                thread.interrupt();
            }
        }

        /** By the thread itself. */
        synchronized void isOver() {
            thread = null;
            Thread.interrupted();
        }
    }
}
