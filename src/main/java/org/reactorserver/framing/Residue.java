package org.reactorserver.framing;

import java.nio.ByteBuffer;

/**
 * Bytes of one session that were read and are not decoded yet: the start of a message whose rest is
 * still to come, or messages for which there was no room. A session has one only while it needs it.
 *
 * <p>The bytes stand between two offsets of an array. Taking from the front moves the first offset; bytes
 * are copied only when the array is full, or far too large for what is left, so that over time what is copied is
 * a small multiple of what is read, however much is held.
 * The array grows by doubling with what really arrived, never with what a header promises.
 */
public final class Residue {
    private static final int SMALLEST = 64;
    private static final int LARGEST = Integer.MAX_VALUE - 8; // what every JVM can allocate
    private static final byte[] NOTHING = {};

    /** An array that is longer than so many times its content is exchanged for one that fits. */
    private static final int SPARSE = 4;

    private static final int OBJECT_BYTES = 40; // of this class, as a 64-bit JVM lays it out
    private static final int ARRAY_HEADER_BYTES = 16;
    private static final int ALIGNMENT = 8;

    byte[] bytes = NOTHING;
    int from;
    int to;

    /** How many of the bytes a framing has searched in vain, so that it need not search them again. */
    int searched;

    int state; // what the framing remembers beside it

    boolean incomplete;

    /**
     * Adds bytes at the end. If there is no memory for it, nothing has changed.
     *
     * @param limit the longest that an unfinished message can be
     */
    void append(Storage storage, ByteBuffer fresh, long limit) {
        int count = fresh.remaining();
        int length = length();
        if (count > bytes.length - to) {
            int needed = Math.addExact(length, count);
            boolean moves = needed <= bytes.length && from >= length;
            byte[] target = moves ? bytes : storage.newArray(capacity(needed, limit));
            storage.copy(bytes, from, target, 0, length);
            bytes = target;
            from = 0;
            to = length;
        }
        fresh.get(bytes, to, count);
        to += count;
    }

    /**
     * One message needs no more than the limit. If there are whole ones before it, the space of those that
     * are taken must be large enough to make the next copy worth its price, so the limit is none.
     */
    private int capacity(int needed, long limit) {
        boolean isOneMessage = incomplete || from == 0;
        long most = isOneMessage ? Math.min(limit, LARGEST) : LARGEST;
        return (int) Math.max(Math.max(needed, SMALLEST), Math.min(2L * length(), most));
    }

    /** Takes other bytes instead of its own. */
    void set(Storage storage, byte[] source, int start, int end) {
        int length = end - start;
        if (length > bytes.length || isSparse(length)) {
            bytes = storage.newArray(Math.max(SMALLEST, length));
        }
        storage.copy(source, start, bytes, 0, length);
        from = 0;
        to = length;
    }

    /** Forgets the bytes before this offset of the array. */
    void dropBefore(int offset) {
        from = offset;
    }

    /** Gives back an array that is far too large for what is left. */
    void fit(Storage storage) {
        if (isSparse(length())) {
            set(storage, bytes, from, to);
        }
    }

    private boolean isSparse(int length) {
        return bytes.length > SMALLEST && length < bytes.length / SPARSE;
    }

    /** Whether it is the start of a message, and no whole message waits here. */
    public boolean isIncomplete() {
        return incomplete;
    }

    /** How many bytes wait here. */
    public int length() {
        return to - from;
    }

    /** What it costs: the bytes of heap of this object and its array, at the array's real length. */
    public int heapBytes() {
        long array = (long) ARRAY_HEADER_BYTES + bytes.length;
        return (int) Math.min(Integer.MAX_VALUE, OBJECT_BYTES + (array + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }
}
