package org.reactorserver.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.reactorserver.crossing.Outbox;
import org.reactorserver.wire.Transport;

/** What goes to the peer: the loop's end of the {@link Outbox}. Loop only. */
final class Output {
    /** After so many full buffers of one session the loop turns to the next one. */
    private static final int WRITES_PER_PASS = 4;

    private final Shared shared;
    private final ServedSession session;
    private long stuck; // bytes that the last write left behind: its part in the server's total
    private long since; // if there are any: when the peer last took some
    private long lastWrite; // when the peer last took bytes at all

    Output(Shared shared, ServedSession session) {
        this.shared = shared;
        this.session = session;
        this.lastWrite = shared.loop.now();
    }

    private Outbox outbox() {
        return session.outbox;
    }

    /** Whether bytes were left behind, for which the selector is to be asked. */
    boolean isBlocked() {
        return stuck > 0;
    }

    /** If it is blocked: since when the peer has taken nothing. */
    long blockedSince() {
        return since;
    }

    /** How many bytes the last write left behind. */
    long stuckBytes() {
        return stuck;
    }

    /** When the peer last took bytes, or it was made. */
    long lastWrite() {
        return lastWrite;
    }

    /**
     * Writes what waits, as far as the peer takes it and within bounds.
     *
     * @return whether what all peers leave behind is within the server's memory for replies, or is not the
     *     fault of this one
     */
    boolean write(Transport transport) throws IOException {
        if (outbox().isEmpty()) {
            return true;
        }
        ByteBuffer buffer = shared.loop.buffer();
        boolean wasBlocked = isBlocked();
        boolean full = false;
        for (int i = 0; i < WRITES_PER_PASS && !full && !outbox().isEmpty(); i++) {
            outbox().copyTo(buffer.clear(), shared.settings.framing);
            int written = transport.write(buffer.flip());
            full = buffer.hasRemaining();
            if (written > 0) {
                wasBlocked = false;
                onWritten(written);
            }
        }
        if (!wasBlocked) {
            since = shared.loop.now();
        }
        return account(outbox().bytes());
    }

    private void onWritten(int written) {
        int messages = outbox().remove(written, shared.settings.framing);
        lastWrite = shared.loop.now();
        shared.counters.bytesWritten.add(written);
        shared.counters.repliesWritten.add(messages);
        shared.observer.written(session, written, messages);
    }

    private boolean account(long bytes) {
        boolean grew = bytes > stuck;
        boolean withinBudget = shared.accountStuckBytes(bytes - stuck);
        stuck = bytes;
        return withinBudget || !grew;
    }

    /** Forgets what waits and takes no more. */
    void discard() {
        outbox().shut();
        shared.counters.repliesDropped.add(outbox().discard());
        account(0);
    }
}
