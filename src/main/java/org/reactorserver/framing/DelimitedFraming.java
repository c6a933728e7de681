package org.reactorserver.framing;

import java.nio.charset.Charset;
import java.util.HexFormat;

/** See {@link Framing#delimited}. */
final class DelimitedFraming extends Framing {
    private static final int LONGEST = 16;

    private final byte[] delimiter;

    DelimitedFraming(String name, byte... delimiter) {
        super(name, delimiter);
        this.delimiter = delimiter;
    }

    static Framing of(byte... delimiter) {
        if (delimiter.length < 1 || delimiter.length > LONGEST) {
            throw new IllegalArgumentException("a delimiter has 1 to " + LONGEST + " bytes, not " + delimiter.length);
        }
        boolean isNul = delimiter.length == 1 && delimiter[0] == 0;
        String name = isNul ? "nul" : "delimiter:" + HexFormat.of().formatHex(delimiter);
        return new DelimitedFraming(name, delimiter.clone());
    }

    /** Null if it is none. */
    static Framing parse(String hexadecimal) {
        return hexadecimal.matches("([0-9a-fA-F]{2}){1," + LONGEST + "}")
                ? of(HexFormat.of().parseHex(hexadecimal))
                : null;
    }

    @Override
    protected void next(Input input) throws FramingException {
        int at = delimiter.length == 1 ? input.find(delimiter[0]) : input.find(delimiter);
        if (at >= 0) {
            input.message(0, at, at + delimiter.length);
        }
    }

    /** The receiver must find the delimiter that follows, and none before it that the payload has a part of. */
    @Override
    protected void refuseUnframeable(byte[] payload) {
        int at = Bytes.indexOf(delimiter, payload, 0, payload.length);
        for (int i = Math.max(0, payload.length - delimiter.length + 1); at < 0 && i < payload.length; i++) {
            at = followedByDelimiter(payload, i) ? i : -1;
        }
        if (at >= 0) {
            throw new IllegalArgumentException(
                    "a message of %s framing has no %s before its end; this one has it at byte %d"
                            .formatted(this, HexFormat.of().formatHex(delimiter), at));
        }
    }

    private boolean followedByDelimiter(byte[] payload, int from) {
        for (int i = 0; i < delimiter.length; i++) {
            int at = from + i;
            byte next = at < payload.length ? payload[at] : delimiter[at - payload.length];
            if (next != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String objection(Charset charset) {
        return Charsets.isWhole(charset, delimiter)
                ? null
                : "one in which the bytes %s are no part of another character, since %s framing looks for them"
                        .formatted(HexFormat.of().formatHex(delimiter), this);
    }
}
