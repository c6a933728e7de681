package org.reactorserver.framing;

import java.nio.ByteBuffer;

/** See {@link Framing#octetCounted}. */
final class OctetFraming extends Framing {
    static final Framing INSTANCE = new OctetFraming();

    private static final int RADIX = 10;

    private OctetFraming() {
        super("octets");
    }

    private static int digits(int length) {
        int digits = 1;
        for (int rest = length; rest >= RADIX; rest /= RADIX) {
            digits++;
        }
        return digits;
    }

    @Override
    protected int headLength(int payloadLength) {
        return digits(payloadLength) + 1;
    }

    @Override
    protected void putHead(int payloadLength, ByteBuffer out) {
        int digits = digits(payloadLength);
        int at = out.position();
        for (int i = digits - 1, rest = payloadLength; i >= 0; i--, rest /= RADIX) {
            out.put(at + i, (byte) ('0' + rest % RADIX));
        }
        out.position(at + digits);
        out.put((byte) ' ');
    }

    @Override
    protected void refuseUnframeable(byte[] payload) {
        if (payload.length == 0) {
            throw new IllegalArgumentException("a message of octets framing is not empty (RFC 6587, 3.4.1)");
        }
    }

    /** The first digit is not 0, so there are no more of them than an allowed length has. */
    @Override
    protected void next(Input input) throws FramingException {
        long length = 0;
        for (int i = 0; i < input.length(); i++) {
            byte next = input.get(i);
            if (next == ' ' && i > 0) {
                int start = i + 1;
                if (input.length() - start >= length) {
                    int end = start + (int) length;
                    input.message(start, end, end);
                }
                return;
            }
            if (next < (i == 0 ? '1' : '0') || next > '9') {
                throw new FramingException(
                        "the message does not begin with its length: byte %02x at %d".formatted(next, i));
            }
            length = length * RADIX + next - '0';
            input.refuseLonger(length);
        }
    }
}
