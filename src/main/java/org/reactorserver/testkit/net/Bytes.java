package org.reactorserver.testkit.net;

import java.nio.ByteBuffer;

/** Bytes first in, first out. */
final class Bytes {
    private byte[] array = new byte[64];
    private int from;
    private int to;

    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    void clear() {
        from = to = 0;
    }

    /** Moves so many bytes out of the buffer. */
    void take(ByteBuffer source, int count) {
        reserve(count);
        source.get(array, to, count);
        to += count;
    }

    /** Moves so many bytes into the buffer. */
    void give(ByteBuffer sink, int count) {
        sink.put(array, from, count);
        from += count;
    }

    /** Moves so many bytes from the other queue into this one. */
    void take(Bytes other, int count) {
        reserve(count);
        System.arraycopy(other.array, other.from, array, to, count);
        other.from += count;
        to += count;
    }

    private void reserve(int more) {
        if (to + more <= array.length) {
            return;
        }
        int size = size();
        byte[] target = size + more > array.length ? new byte[2 * (size + more)] : array;
        System.arraycopy(array, from, target, 0, size);
        array = target;
        from = 0;
        to = size;
    }
}
