package org.reactorserver.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A question to the selector thread that many may have: it is asked once for all of them, not again while the answer
 * is fresh, and not again while there is none. So however often it is asked, a busy loop is not kept busier,
 * and one that is stuck collects no questions. Any thread but the selector's.
 *
 * @param <T> the answer
 */
public final class Question<T> {
    private final Supplier<CompletableFuture<T>> asks;
    private final long freshNanos;
    private final long patienceNanos;
    private CompletableFuture<T> asked; // guarded by this; null at first
    private long askedAt; // guarded by this

    /**
     * Asks nothing yet.
     *
     * @param fresh for how long an answer will do, from when it was asked for
     * @param patience for how long it is waited for, from when it was asked for
     */
    public Question(Supplier<CompletableFuture<T>> asks, Duration fresh, Duration patience) {
        this.asks = asks;
        this.freshNanos = fresh.toNanos();
        this.patienceNanos = patience.toNanos();
    }

    /** The answer; empty if there is none in time. */
    public Optional<T> answer() {
        CompletableFuture<T> awaited;
        long left;
        synchronized (this) {
            long now = System.nanoTime();
            if (asked == null || (asked.isDone() && now - askedAt >= freshNanos)) {
                asked = asks.get();
                askedAt = now;
            }
            awaited = asked;
            left = patienceNanos - (now - askedAt);
        }
        try {
            return Optional.ofNullable(awaited.get(Math.max(0, left), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** For how long it has been without an answer, in nanoseconds; 0 if it has one, or was not asked. */
    public synchronized long unansweredNanos() {
        return asked == null || asked.isDone() ? 0 : System.nanoTime() - askedAt;
    }
}
