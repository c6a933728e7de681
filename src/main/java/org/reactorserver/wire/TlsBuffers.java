package org.reactorserver.wire;

import java.nio.ByteBuffer;

/**
 * What the TLS transports of one loop work in, one after the other: between two calls there is nothing in it. Buffers
 * of the heap, since ciphers take twice the time in direct ones. Loop only.
 */
public final class TlsBuffers {
    /** More than any record has (RFC 5246, 6.2.3), with its header. */
    static final int MOST_RECORD = 5 + (1 << 14) + 2048;

    /** So much is read at a time: with records of one byte each that is work for a millisecond. */
    private static final int RECEIVED = 32 * 1024;

    private static final int OBJECTS = 64; // a buffer and the head of its array

    /** Records that were received. */
    final ByteBuffer received = ByteBuffer.allocate(RECEIVED);

    /** The clear text of one record, if the reader has no room for so much. */
    ByteBuffer clear = ByteBuffer.allocate(MOST_RECORD);

    /** Records that are to be sent: one, or several short ones. */
    ByteBuffer sent = ByteBuffer.allocate(2 * MOST_RECORD);

    /** Makes those of a loop. */
    public TlsBuffers() {}

    /** A larger one, for an engine that asks for more than the JDK's. */
    static ByteBuffer larger(ByteBuffer buffer, int needed) {
        return ByteBuffer.allocate(Math.max(needed, 2 * buffer.capacity()));
    }

    /** As much as there is, and room for. */
    static void move(ByteBuffer from, ByteBuffer into) {
        int count = Math.min(from.remaining(), into.remaining());
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
    }

    /** What is left in it, in an array as large as that; null if nothing is. */
    static ByteBuffer rest(ByteBuffer of) {
        return of.hasRemaining() ? ByteBuffer.allocate(of.remaining()).put(of).flip() : null;
    }

    /** Of one with an array of its own; null for none. */
    static int heapBytes(ByteBuffer held) {
        return held == null ? 0 : OBJECTS + held.capacity();
    }
}
