package org.reactorserver.helper;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.Deque;
import org.reactorserver.wire.Transport;

/** A transport on which bytes arrive in given pieces: a read finds one of them, or as much of it as there is room for. */
public final class Pieces implements Transport {
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean ended;
    private boolean closed;

    /** Lets bytes arrive. */
    public Pieces arrive(byte[] bytes) {
        pieces.add(ByteBuffer.wrap(bytes));
        return this;
    }

    /** Behind them the stream ends. */
    public Pieces endBehind() {
        ended = true;
        return this;
    }

    /** Whether everything has been read that has arrived. */
    public boolean isEmpty() {
        return pieces.isEmpty();
    }

    public byte[] written() {
        return written.toByteArray();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isEstablished() {
        return true;
    }

    @Override
    public int read(ByteBuffer into) {
        ByteBuffer piece = pieces.peek();
        if (piece == null) {
            return ended ? -1 : 0;
        }
        int count = Math.min(piece.remaining(), into.remaining());
        into.put(piece.slice(piece.position(), count));
        piece.position(piece.position() + count);
        if (!piece.hasRemaining()) {
            pieces.remove();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) {
        int count = from.remaining();
        while (from.hasRemaining()) {
            written.write(from.get());
        }
        return count;
    }

    @Override
    public int interestOps(boolean reading, boolean writing) {
        return (reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    public boolean holdsInput() {
        return false;
    }

    @Override
    public int mostUnread() {
        return 1_000;
    }

    @Override
    public int unsent() {
        return 0;
    }

    @Override
    public boolean endOutput() {
        return true;
    }

    @Override
    public void close(boolean cutOff) {
        closed = true;
    }
}
