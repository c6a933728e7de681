package org.reactorserver.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs one task at a time, in order, on threads that come and go. Any thread. */
final class Strand implements Executor {
    private final Executor threads;
    private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by this
    private boolean isRunning; // guarded by this

    Strand(Executor threads) {
        this.threads = threads;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
        if (!isRunning) {
            isRunning = true;
            threads.execute(this::run);
        }
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized Runnable next() {
        Runnable task = tasks.poll();
        isRunning = task != null;
        return task;
    }
}
