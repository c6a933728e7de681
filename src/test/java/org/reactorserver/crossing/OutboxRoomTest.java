package org.reactorserver.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactorserver.framing.Framing;

/** One that waits for room and the loop that makes it, at the same moment. */
class OutboxRoomTest {
    private static final int ROUNDS = Integer.getInteger("outbox.rounds", 300_000);

    private final Outbox outbox = new Outbox();
    private final AtomicInteger round = new AtomicInteger();
    private final AtomicInteger looked = new AtomicInteger();
    private final AtomicBoolean waits = new AtomicBoolean();
    private long seen;

    private void waitForRoom() {
        for (int i = 1; i <= ROUNDS; i++) {
            while (round.get() < i) {
                Thread.onSpinWait();
            }
            waits.set(true);
            seen = outbox.cost();
            looked.set(i);
        }
    }

    /** As threads that met there would: from then on, on some JVMs, it is left without a fence. */
    private void inflateItsLock() throws InterruptedException {
        synchronized (outbox) {
            outbox.wait(1);
        }
    }

    /** Else it waits for ever: neither does it see the room, nor does the loop see it wait. */
    @Test
    void whoSaysThatItWaitsForRoomSeesItOrIsSeen() throws Exception {
        byte[] reply = new byte[10];
        Thread other = new Thread(this::waitForRoom);
        other.setDaemon(true);
        other.start();
        for (int i = 1; i <= ROUNDS; i++) {
            if (i % 1_000 == 1) {
                inflateItsLock();
            }
            outbox.add(reply, Framing.chunks(), 0, Long.MAX_VALUE);
            waits.set(false);
            round.set(i);
            for (int spins = i % 64; spins > 0; spins--) {
                Thread.onSpinWait();
            }
            outbox.remove(reply.length, Framing.chunks());
            boolean isSeen = waits.get();
            while (looked.get() < i) {
                Thread.onSpinWait();
            }
            assertThat(isSeen || seen == 0).as("seen, or sees the room").isTrue();
        }
        other.join();
    }
}
