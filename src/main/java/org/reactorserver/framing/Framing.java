package org.reactorserver.framing;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * How messages are told apart in a stream of bytes, the same in both directions. Immutable; any thread.
 *
 * <p>A message is a text; its payload is the text's UTF-8. What each framing puts on the wire is in
 * {@code docs/protocol.md}.
 */
public abstract class Framing {
    private final String name;

    Framing(String name) {
        this.name = name;
    }

    /**
     * No delimiter: whatever one read returns is a message, but for a character whose last bytes are
     * still missing, which is kept for the next one. TCP may join or split what the sender wrote.
     */
    public static Framing chunks() {
        return ChunkFraming.INSTANCE;
    }

    /** A message ends with LF or CR LF; it is written with LF. */
    public static Framing lines() {
        return LineFraming.INSTANCE;
    }

    /** A message follows its length in bytes: four bytes, big-endian, signed. */
    public static Framing lengthPrefixed() {
        return LengthFraming.INSTANCE;
    }

    private static List<Framing> all() {
        return List.of(chunks(), lines(), lengthPrefixed());
    }

    /** What {@link #named} knows. */
    public static List<String> names() {
        return all().stream().map(Framing::toString).toList();
    }

    /**
     * The framing that calls itself so.
     *
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    public static Framing named(String name) {
        for (Framing framing : all()) {
            if (framing.name.equals(name)) {
                return framing;
            }
        }
        List<String> names = names();
        int last = names.size() - 1;
        throw new IllegalArgumentException("'" + name + "' is not a framing: expected "
                + String.join(", ", names.subList(0, last)) + " or " + names.get(last));
    }

    /** How many bytes the framing adds to a payload on the wire. */
    public abstract int overhead();

    /**
     * Copies as much of a framed payload as fits.
     *
     * @param offset where to start in the framed payload, 0 to its length plus {@link #overhead}
     * @return how many bytes were put
     */
    public abstract int put(byte[] payload, int offset, ByteBuffer out);

    /**
     * The payload of a text, if the receiver will see that text and no other.
     *
     * <p>Every framing refuses half of a surrogate pair, which UTF-8 cannot express. Line framing refuses a line
     * feed anywhere, and a carriage return at the end, which would be taken for a part of the line's end. Any
     * framing takes an empty text; an empty chunk is no byte on the wire, so nobody receives it.
     *
     * @throws IllegalArgumentException if it cannot be one message of this framing; says what is allowed, what was
     *     found and at which index of the text
     * @throws NullPointerException if there is no text
     */
    public final byte[] encode(String text) {
        refuseUnframeable(Objects.requireNonNull(text, "text must not be null"));
        byte[] payload = Utf8.encode(text);
        refuseTooLong(payload.length);
        return payload;
    }

    /**
     * Checks a text as {@link #encode} does.
     *
     * @throws IllegalArgumentException if it cannot be one message of this framing
     * @throws NullPointerException if there is no text
     */
    public final void check(String text) {
        encode(text);
    }

    /** The length of a payload and its framing must fit an int. */
    final void refuseTooLong(int payloadLength) {
        int most = Integer.MAX_VALUE - overhead();
        if (payloadLength > most) {
            throw new IllegalArgumentException("a message of %s framing has at most %d bytes; this text has %d"
                    .formatted(name, most, payloadLength));
        }
    }

    /** Refuses a text in which the receiver would find an end that is none. */
    void refuseUnframeable(String text) {}

    /**
     * Finds the next message between {@code input.from} and {@code input.to}.
     *
     * @return whether there is one: then {@code input.from} is behind it and its payload is between
     *     {@code input.start} and {@code input.end}
     * @throws FramingException if there never will be one
     */
    abstract boolean next(Input input, int maxMessage) throws FramingException;

    /**
     * Takes what the end of the stream leaves unfinished as a message, if the framing can. To be called when
     * {@link #next} has found nothing.
     *
     * @return whether there is one, as for {@link #next}
     */
    boolean last(Input input) {
        return false;
    }

    /** How many bytes may be held for one unfinished message; what is longer has been refused. */
    abstract long maxUnfinished(int maxMessage);

    /** {@code chunk}, {@code line} or {@code length}. */
    @Override
    public final String toString() {
        return name;
    }

    static int putBytes(byte[] payload, int offset, ByteBuffer out) {
        int count = Math.min(payload.length - offset, out.remaining());
        out.put(payload, offset, count);
        return count;
    }

    static FramingException tooLarge(int maxMessage) {
        return new FramingException(
                FramingException.Kind.MESSAGE_TOO_LARGE, "the message is longer than " + maxMessage + " bytes");
    }

    /** Where a framing looks for a message, and where it says that it found one. */
    static final class Input {
        final boolean replaceMalformed;
        byte[] bytes;
        int from;
        int to;
        int searched; // up to here the terminator has been looked for in vain
        int start;
        int end;

        Input(boolean replaceMalformed) {
            this.replaceMalformed = replaceMalformed;
        }

        boolean found(int start, int end, int behind) {
            this.start = start;
            this.end = end;
            this.from = behind;
            this.searched = behind;
            return true;
        }
    }
}
