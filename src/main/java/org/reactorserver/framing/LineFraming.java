package org.reactorserver.framing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** See {@link Framing#lines}. */
final class LineFraming extends Framing {
    static final Framing INSTANCE = new LineFraming();

    private static final byte LF = '\n';
    private static final byte CR = '\r';

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LF_IN_EVERY_BYTE = LF * LOW_BITS;

    private LineFraming() {
        super("line");
    }

    @Override
    public int overhead() {
        return 1;
    }

    @Override
    public int put(byte[] payload, int offset, ByteBuffer out) {
        int count = offset < payload.length ? putBytes(payload, offset, out) : 0;
        if (offset + count == payload.length && out.hasRemaining()) {
            out.put(LF);
            count++;
        }
        return count;
    }

    @Override
    public void check(String text) {
        int at = text.indexOf(LF);
        if (at >= 0) {
            throw new IllegalArgumentException(
                    "a message of line framing is one line; this text has a line feed at index " + at);
        }
    }

    @Override
    boolean next(Input input, int maxMessage) throws FramingException {
        int lf = indexOfLf(input.bytes, input.searched, input.to);
        input.searched = input.to;
        int end = lf < 0 ? input.to : lf;
        if (end > input.from && input.bytes[end - 1] == CR) {
            end--; // its own, or perhaps half of a CR LF: not counted before more is known
        }
        if (end - input.from > maxMessage) {
            throw tooLarge(maxMessage);
        }
        return lf >= 0 && input.found(input.from, end, lf + 1);
    }

    @Override
    long maxUnfinished(int maxMessage) {
        return maxMessage + 2L;
    }

    /** Looks at eight bytes at a time: a byte of the XOR is zero where there is a line feed. */
    private static int indexOfLf(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long zeroWhereLf = (long) LONGS.get(bytes, at) ^ LF_IN_EVERY_BYTE;
            long marks = (zeroWhereLf - LOW_BITS) & ~zeroWhereLf & HIGH_BITS;
            if (marks != 0) {
                return at + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == LF) {
                return at;
            }
        }
        return -1;
    }
}
