package org.reactorserver.framing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** See {@link Framing#lengthPrefixed}. */
final class LengthFraming extends Framing {
    static final Framing INSTANCE = new LengthFraming();

    private static final int HEADER = Integer.BYTES;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private LengthFraming() {
        super("length");
    }

    @Override
    public int overhead() {
        return HEADER;
    }

    @Override
    public int put(byte[] payload, int offset, ByteBuffer out) {
        int at = offset;
        for (; at < HEADER && out.hasRemaining(); at++) {
            out.put((byte) (payload.length >>> (HEADER - 1 - at) * Byte.SIZE));
        }
        if (at >= HEADER) {
            at += putBytes(payload, at - HEADER, out);
        }
        return at - offset;
    }

    @Override
    boolean next(Input input, int maxMessage) throws FramingException {
        int available = input.to - input.from;
        if (available < HEADER) {
            return false;
        }
        int length = (int) INTS.get(input.bytes, input.from);
        if (length < 0) {
            throw new FramingException(
                    FramingException.Kind.NEGATIVE_LENGTH, "the message length is negative: " + length);
        }
        if (length > maxMessage) {
            throw tooLarge(maxMessage);
        }
        int start = input.from + HEADER;
        return available - HEADER >= length && input.found(start, start + length, start + length);
    }

    @Override
    long maxUnfinished(int maxMessage) {
        return (long) HEADER + maxMessage;
    }
}
