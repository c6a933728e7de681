package org.reactorserver.crossing;

/** What a waiting message is taken to cost. */
public final class Message {
    /** Beyond its characters: its object headers and its place in a list. */
    private static final int OVERHEAD = 64;

    /** A JVM keeps most texts in one byte a character, but does not tell which. */
    private static final int BYTES_PER_CHARACTER = 2;

    /** A message that weighs more than this, or messages that do so together, are work in bulk. */
    public static final int BULK = 4 * 1024;

    private Message() {}

    /** In bytes of heap, at most, what so many bytes of input can become as one message. */
    public static long mostWeight(int bytes) {
        return OVERHEAD + (long) BYTES_PER_CHARACTER * bytes;
    }

    /** In bytes of heap, at most: of a text, or of bytes. */
    public static int weight(Object message) {
        return OVERHEAD
                + (message instanceof String text
                        ? BYTES_PER_CHARACTER * Math.min(text.length(), (Integer.MAX_VALUE >> 2))
                        : Math.min(((byte[]) message).length, (Integer.MAX_VALUE >> 1)));
    }
}
