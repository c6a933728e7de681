package org.reactorserver.framing;

import java.nio.charset.Charset;

/** See {@link Framing#chunks}. */
final class ChunkFraming extends Framing {
    static final Framing INSTANCE = new ChunkFraming();

    private ChunkFraming() {
        super("chunk");
    }

    /** A chunk has no end of its own, so it is never too large: it is cut, between two characters. */
    @Override
    protected void next(Input input) throws FramingException {
        int end = Math.min(input.length(), input.maxMessage());
        end -= input.incompleteTail(end);
        if (end > 0) {
            input.message(0, end, end);
        }
    }

    @Override
    public String objection(Charset charset) {
        return Charsets.isStateless(charset)
                ? null
                : "one in which the bytes of a character do not depend on those before, since chunk framing cuts between"
                        + " any two";
    }
}
