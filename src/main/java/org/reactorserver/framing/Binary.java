package org.reactorserver.framing;

import java.util.Arrays;
import java.util.Objects;

/** A message is its bytes. */
public final class Binary implements Codec<byte[]> {
    /** The one there is. */
    public static final Binary INSTANCE = new Binary();

    private Binary() {}

    @Override
    public byte[] encode(byte[] message) {
        return Objects.requireNonNull(message, "message must not be null").clone();
    }

    @Override
    public byte[] decode(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    @Override
    public int incompleteTail(byte[] bytes, int from, int to) {
        return 0;
    }
}
