package org.reactorserver.framing;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes of one session that were read and are not decoded yet: the start of a message whose rest is
 * still to come, or messages for which there was no room. A session has one only while it needs it.
 * Grows by doubling with what really arrived, never with what a header promises.
 */
public final class Residue {
    private static final int SMALLEST = 64;

    byte[] bytes;
    int length;

    /** How many of the bytes a framing has searched in vain, so that it need not search them again. */
    int searched;

    boolean incomplete;

    Residue(byte[] from, int start, int end) {
        length = end - start;
        bytes = new byte[Math.max(SMALLEST, length)];
        System.arraycopy(from, start, bytes, 0, length);
    }

    Residue(ByteBuffer fresh) {
        bytes = new byte[Math.max(SMALLEST, fresh.remaining())];
        append(fresh);
    }

    void append(ByteBuffer fresh) {
        int needed = length + fresh.remaining();
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
        int count = fresh.remaining();
        fresh.get(bytes, length, count);
        length += count;
    }

    void dropFirst(int count) {
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
    }

    /** Whether it is the start of a message, and no whole message waits here. */
    public boolean isIncomplete() {
        return incomplete;
    }

    /** How many bytes wait here. */
    public int length() {
        return length;
    }
}
