package org.reactorserver.force;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactorserver.MessageHandler;
import org.reactorserver.Session;

/** Requests that are answered later, of a client that does not wait for the answers. */
class HeldRepliesForce {
    /** Answers everything but the good client's lines two seconds later. */
    public static final class Late implements MessageHandler {
        private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, task -> {
            Thread thread = new Thread(task, "late");
            thread.setDaemon(true);
            return thread;
        });

        /** For --handler. */
        public Late() {}

        @Override
        public void onMessage(Session session, String message) {
            if (message.equals("good")) {
                session.send(message);
                return;
            }
            Session.Hold hold = session.hold();
            timer.schedule(
                    () -> {
                        session.send(message);
                        hold.release();
                    },
                    2,
                    TimeUnit.SECONDS);
        }
    }

    @Test
    void late_replies() throws Exception {
        byte[] lines = "x\n".repeat(32 * 1024).getBytes(US_ASCII);
        HeldMemoryForce.run(
                "A5",
                "connections that send lines which are answered 2 s later, and read every answer",
                attack -> {
                    if (attack.held.size() < 20) {
                        attack.hold(attack.connect());
                    }
                    for (java.nio.channels.SocketChannel channel : attack.held) {
                        attack.offer(channel, lines);
                        attack.skim(channel);
                    }
                    return true;
                },
                "--handler",
                Late.class.getName());
    }
}
