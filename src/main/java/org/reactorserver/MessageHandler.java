package org.reactorserver;

/**
 * What the application does with messages. Called on a worker (or, without workers, on the selector
 * thread): for one session one call at a time and in order, {@link #onOpen} first and {@link #onClose}
 * last; for different sessions at the same time.
 *
 * <p>A method that throws ends its session with {@link CloseReason#HANDLER_FAILED} and no other one.
 */
@FunctionalInterface
public interface MessageHandler {

    /** A message has arrived; reply with {@link Session#send}, now or later, once or not at all. */
    void onMessage(Session session, String message) throws Exception;

    /** The session is being served; here the server may speak first. */
    default void onOpen(Session session) throws Exception {}

    /** The session has ended; nothing can be sent any more. */
    default void onClose(Session session, CloseReason reason) throws Exception {}
}
