package org.reactorserver.framing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Looks for bytes, eight of them at a time. */
final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Bytes() {}

    /** Some bytes, 1 to 8, as an unsigned number. */
    static long number(byte[] bytes, int at, int count, ByteOrder order) {
        long eight = 0; // big-endian, and nothing in the low bytes if there are no eight
        if (at <= bytes.length - Long.BYTES) {
            eight = (long) BIG_ENDIAN.get(bytes, at);
        } else {
            for (int i = 0; i < count; i++) {
                eight |= (bytes[at + i] & 0xFFL) << Long.SIZE - Byte.SIZE * (i + 1);
            }
        }
        int others = Long.SIZE - Byte.SIZE * count;
        return order == ByteOrder.BIG_ENDIAN ? eight >>> others : Long.reverseBytes(eight) << others >>> others;
    }

    /** The first offset of a byte, or -1: a byte of the XOR is zero where it is. */
    static int indexOf(byte wanted, byte[] bytes, int from, int to) {
        long wantedEverywhere = (wanted & 0xFF) * LOW_BITS;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long zeroWhereFound = (long) LONGS.get(bytes, at) ^ wantedEverywhere;
            long marks = (zeroWhereFound - LOW_BITS) & ~zeroWhereFound & HIGH_BITS;
            if (marks != 0) {
                return at + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == wanted) {
                return at;
            }
        }
        return -1;
    }

    /** The first offset of some bytes in a row, or -1. */
    static int indexOf(byte[] wanted, byte[] bytes, int from, int to) {
        int last = to - wanted.length;
        int at = from;
        while (at <= last) {
            at = indexOf(wanted[0], bytes, at, last + 1);
            if (at < 0) {
                break;
            }
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
            at++;
        }
        return -1;
    }
}
