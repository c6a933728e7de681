package org.reactorserver.crossing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.reactorserver.framing.Framing;

/**
 * The replies of one session, between the threads that add them and the loop that writes them. Up to
 * its high water it takes a reply of any size, above only what stays within its limit. An empty outbox
 * holds no queue.
 */
public final class Outbox {
    private static final int USUAL_DEPTH = 7;

    /** What came of adding a reply. */
    public enum Added {
        TAKEN,
        OVER_LIMIT,
        SHUT
    }

    private ArrayDeque<byte[]> payloads; // guarded by this; null if empty
    private int offset; // how much of the first payload, framing included, is written
    private boolean shut;
    private volatile long bytes; // framed, unwritten; written under the lock, read without

    /** Any thread. */
    public synchronized Added add(byte[] payload, Framing framing, long highWater, long limit) {
        if (shut) {
            return Added.SHUT;
        }
        int length = payload.length + framing.overhead();
        if (length == 0) {
            return Added.TAKEN; // an empty chunk is no byte on the wire
        }
        if (bytes > highWater && bytes + length > limit) {
            return Added.OVER_LIMIT;
        }
        if (payloads == null) {
            payloads = new ArrayDeque<>(USUAL_DEPTH);
        }
        payloads.add(payload);
        bytes += length;
        return Added.TAKEN;
    }

    /** Any thread: whether nothing waits to be written. */
    public boolean isEmpty() {
        return bytes == 0;
    }

    /** Any thread: how many bytes wait to be written. */
    public long bytes() {
        return bytes;
    }

    /** Any thread: takes no more replies from here on. */
    public synchronized void shut() {
        shut = true;
    }

    /** Loop: takes no more replies from here on, if none waits. Returns whether that is so. */
    public synchronized boolean shutIfEmpty() {
        shut |= bytes == 0;
        return shut;
    }

    /** Loop: forgets what waits. Returns how many replies that were. */
    public synchronized int discard() {
        int count = payloads == null ? 0 : payloads.size();
        payloads = null;
        offset = 0;
        bytes = 0;
        return count;
    }

    /**
     * Loop: copies what waits, from its start, as far as it fits; it stays here until {@link #remove}.
     * So many short replies leave in one write.
     */
    public synchronized void copyTo(ByteBuffer buffer, Framing framing) {
        if (payloads == null) {
            return;
        }
        int from = offset;
        for (byte[] payload : payloads) {
            framing.put(payload, from, buffer);
            if (!buffer.hasRemaining()) {
                return;
            }
            from = 0;
        }
    }

    /** Loop: forgets so many bytes, which have been written. Returns how many replies they completed. */
    public synchronized int remove(int written, Framing framing) {
        bytes -= written;
        int left = offset + written;
        int completed = 0;
        byte[] first;
        while (payloads != null && (first = payloads.peek()) != null && left >= first.length + framing.overhead()) {
            left -= first.length + framing.overhead();
            payloads.remove();
            completed++;
        }
        offset = left;
        if (payloads != null && payloads.isEmpty()) {
            payloads = null;
        }
        return completed;
    }
}
