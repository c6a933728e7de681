package org.reactorserver.framing;

import java.nio.ByteBuffer;

/** See {@link Framing#chunks}. */
final class ChunkFraming extends Framing {
    static final Framing INSTANCE = new ChunkFraming();

    private ChunkFraming() {
        super("chunk");
    }

    @Override
    public int overhead() {
        return 0;
    }

    @Override
    public int put(byte[] payload, int offset, ByteBuffer out) {
        return putBytes(payload, offset, out);
    }

    /** A chunk has no end of its own, so it is never too large: it is cut, between two characters. */
    @Override
    boolean next(Input input, int maxMessage) {
        int end = input.from + Math.min(input.to - input.from, maxMessage);
        end -= Utf8.incompleteTail(input.bytes, input.from, end, input.replaceMalformed);
        return end > input.from && input.found(input.from, end, end);
    }

    @Override
    long maxUnfinished(int maxMessage) {
        return maxMessage;
    }
}
