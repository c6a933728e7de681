package org.reactorserver.crossing;

/** What a waiting message is taken to cost. */
public final class Message {
    /** Beyond its characters: its object headers and its place in a list. */
    private static final int OVERHEAD = 64;

    private Message() {}

    /** In about as many bytes as it occupies. */
    public static int weight(String message) {
        return OVERHEAD + message.length();
    }
}
