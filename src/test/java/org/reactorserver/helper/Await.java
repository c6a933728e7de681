package org.reactorserver.helper;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what another process does, in bounds. */
public final class Await {
    private Await() {}

    /** Asks every 10 ms until it is so; fails if it is not so in time. Returns how long it took. */
    public static Duration until(String what, Duration patience, Callable<Boolean> isSo) {
        long began = System.nanoTime();
        try {
            while (!isSo.call()) {
                if (System.nanoTime() - began > patience.toNanos()) {
                    throw new AssertionError("not within " + patience + ": " + what);
                }
                Thread.sleep(10);
            }
        } catch (Exception e) {
            throw new AssertionError("while waiting for " + what, e);
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
