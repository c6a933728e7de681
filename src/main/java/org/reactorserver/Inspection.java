package org.reactorserver;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Information about a running server, for its operators. Any thread.
 *
 * <p>What the selector thread answers is completed by it, in one of its next passes, and what is chained to that runs
 * on it unless it is chained asynchronously. If it is stuck or has ended, it does not answer: wait for a limited time.
 */
public interface Inspection {

    /** The counters as they are now. */
    ServerStats stats();

    /** Whether the server has been told to end; from the first moment of a drain, its delay included. */
    boolean isStopping();

    /** The selector thread, to see where it is; null before its first pass. */
    Thread selectorThread();

    /**
     * What the selector thread did last, also while it is stuck: a line for each pass, with how many milliseconds ago
     * it began, which keys were ready for what, which letters, timers and sessions were processed, and how long it
     * took.
     *
     * @param most how many passes; about 8,000 steps are kept
     */
    String lastPasses(int most);

    /**
     * For how long the selector thread has been in its pass, also while it is stuck, in nanoseconds; 0 if it sleeps, or is
     * between two.
     */
    long inPassNanos();

    /**
     * What is wrong with the certificates and keys in use, as it is now, a line each: dates that are over, or will be within
     * two weeks, and files that hold others by now and cannot be used. Without TLS, or with an SSLContext, nothing.
     */
    List<String> keyFaults();

    /** Answered by the selector thread: it turns. */
    CompletableFuture<Void> turns();

    /**
     * Answered by the selector thread: what is known of each session that is not closed, those that still arrive
     * included, in no order. A few hundred are read in a pass, so that ten thousand delay no session; what is reported
     * of one may be some passes older than that of another.
     */
    CompletableFuture<List<SessionFacts>> sessions();

    /** Answered by the selector thread: the session of this number; null if there is none, or it is closed. */
    CompletableFuture<Session> session(long id);

    /** Answered by the selector thread: the handlers that are at work. */
    CompletableFuture<List<HandlerAtWork>> handlersAtWork();

    /**
     * A worker and what it is at.
     *
     * @param worker its thread
     * @param session the number of the session
     * @param nanos for how long it has been at that session
     */
    record HandlerAtWork(Thread worker, long session, long nanos) {}
}
