package org.reactorserver.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.reactorserver.crossing.Outbox;
import org.reactorserver.session.ServedSession;
import org.reactorserver.session.Shared;
import org.reactorserver.wire.Transport;

/** What goes to the peer: the loop's end of the {@link Outbox}. Loop only. */
final class Output {
    private enum Flow {
        /** Nothing was left behind by the last write. */
        FLOWING,
        /** Something was left behind; the selector is to be asked. */
        BLOCKED,
        /** A write has failed: nothing more can be sent, but what the peer has sent can still be read. */
        BROKEN
    }

    /** After so many full buffers of one session the loop turns to the next one. */
    private static final int WRITES_PER_PASS = 4;

    private Flow flow = Flow.FLOWING;
    private long since; // when the peer last took something, or else when it is to count from

    /** Whether bytes were left behind, for which the selector is to be asked. */
    boolean isBlocked() {
        return flow == Flow.BLOCKED;
    }

    boolean isBroken() {
        return flow == Flow.BROKEN;
    }

    /** Since when the peer has taken nothing, be it that there was nothing to take. */
    long since() {
        return since;
    }

    /** The transport has not taken everything. */
    void block(long now) {
        if (flow == Flow.FLOWING) {
            flow = Flow.BLOCKED;
            since = now;
        }
    }

    /** Counts the time anew. */
    void restart(long now) {
        since = now;
    }

    /**
     * Writes what waits, as far as the peer takes it and within bounds. What a blocked one costs does not depend on
     * how often it is touched: until the selector reports room, nothing is tried.
     *
     * @return whether the peer took anything
     */
    boolean write(Transport transport, ServedSession session, Shared shared) {
        boolean taken = false;
        try {
            Outbox outbox = session.outbox;
            ByteBuffer buffer = shared.loop.buffer();
            boolean wasBlocked = isBlocked();
            boolean full = false;
            int held = transport.unsent();
            for (int i = 0; i < WRITES_PER_PASS && !full && (i == 0 || !outbox.isEmpty()); i++) {
                outbox.copyTo(buffer.clear(), shared.settings.framing);
                int written = transport.write(buffer.flip());
                full = buffer.hasRemaining() || transport.holdsOutput();
                if (written > 0) {
                    taken = true;
                    int messages = outbox.remove(written, shared.settings.framing);
                    shared.counters.bytesWritten.add(written);
                    shared.counters.repliesWritten.add(messages);
                    shared.observer.written(session, written, messages);
                }
            }
            taken |= transport.unsent() < held;
            if (!isBroken()) { // else the transport may get rid of what it holds, and what was dropped stays dropped
                flow = outbox.isEmpty() && !transport.holdsOutput() ? Flow.FLOWING : Flow.BLOCKED;
            }
            if (isBlocked()) {
                shared.observer.writeBlocked(session, outbox.cost());
            }
            if (taken || !wasBlocked) {
                since = shared.loop.now();
            }
        } catch (IOException e) {
            flow = Flow.BROKEN;
            discard(session, shared);
        }
        return taken;
    }

    /** Forgets what waits and takes no more. Returns whether there was something. */
    boolean discard(ServedSession session, Shared shared) {
        session.outbox.shut();
        int dropped = session.outbox.discard();
        shared.counters.repliesDropped.add(dropped);
        return dropped > 0;
    }
}
