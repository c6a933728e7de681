package org.reactorserver.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What one instance tells the others, as it is on the bus: one byte each for the version, the kind and whether slow
 * members are skipped, the sender's number, then, of a group, the series and the number that the message has in it,
 * then the rest. Numbers are in network order. A text is in UTF-8, whatever the servers' charsets are.
 *
 * @param sender the number of an instance, which is a new one each time it starts
 * @param series tells apart what is counted from 1 on anew; later ones are larger
 * @param number how many messages of the series the sender has sent to the group, this one included
 * @param body a message, a name, or how many members the sender has
 */
record Frame(Kind kind, boolean skipsSlow, long sender, long series, long number, byte[] body) {
    /** What it is. The order is that of the numbers on the bus. */
    enum Kind {
        /** A message for members. */
        TEXT,
        /** A message for members. */
        BYTES,
        /** How many members a group has there, and how many messages have been sent to it from there. */
        STATE,
        /** The same, and the others are to tell theirs. */
        QUESTION,
        /** An instance is there; its name. */
        ALIVE,
        /** It will not be any more. */
        BYE;

        private static final Kind[] ALL = values();
    }

    private static final byte VERSION = 1;
    private static final int HEAD = 3 + 3 * Long.BYTES;

    static Frame state(Kind kind, long sender, long series, long number, int members) {
        byte[] body = ByteBuffer.allocate(Integer.BYTES).putInt(members).array();
        return new Frame(kind, false, sender, series, number, body);
    }

    static Frame instance(Kind kind, long sender, String name) {
        return new Frame(kind, false, sender, 0, 0, name.getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes a message of so many comes to. */
    static int length(int body) {
        return HEAD + body;
    }

    /** As it is on the bus. */
    byte[] bytes() {
        return ByteBuffer.allocate(length(body.length))
                .put(VERSION)
                .put((byte) kind.ordinal())
                .put((byte) (skipsSlow ? 1 : 0))
                .putLong(sender)
                .putLong(series)
                .putLong(number)
                .put(body)
                .array();
    }

    /** What that means; null if it is nothing that this version knows. */
    static Frame of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEAD || in.get() != VERSION) {
            return null;
        }
        int kind = in.get();
        boolean skipsSlow = in.get() == 1;
        long sender = in.getLong();
        long series = in.getLong();
        long number = in.getLong();
        if (kind < 0 || kind >= Kind.ALL.length) {
            return null;
        }
        byte[] body = new byte[in.remaining()];
        in.get(body);
        Frame frame = new Frame(Kind.ALL[kind], skipsSlow, sender, series, number, body);
        return frame.isState() && body.length != Integer.BYTES ? null : frame;
    }

    boolean isMessage() {
        return kind == Kind.TEXT || kind == Kind.BYTES;
    }

    boolean isState() {
        return kind == Kind.STATE || kind == Kind.QUESTION;
    }

    int members() {
        return ByteBuffer.wrap(body).getInt();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
