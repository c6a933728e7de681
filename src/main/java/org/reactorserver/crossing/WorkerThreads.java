package org.reactorserver.crossing;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes what {@link Workers} runs on. All threads are daemons: a handler that hangs keeps no JVM up. */
public final class WorkerThreads {
    private static final String NAME = "worker-"; // behind the server's name

    private WorkerThreads() {}

    /** No thread: the caller, which is the loop, runs it. */
    public static Executor none() {
        return Runnable::run;
    }

    /**
     * So many threads, made when they are first needed.
     *
     * @param names what their names begin with
     */
    public static ExecutorService pool(int size, String names) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, names + NAME + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    }

    /**
     * A new virtual thread for each task.
     *
     * @param names what their names begin with
     * @throws UnsupportedOperationException before Java 21
     */
    public static ExecutorService virtual(String names) {
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named =
                    builderType.getMethod("name", String.class, long.class).invoke(builder, names + NAME, 1L);
            ThreadFactory factory =
                    (ThreadFactory) builderType.getMethod("factory").invoke(named);
            Method perTask = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
            return (ExecutorService) perTask.invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException(
                    "virtual threads need Java 21 or newer; this is Java "
                            + Runtime.version().feature(),
                    e);
        }
    }
}
