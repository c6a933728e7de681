package org.reactorserver.crossing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactorserver.framing.Framing;

/**
 * The replies of one session, between the threads that add them and the loop that writes them. Up to
 * its high water it takes a reply of any size, above only what stays within its limit. An empty outbox
 * holds no queue, nor does one with a single reply.
 */
public final class Outbox {
    /**
     * What is added needs no fence here: the poster of the session's letter has one, see {@link
     * org.reactorserver.loop.Letter}. What is removed has its own: the loop looks next who waits for room.
     */
    private static final AtomicLongFieldUpdater<Outbox> COST = AtomicLongFieldUpdater.newUpdater(Outbox.class, "cost");

    private static final int USUAL_DEPTH = 7;

    /** What a reply costs beyond its payload: the array's header and its place in the queue, in bytes. */
    private static final int OVERHEAD = 32;

    /** What came of adding a reply. */
    public enum Added {
        /** It will be written. */
        TAKEN,
        /** More would wait than may. */
        OVER_LIMIT,
        /** Nothing is taken any more. */
        SHUT
    }

    private byte[] first; // guarded by this, like the next two; null if it is empty
    private ArrayDeque<byte[]> more; // behind it; null if there was never more than one at a time since it was empty
    private int offset; // how much of the first payload, framing included, is written
    private volatile boolean shut; // written under the lock, read without
    private volatile long cost; // likewise; see COST

    /** Any thread: adds a reply. High water and limit are in bytes of heap, as {@link #cost}. */
    public synchronized Added add(byte[] payload, Framing framing, long highWater, long limit) {
        if (shut) {
            return Added.SHUT;
        }
        if (payload.length + framing.overhead(payload.length) == 0) {
            return Added.TAKEN; // an empty chunk is no byte on the wire
        }
        long added = payload.length + OVERHEAD;
        if (cost > highWater && cost + added > limit) {
            return Added.OVER_LIMIT;
        }
        if (first == null) {
            first = payload;
        } else {
            more = more == null ? new ArrayDeque<>(USUAL_DEPTH) : more;
            more.add(payload);
        }
        COST.lazySet(this, cost + added);
        return Added.TAKEN;
    }

    /** Any thread: whether nothing waits to be written. */
    public boolean isEmpty() {
        return cost == 0;
    }

    /** Any thread: how many bytes of heap the replies take up that are not written, or not as a whole. */
    public long cost() {
        return cost;
    }

    /** Any thread: whether it takes no more replies. */
    public boolean isShut() {
        return shut;
    }

    /** Any thread: takes no more replies from here on. */
    public synchronized void shut() {
        shut = true;
    }

    /** Loop: takes no more replies from here on, if none waits. Returns whether that is so. */
    public synchronized boolean shutIfEmpty() {
        shut |= cost == 0;
        return shut;
    }

    /** Loop: forgets what waits. Returns how many replies that were. */
    public synchronized int discard() {
        int count = (first == null ? 0 : 1) + (more == null ? 0 : more.size());
        first = null;
        more = null;
        offset = 0;
        cost = 0;
        return count;
    }

    /**
     * Loop: copies what waits, from its start, as far as it fits; it stays here until {@link #remove}.
     * So many short replies leave in one write.
     */
    public synchronized void copyTo(ByteBuffer buffer, Framing framing) {
        if (first == null) {
            return;
        }
        framing.put(first, offset, buffer);
        if (more == null) {
            return;
        }
        for (byte[] payload : more) {
            if (!buffer.hasRemaining()) {
                return;
            }
            framing.put(payload, 0, buffer);
        }
    }

    /** Loop: forgets so many bytes, which have been written. Returns how many replies they completed. */
    public synchronized int remove(int written, Framing framing) {
        int left = offset + written;
        int completed = 0;
        long stays = cost;
        while (first != null) {
            int framed = first.length + framing.overhead(first.length);
            if (left < framed) {
                break;
            }
            left -= framed;
            stays -= first.length + OVERHEAD;
            first = more == null ? null : more.poll();
            completed++;
        }
        offset = left;
        cost = stays;
        if (first == null) {
            more = null;
        }
        return completed;
    }
}
