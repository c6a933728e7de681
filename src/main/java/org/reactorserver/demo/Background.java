package org.reactorserver.demo;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Threads for clients that block, while the demo goes on. */
public final class Background {
    private Background() {}

    /** Does it on a thread of its own, which ends with the process. */
    public static <T> CompletableFuture<T> call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(task.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                },
                "client");
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
