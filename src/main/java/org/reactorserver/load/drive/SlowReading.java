package org.reactorserver.load.drive;

import java.nio.ByteBuffer;
import org.reactorserver.loop.Timers;

/** Has a connection read a few bytes and then none for a while, on purpose. Loop only. */
final class SlowReading {
    private static final int MOST_BYTES = 256;
    private static final long PAUSE = 50_000_000;

    private final RunContext context;
    private final Runnable ask;
    private final Timers.Timer again = new Timers.Timer() {
        @Override
        protected void onTimer() {
            ask.run();
        }
    };

    /**
     * Reads nothing yet.
     *
     * @param ask is run when it wants input again
     */
    SlowReading(RunContext context, Runnable ask) {
        this.context = context;
        this.ask = ask;
    }

    /** It reads into this now. */
    void limit(ByteBuffer buffer) {
        buffer.limit(MOST_BYTES);
        context.loop.timers().arm(again, context.time() + PAUSE);
    }

    boolean isPausing() {
        return again.isArmed();
    }

    void cancel() {
        context.loop.timers().cancel(again);
    }
}
