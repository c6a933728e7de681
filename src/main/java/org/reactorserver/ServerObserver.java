package org.reactorserver;

import java.net.SocketAddress;

/**
 * Sees everything that happens, changes nothing. The one seam for transcripts, traces and metrics.
 *
 * <p>Called on the selector thread unless a method says otherwise, in the middle of its work: a method
 * must return at once and must not throw.
 */
public interface ServerObserver {

    /** Sees nothing. */
    ServerObserver NONE = new ServerObserver() {};

    /** A pass begins; the select comes next. */
    default void passBegan() {}

    /** A step of the pass begins. */
    default void stepBegan(PassStep step) {}

    /**
     * The loop is about to wait: there is nothing to do.
     *
     * @param millis how long at most, until the next timer; 0 for as long as nothing happens
     */
    default void sleeps(long millis) {}

    /**
     * A select returned.
     *
     * @param keys how many keys are ready
     * @param slept whether it was allowed to wait
     */
    default void selected(int keys, boolean slept) {}

    /**
     * A key is ready, and what stands behind it is called next.
     *
     * @param number of the session that it is of; 0 if that is none: a listener, or a client that is still arriving
     * @param readyOps what for: ops of {@link java.nio.channels.SelectionKey}
     */
    default void keyReady(long number, int readyOps) {}

    /**
     * A letter from another thread is delivered.
     *
     * @param number of the session that it is about; 0 if that is none
     */
    default void letterDelivered(long number) {}

    /**
     * A timer fires.
     *
     * @param number of the session that it is about; 0 if that is none
     * @param lateNanos by how much later than it was to, in nanoseconds
     */
    default void timerFired(long number, long lateNanos) {}

    /**
     * A pass is over; what it has learned is written.
     *
     * @param nanos how long it took since the select returned
     */
    default void passEnded(long nanos) {}

    /** The calling thread, which is not the loop's, is about to wake the loop. */
    default void wokenUp() {}

    /** The selector returned again and again without a reason and was replaced. */
    default void selectorReplaced() {}

    /** {@code accept()} returned a connection and it was admitted. */
    default void connected(Session session) {}

    /** {@code accept()} returned null: no connection is pending. */
    default void acceptedNone() {}

    /** {@code accept()} failed; accepting is taken up again in the given number of milliseconds. */
    default void acceptFailed(Exception cause, long retryMillis) {}

    /** A connection was accepted and refused before it became a session; of an address of any kind. */
    default void refused(SocketAddress peer, CloseReason reason) {}

    /** Bytes were read. */
    default void read(Session session, int bytes) {}

    /** A message was decoded. */
    default void received(Session session, String message) {}

    /** A message of bytes was decoded; the array is the handler's and must not be changed. */
    default void received(Session session, byte[] message) {}

    /** Sessions with waiting messages were handed to the workers, of which so many were started. */
    default void handedOff(int sessions, int workersStarted) {}

    /** A worker begins with the waiting messages of a session. Called on the worker. */
    default void taken(Session session) {}

    /** The handler has handled a message. Called on the worker. */
    default void handled(Session session, long nanos) {}

    /**
     * A worker is through with the session, for now. Called on the worker.
     *
     * @param messages how many it has handled
     * @param sinceReady how many nanoseconds ago the pass began that gave the session to the workers
     */
    default void released(Session session, int messages, long sinceReady) {}

    /** A message for the client was queued. Called on the thread that sent it. */
    default void queued(Session session, String message) {}

    /** Bytes for the client were queued; the array is the sender's. Called on the thread that sent it. */
    default void queued(Session session, byte[] message) {}

    /** Bytes were written, and with them the last of so many messages. */
    default void written(Session session, int bytes, int messages) {}

    /**
     * The peer has not taken all that was to be written.
     *
     * @param waiting how many bytes of heap the replies take up that wait for it now
     */
    default void writeBlocked(Session session, long waiting) {}

    /**
     * What the selector is asked for has changed, or, while it is not asked to read, the reason for that.
     *
     * @param ops what it is asked for now: ops of {@link java.nio.channels.SelectionKey}
     * @param pause why it is not asked to read; null if it is
     */
    default void interestChanged(Session session, int ops, PauseReason pause) {}

    /**
     * The time is up that the peer, or, for {@code pace}, the session itself had for something. The peer is looked at
     * once more before anything follows from it.
     *
     * @param deadline {@code arrival}, {@code linger}, {@code write}, {@code message}, {@code idle} or {@code pace}
     */
    default void deadlinePassed(Session session, String deadline) {}

    /**
     * A session has come into another state. It is {@code WAITING} when it is {@link #connected}, which is not told;
     * {@code CLOSED} is reported before {@link #closed}, and {@code GONE} may follow much later.
     */
    default void stateChanged(Session session, SessionState state) {}

    /** The session's channel is closed. */
    default void closed(Session session, CloseReason reason) {}
}
