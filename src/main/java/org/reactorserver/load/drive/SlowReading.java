package org.reactorserver.load.drive;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.reactorserver.loop.Timers;

/** Has a connection read a few bytes and then none for a while, on purpose. Loop only. */
final class SlowReading {
    private static final int MOST_BYTES = 256;
    private static final long PAUSE = 50_000_000;

    private final RunContext context;
    private final Link link;
    private final Timers.Timer again = new Timers.Timer() {
        @Override
        protected void onTimer() {
            link.interest(SelectionKey.OP_READ, true);
        }
    };

    SlowReading(RunContext context, Link link) {
        this.context = context;
        this.link = link;
    }

    /** It reads into this now. */
    void limit(ByteBuffer buffer) {
        buffer.limit(MOST_BYTES);
        link.interest(SelectionKey.OP_READ, false);
        context.loop.timers().arm(again, context.time() + PAUSE);
    }

    void cancel() {
        context.loop.timers().cancel(again);
    }
}
