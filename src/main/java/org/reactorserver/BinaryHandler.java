package org.reactorserver;

/** What the application does with messages that are bytes, whatever they mean. */
@FunctionalInterface
public interface BinaryHandler extends SessionHandler<byte[]> {

    /**
     * A message has arrived; reply with {@link Session#send(byte[])}, now or later, once or not at all.
     *
     * @param message the handler's own
     */
    void onMessage(Session session, byte[] message) throws Exception;
}
