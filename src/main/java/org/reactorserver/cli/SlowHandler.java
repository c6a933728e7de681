package org.reactorserver.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.Session;

/** Lets every message take its time before another handler sees it: for demonstrations. */
final class SlowHandler implements MessageHandler {
    private final MessageHandler handler;
    private final Duration work;

    SlowHandler(MessageHandler handler, Duration work) {
        this.handler = handler;
        this.work = work;
    }

    @Override
    public void onMessage(Session session, String message) throws Exception {
        work(work);
        handler.onMessage(session, message);
    }

    /** Takes so long. */
    static void work(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    @Override
    public void onOpen(Session session) throws Exception {
        handler.onOpen(session);
    }

    @Override
    public void onClose(Session session, CloseReason reason) throws Exception {
        handler.onClose(session, reason);
    }
}
