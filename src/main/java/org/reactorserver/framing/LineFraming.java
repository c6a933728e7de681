package org.reactorserver.framing;

import java.nio.charset.Charset;

/** See {@link Framing#lines}. */
final class LineFraming extends Framing {
    static final Framing INSTANCE = new LineFraming();

    private static final byte LF = '\n';
    private static final byte CR = '\r';

    private LineFraming() {
        super("line", LF);
    }

    @Override
    void refuseUnframeable(Object message, byte[] payload) {
        if (!(message instanceof String text)) {
            refuseUnframeable(payload);
            return;
        }
        int at = text.indexOf(LF);
        int last = text.length() - 1;
        refuse(at, last >= 0 && text.charAt(last) == CR ? last : -1);
    }

    @Override
    protected void refuseUnframeable(byte[] payload) {
        int last = payload.length - 1;
        refuse(Bytes.indexOf(LF, payload, 0, payload.length), last >= 0 && payload[last] == CR ? last : -1);
    }

    private static void refuse(int lf, int cr) {
        if (lf >= 0 || cr >= 0) {
            throw new IllegalArgumentException("a message of line framing is one line: it has no line feed and does not"
                    + " end with a carriage return; this text "
                    + (lf >= 0 ? "has a line feed at index " + lf : "ends with a carriage return, at index " + cr));
        }
    }

    @Override
    protected void next(Input input) throws FramingException {
        int lf = input.find(LF);
        int end = withoutCr(input, lf < 0 ? input.length() : lf);
        if (lf >= 0) {
            input.message(0, end, lf + 1);
        } else {
            input.refuseLonger(end); // if no LF has come, a CR may be half of a CR LF
        }
    }

    /** A line without its end; of CR LF, the CR may have come. */
    @Override
    protected void last(Input input) throws FramingException {
        int length = input.length();
        if (length > 0) {
            input.message(0, withoutCr(input, length), length);
        }
    }

    private static int withoutCr(Input input, int end) {
        return end > 0 && input.get(end - 1) == CR ? end - 1 : end;
    }

    @Override
    protected long maxFrame(int maxMessage) {
        return maxMessage + 2L;
    }

    @Override
    public String objection(Charset charset) {
        return Charsets.has(charset, '\n', LF) && Charsets.has(charset, '\r', CR)
                ? null
                : "one in which LF and CR are the bytes 0a and 0d and these are no part of another character, since"
                        + " line framing looks for them";
    }
}
