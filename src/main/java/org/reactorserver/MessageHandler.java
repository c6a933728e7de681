package org.reactorserver;

/** What the application does with messages that are texts. */
@FunctionalInterface
public interface MessageHandler extends SessionHandler<String> {

    /** A message has arrived; reply with {@link Session#send}, now or later, once or not at all. */
    void onMessage(Session session, String message) throws Exception;
}
