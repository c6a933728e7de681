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

    /**
     * A select returned.
     *
     * @param keys how many keys are ready
     * @param slept whether it was allowed to wait
     */
    default void selected(int keys, boolean slept) {}

    /** The calling thread, which is not the selector's, is about to wake it. */
    default void wokenUp() {}

    /** The selector returned again and again without a reason and was replaced. */
    default void selectorReplaced() {}

    /** {@code accept()} returned a connection and it was admitted. */
    default void connected(Session session) {}

    /** {@code accept()} returned null: no connection is pending. */
    default void acceptedNone() {}

    /** {@code accept()} failed; accepting is taken up again in the given number of milliseconds. */
    default void acceptFailed(Exception cause, long retryMillis) {}

    /** A connection was accepted and turned away before it became a session; of an address of any kind. */
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

    /** A message for the client was queued. Called on the thread that sent it. */
    default void queued(Session session, String message) {}

    /** Bytes for the client were queued; the array is the sender's. Called on the thread that sent it. */
    default void queued(Session session, byte[] message) {}

    /** Bytes were written, and with them the last of so many messages. */
    default void written(Session session, int bytes, int messages) {}

    /** The session's channel is closed. */
    default void closed(Session session, CloseReason reason) {}
}
