package org.reactorserver.framing;

/**
 * What a message is to the program, and how that is bytes: a {@link Text}, or {@link Binary}. Any thread.
 *
 * @param <M> what a message is
 */
public interface Codec<M> {
    /**
     * The bytes of a message; a new array.
     *
     * @throws IllegalArgumentException if decoding the bytes would give another message
     * @throws NullPointerException if there is no message
     */
    byte[] encode(M message);

    /**
     * The message of some bytes, of which nothing is kept.
     *
     * @throws FramingException if they are none
     */
    M decode(byte[] bytes, int from, int to) throws FramingException;

    /**
     * How many bytes at the end of a piece are the start of something that must not be torn and whose rest is
     * missing. Bytes that no continuation could make valid are not counted; they are for {@link #decode} to refuse.
     */
    int incompleteTail(byte[] bytes, int from, int to);
}
