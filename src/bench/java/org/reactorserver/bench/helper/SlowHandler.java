package org.reactorserver.bench.helper;

import org.reactorserver.MessageHandler;
import org.reactorserver.Session;

/**
 * Echo, but a message that starts with {@code slow} takes its worker 50 ms: the one bad session
 * among a hundred good ones. Run as {@code serve --handler}.
 */
public final class SlowHandler implements MessageHandler {

    private static final long SLOW_MILLIS = 50;

    @Override
    public void onMessage(Session session, String message) throws InterruptedException {
        if (message.startsWith("slow")) {
            Thread.sleep(SLOW_MILLIS);
        }
        session.send(message);
    }
}
