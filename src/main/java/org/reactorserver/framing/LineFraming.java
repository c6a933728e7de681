package org.reactorserver.framing;

import java.nio.ByteBuffer;

/** See {@link Framing#lines}. */
final class LineFraming extends Framing {
    static final Framing INSTANCE = new LineFraming();

    private static final byte LF = '\n';
    private static final byte CR = '\r';

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
    void refuseUnframeable(String text) {
        int at = text.indexOf(LF);
        if (at >= 0) {
            throw refusal("has a line feed at index " + at);
        }
        int last = text.length() - 1;
        if (last >= 0 && text.charAt(last) == CR) {
            throw refusal("ends with a carriage return, at index " + last);
        }
    }

    private static IllegalArgumentException refusal(String found) {
        return new IllegalArgumentException("a message of line framing is one line: it has no line feed and does not"
                + " end with a carriage return; this text " + found);
    }

    @Override
    boolean next(Input input, int maxMessage) throws FramingException {
        int lf = Bytes.indexOf(LF, input.bytes, input.searched, input.to);
        input.searched = input.to;
        int end = withoutCr(input, lf < 0 ? input.to : lf); // if no LF has come, a CR may be half of a CR LF
        if (end - input.from > maxMessage) {
            throw tooLarge(maxMessage);
        }
        return lf >= 0 && input.found(input.from, end, lf + 1);
    }

    /** A line without its end; of CR LF, the CR may have come. That it is not too long is known. */
    @Override
    boolean last(Input input) {
        return input.from < input.to && input.found(input.from, withoutCr(input, input.to), input.to);
    }

    private static int withoutCr(Input input, int end) {
        return end > input.from && input.bytes[end - 1] == CR ? end - 1 : end;
    }

    @Override
    long maxUnfinished(int maxMessage) {
        return maxMessage + 2L;
    }
}
