package org.reactorserver.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** See {@link Framing#lengthPrefixed}. */
final class LengthFraming extends Framing {
    static final Framing USUAL = new LengthFraming("length", Integer.BYTES, EnumSet.of(Length.SIGNED));

    private static final Pattern PARAMETER = Pattern.compile("([1-8])(be|le)?(,signed)?(,inclusive)?");

    private final int bytes;
    private final ByteOrder order;
    private final boolean isSigned;
    private final int counted; // of its own bytes
    private final long highest; // that it can say

    private LengthFraming(String name, int bytes, Set<Length> options) {
        super(name);
        this.bytes = bytes;
        this.order = options.contains(Length.LITTLE_ENDIAN) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        this.isSigned = options.contains(Length.SIGNED);
        this.counted = options.contains(Length.COUNTS_ITSELF) ? bytes : 0;
        this.highest = Long.MAX_VALUE >>> Math.max(0, Long.SIZE - 1 - bytes * Byte.SIZE + (isSigned ? 1 : 0));
    }

    static Framing of(int bytes, Length... options) {
        if (bytes < 1 || bytes > Long.BYTES) {
            throw new IllegalArgumentException("a length has 1 to 8 bytes, not " + bytes);
        }
        Set<Length> set = EnumSet.noneOf(Length.class);
        set.addAll(List.of(options));
        String name = "length:" + bytes
                + (set.contains(Length.LITTLE_ENDIAN) ? "le" : "")
                + (set.contains(Length.SIGNED) ? ",signed" : "")
                + (set.contains(Length.COUNTS_ITSELF) ? ",inclusive" : "");
        return name.equals("length:4,signed") ? USUAL : new LengthFraming(name, bytes, set);
    }

    /** Null if it is none. */
    static Framing parse(String parameter) {
        Matcher matcher = PARAMETER.matcher(parameter);
        if (!matcher.matches()) {
            return null;
        }
        Set<Length> options = EnumSet.noneOf(Length.class);
        if ("le".equals(matcher.group(2))) {
            options.add(Length.LITTLE_ENDIAN);
        }
        if (matcher.group(3) != null) {
            options.add(Length.SIGNED);
        }
        if (matcher.group(4) != null) {
            options.add(Length.COUNTS_ITSELF);
        }
        return of(Integer.parseInt(matcher.group(1)), options.toArray(Length[]::new));
    }

    @Override
    protected int headLength(int payloadLength) {
        return bytes;
    }

    @Override
    protected void putHead(int payloadLength, ByteBuffer out) {
        long length = payloadLength + (long) counted;
        out.order(order);
        if (bytes == Integer.BYTES) { // the usual one
            out.putInt((int) length);
            return;
        }
        for (int i = 0; i < bytes; i++) {
            int place = order == ByteOrder.BIG_ENDIAN ? bytes - 1 - i : i;
            out.put((byte) (length >>> place * Byte.SIZE));
        }
    }

    @Override
    protected void refuseUnframeable(byte[] payload) {
        refuseLonger(payload.length, highest - counted);
    }

    @Override
    protected void next(Input input) throws FramingException {
        int available = input.length() - bytes;
        if (available < 0) {
            return;
        }
        long number = Bytes.number(input.bytes, input.from, bytes, order);
        if (isSigned) {
            int unused = Long.SIZE - bytes * Byte.SIZE;
            number = number << unused >> unused;
        } else if (number < 0) {
            number = Long.MAX_VALUE;
        }
        if (number < counted) {
            throw new FramingException(
                    FramingException.Kind.NEGATIVE_LENGTH,
                    number < 0
                            ? "the message length is negative: " + number
                            : "the message length is less than its own %d bytes: %d".formatted(counted, number));
        }
        long length = number - counted;
        input.refuseLonger(length);
        if (available >= length) {
            int end = bytes + (int) length;
            input.message(bytes, end, end);
        }
    }
}
