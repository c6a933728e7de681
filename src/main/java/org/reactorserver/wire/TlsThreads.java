package org.reactorserver.wire;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes what the costly part of handshakes runs on, so that neither the loop nor a handler waits for it. */
public final class TlsThreads {
    private static final int MOST = 2;
    private static final long IDLE_SECONDS = 10;

    private TlsThreads() {}

    /**
     * One thread, or two where there are more than two processors; daemons, which are there while there are
     * handshakes. A connection is in the queue once at most, and one that was closed meanwhile costs nothing: so who
     * bounds the connections that shake hands has bounded the queue.
     */
    public static ExecutorService pool() {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "tls-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        int size = Math.min(MOST, Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
