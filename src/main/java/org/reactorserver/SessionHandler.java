package org.reactorserver;

/**
 * What the four kinds of handler have in common: {@link MessageHandler} and {@link BinaryHandler}, which answer while
 * they are called, {@link AsyncHandler} and {@link AsyncBinaryHandler}, which may answer later.
 *
 * <p>Called on a worker (or, without workers, on the selector thread): for one session one call at a time and in
 * order, {@link #onOpen} first and {@link #onClose} last; for different sessions at the same time. What one call did,
 * the next one sees. An empty method costs nothing: it is not called.
 *
 * <p>A method that throws ends its session with {@link CloseReason#HANDLER_FAILED} and no other one.
 *
 * @param <M> what a message is: a text, or bytes
 */
public interface SessionHandler<M> {

    /** The session is being served; here the server may speak first. */
    default void onOpen(Session session) throws Exception {}

    /**
     * There is room again: {@link Session#isWritable} has been false, and no more than half of the high-water mark
     * waits for the client now. Comes before the next message.
     */
    default void onWritable(Session session) throws Exception {}

    /**
     * Nothing has been read or written for {@link ReactorServer.Builder#idleTimeout}, and nothing waits to be handled,
     * answered or written. A ping may be sent here.
     *
     * @return whether the session goes on, and its time begins anew; otherwise, as by default, it ends with {@link
     *     CloseReason#IDLE_TIMEOUT}
     */
    default boolean onIdle(Session session) throws Exception {
        return false;
    }

    /**
     * The client has begun no message for {@link ReactorServer.Builder#readIdleTimeout}, and nothing of it waits to be
     * handled or answered. Whether anything was sent to it does not matter.
     *
     * @return whether the session goes on, and its time begins anew; otherwise, as by default, it ends with {@link
     *     CloseReason#IDLE_TIMEOUT}
     */
    default boolean onReadIdle(Session session) throws Exception {
        return false;
    }

    /**
     * The client was sent nothing for {@link ReactorServer.Builder#writeIdleTimeout}, and nothing waits to be handled
     * or written, though a request may still be held. A sign of life may be sent here; the time begins anew in any
     * case. Does nothing by default.
     */
    default void onWriteIdle(Session session) throws Exception {}

    /**
     * A call has failed: it threw, or the stage that it returned did. The session ends with {@link
     * CloseReason#HANDLER_FAILED}, whatever is done here; {@link Session#send} takes nothing any more, and messages
     * that wait are dropped. Called behind the replies to the requests before; not for a stage that fails when the
     * session is being ended already.
     *
     * @param message what the failed call was given; null if that was no message
     * @param cause what was thrown
     * @return the last message for the peer; null for what {@link ReactorServer.Builder#errorReplies} has, by
     *     default {@code error: the handler failed}
     */
    default M onError(Session session, M message, Throwable cause) throws Exception {
        return null;
    }

    /** The session has ended; nothing can be sent any more. */
    default void onClose(Session session, CloseReason reason) throws Exception {}
}
