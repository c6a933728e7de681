package org.reactorserver;

import java.util.concurrent.CompletionStage;

/** Answers messages that are bytes, at once or later. */
@FunctionalInterface
public interface AsyncBinaryHandler extends SessionHandler<byte[]> {

    /**
     * A message has arrived; as {@link AsyncHandler#onMessage}.
     *
     * @param message the handler's own
     * @return the reply to come; null, or a stage that comes to null, if there is none
     */
    CompletionStage<byte[]> onMessage(Session session, byte[] message) throws Exception;
}
