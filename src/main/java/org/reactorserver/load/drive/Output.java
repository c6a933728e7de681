package org.reactorserver.load.drive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.reactorserver.dial.Link;
import org.reactorserver.load.plan.Misbehaviour;

/**
 * The bytes that one connection has to write and has not written: none, as a rule. Holds an array only
 * while the kernel does not take everything, or while a misbehaving client is not to write it all at
 * once. Loop only.
 */
final class Output {
    private final Misbehaviour misbehaviour;
    private byte[] unwritten; // null: everything has been written
    private int written; // of it
    private boolean blocked;
    private long lastProgress;

    Output(Misbehaviour misbehaviour) {
        this.misbehaviour = misbehaviour;
    }

    boolean isEmpty() {
        return unwritten == null;
    }

    /** Whether the kernel did not take all that it was offered last. */
    boolean isBlocked() {
        return blocked;
    }

    int remaining() {
        return unwritten == null ? 0 : unwritten.length - written;
    }

    /** How long the peer has taken nothing of what waits, in nanoseconds. */
    long stalledFor(long now) {
        return unwritten == null ? 0 : now - lastProgress;
    }

    /** Keeps bytes for {@link #writeRest}. */
    void keep(byte[] bytes, long now) {
        unwritten = bytes;
        written = 0;
        lastProgress = now;
    }

    /** Writes what it can and keeps the rest. Returns how many bytes were written. */
    int write(Link link, ByteBuffer out, long now) throws IOException {
        int count = writePiece(link, out);
        if (out.hasRemaining()) {
            byte[] rest = new byte[out.remaining()];
            out.get(rest);
            keep(rest, now);
        }
        return count;
    }

    /** Goes on with what was kept, through the buffer. Returns how many bytes were written. */
    int writeRest(Link link, ByteBuffer buffer, long now) throws IOException {
        buffer.clear().put(unwritten, written, Math.min(buffer.remaining(), remaining()));
        int count = writePiece(link, buffer.flip());
        written += count;
        if (count > 0) {
            lastProgress = now;
        }
        if (remaining() == 0) {
            unwritten = null;
        }
        return count;
    }

    private int writePiece(Link link, ByteBuffer out) throws IOException {
        int end = out.limit();
        out.limit(out.position() + misbehaviour.piece(out));
        int count = link.write(out);
        blocked = out.hasRemaining();
        out.limit(end);
        return count;
    }

    void discard() {
        unwritten = null;
    }
}
