package org.reactorserver.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Objects;

/**
 * How messages are delimited in a stream of bytes, the same in both directions. Immutable; any thread.
 *
 * <p>A message's payload is what {@link Codec} makes of it: a text's bytes, or the bytes themselves. What each framing
 * puts on the wire is in {@code docs/protocol.md}.
 *
 * <p>A framing of one's own is a subclass with {@link #next}, which finds a message, and what stands around a payload
 * that is sent: {@link #headLength} and {@link #putHead}, the tail that the constructor is given, or {@link #seal} if
 * the payload itself must change. The {@link Decoder} sees to the rest, whatever a subclass does: no message longer
 * than allowed is taken, no more is held than {@link #maxFrame}, and nothing is allocated for what a peer only
 * promises. A subclass should look at each byte once: {@link Input#find} does, and {@link Input#searched} and {@link
 * Input#state} are there for framings that search themselves. One that throws anything but a {@link FramingException}
 * ends the session that it was called for, with the reason "internal error".
 */
public abstract class Framing {
    private static final int LONGEST_NAME = 64;
    private static final int LARGE = Integer.MAX_VALUE / 2; // anything shorter can be framed
    /** What {@link #named} knows, for a person. */
    public static final String FORMS = "chunk, line, line:crlf, length, length:2le, nul, delimiter:0d0a or octets";

    private final String name;
    private final byte[] tail;

    /**
     * Names a framing.
     *
     * @param name as announcements and logs have it: 1 to 64 characters of ASCII without spaces
     * @param tail what follows each payload that is sent; nothing by default
     * @throws IllegalArgumentException if the name cannot be one
     */
    protected Framing(String name, byte... tail) {
        if (!name.matches("[!-~]{1," + LONGEST_NAME + "}")) {
            throw new IllegalArgumentException("'" + name + "' is not a framing's name: expected 1 to " + LONGEST_NAME
                    + " characters of ASCII without spaces");
        }
        this.name = name;
        this.tail = tail.clone();
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

    /** A message ends with CR LF and is written so; CR or LF alone belong to the message. */
    public static Framing crlfLines() {
        return new DelimitedFraming("line:crlf", (byte) '\r', (byte) '\n');
    }

    /** A message follows its length in bytes: four bytes, big-endian, signed. */
    public static Framing lengthPrefixed() {
        return LengthFraming.USUAL;
    }

    /** What {@link #lengthPrefixed(int, Length...)} can be told of the length. */
    public enum Length {
        /** The lowest byte comes first, instead of last. */
        LITTLE_ENDIAN,
        /** The highest bit is a sign, and a length that has it is refused, instead of counting. */
        SIGNED,
        /** It counts its own bytes too. */
        COUNTS_ITSELF
    }

    /**
     * A message follows its length: an unsigned big-endian number of bytes, unless told otherwise.
     *
     * @param bytes how many bytes the length has, 1 to 8
     */
    public static Framing lengthPrefixed(int bytes, Length... options) {
        for (Length option : options) {
            Objects.requireNonNull(
                    option, "lengthPrefixed(..., null): expected LITTLE_ENDIAN and the like, or nothing");
        }
        return LengthFraming.of(bytes, options);
    }

    /**
     * A message ends with these bytes, and has them nowhere else.
     *
     * @param delimiter 1 to 16 bytes
     */
    public static Framing delimited(byte... delimiter) {
        return DelimitedFraming.of(Objects.requireNonNull(delimiter, "delimited(null): expected bytes"));
    }

    /** A message follows its length as a decimal number and a space (RFC 6587, 3.4.1); it is not empty. */
    public static Framing octetCounted() {
        return OctetFraming.INSTANCE;
    }

    /**
     * The framing that is written so: {@code chunk}, {@code line}, {@code line:crlf}, {@code length}, {@code length:2},
     * {@code length:4le,signed,inclusive}, {@code nul}, {@code delimiter:0d0a} (in hexadecimal) or {@code octets}.
     *
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    public static Framing named(String name) {
        int colon = name.indexOf(':');
        String parameter = colon < 0 ? "" : name.substring(colon + 1);
        Framing found = switch (colon < 0 ? name : name.substring(0, colon + 1)) {
            case "chunk" -> chunks();
            case "line" -> lines();
            case "line:" -> parameter.equals("crlf") ? crlfLines() : null;
            case "length" -> lengthPrefixed();
            case "length:" -> LengthFraming.parse(parameter);
            case "nul" -> delimited((byte) 0);
            case "delimiter:" -> DelimitedFraming.parse(parameter);
            case "octets" -> octetCounted();
            default -> null;
        };
        if (found == null) {
            throw new IllegalArgumentException("'" + name + "' is not a framing: expected " + FORMS);
        }
        return found;
    }

    // ---- what is sent

    /** How many bytes the framing adds to a payload of this length on the wire. */
    public final int overhead(int payloadLength) {
        return headLength(payloadLength) + tail.length;
    }

    /** How many bytes stand before a payload of this length; none by default. */
    protected int headLength(int payloadLength) {
        return 0;
    }

    /** Puts exactly these bytes; big-endian unless the buffer is told otherwise. */
    protected void putHead(int payloadLength, ByteBuffer out) {}

    /** What is to stand for a payload between head and tail, if not the payload itself: a checksum added, escapes. */
    protected byte[] seal(byte[] payload) {
        return payload;
    }

    /**
     * Refuses, with an {@link IllegalArgumentException}, a payload in which the receiver would find another message.
     */
    protected void refuseUnframeable(byte[] payload) {}

    /** As {@link #refuseUnframeable(byte[])}; a framing that knows the text can say more of it. */
    void refuseUnframeable(Object message, byte[] payload) {
        refuseUnframeable(payload);
    }

    /**
     * The payload of a message, sealed, if the receiver will see that message and no other.
     *
     * <p>A text must have whole characters, and only those of its charset. Line framing refuses a line feed anywhere,
     * and a carriage return at the end, which would be taken for a part of the line's end; a delimiter must not be
     * inside; a length must be expressible. Any framing but {@link #octetCounted} takes an empty message; an empty
     * chunk is no byte on the wire, so no peer receives it.
     *
     * @throws IllegalArgumentException if it cannot be one message of this framing; says what is allowed, what was
     *     found and where
     * @throws NullPointerException if there is no message
     */
    public final <M> byte[] encode(M message, Codec<M> codec) {
        byte[] payload = codec.encode(message);
        refuseUnframeable(message, payload);
        byte[] sealed = seal(payload);
        if (sealed.length > LARGE) {
            refuseLonger(sealed.length, Integer.MAX_VALUE - overhead(sealed.length));
        }
        return sealed;
    }

    /** The payload of a text in UTF-8, see {@link #encode(Object, Codec)}. */
    public final byte[] encode(String text) {
        return encode(text, Text.UTF_8);
    }

    /**
     * Checks a text as {@link #encode(String)} does.
     *
     * @throws IllegalArgumentException if it cannot be one message of this framing
     * @throws NullPointerException if there is no text
     */
    public final void check(String text) {
        encode(text);
    }

    final void refuseLonger(int payloadLength, long most) {
        if (payloadLength > most) {
            throw new IllegalArgumentException("a message of %s framing has at most %d bytes; this one has %d"
                    .formatted(name, most, payloadLength));
        }
    }

    /**
     * Copies as much of a framed payload as fits.
     *
     * @param offset where to start in the framed payload, 0 to its length plus {@link #overhead}
     * @return how many bytes were put
     */
    public final int put(byte[] payload, int offset, ByteBuffer out) {
        int start = out.position();
        int head = headLength(payload.length);
        if (offset < head && !putHead(payload.length, head, offset, out)) {
            return out.position() - start;
        }
        int inPayload = Math.max(0, offset - head);
        if (inPayload < payload.length) {
            out.put(payload, inPayload, Math.min(payload.length - inPayload, out.remaining()));
        }
        for (int i = Math.max(0, inPayload - payload.length); i < tail.length && out.hasRemaining(); i++) {
            out.put(tail[i]);
        }
        return out.position() - start;
    }

    /** Puts what is left of the head, as far as it fits. Returns whether that is all. */
    private boolean putHead(int payloadLength, int head, int offset, ByteBuffer out) {
        boolean isWhole = offset == 0 && out.remaining() >= head;
        ByteBuffer target = isWhole ? out : ByteBuffer.allocate(head);
        int start = target.position();
        putHead(payloadLength, target);
        target.order(ByteOrder.BIG_ENDIAN);
        if (target.position() - start != head) {
            throw new IllegalStateException("%s framing has put a head of %d bytes and not of %d"
                    .formatted(name, target.position() - start, head));
        }
        if (!isWhole) {
            out.put(target.array(), offset, Math.min(head - offset, out.remaining()));
        }
        return isWhole || out.hasRemaining();
    }

    // ---- what is received

    /**
     * Finds the message at the beginning of the input and tells it to {@link Input#message}; does nothing if it is not
     * there as a whole. Called anew when more has arrived, and for the message behind.
     *
     * @throws FramingException if there never will be one
     */
    protected abstract void next(Input input) throws FramingException;

    /**
     * Takes what the end of the stream leaves unfinished as a message, if the framing can. Called when {@link #next}
     * has found nothing.
     *
     * @throws FramingException if it is none
     */
    protected void last(Input input) throws FramingException {}

    /**
     * How many bytes the longest message may take on the wire; an unfinished message that is as long is refused. By
     * default those of the message and the {@link #overhead} with which it is sent.
     */
    protected long maxFrame(int maxMessage) {
        return (long) maxMessage + overhead(maxMessage);
    }

    /**
     * What a charset would have to be, if texts of this one cannot be told apart: it goes on after "must be". Null if
     * they can.
     */
    public String objection(Charset charset) {
        return null;
    }

    /** As it is written on the command line and announced: {@code chunk}, {@code line}, {@code length:2le}. */
    @Override
    public final String toString() {
        return name;
    }

    /**
     * The bytes that have arrived and are no message yet, from the beginning of the next one on: index 0 is its first
     * byte. Good during the call only.
     */
    public static final class Input {
        private final Codec<?> codec;
        private final int maxMessage;

        byte[] bytes;
        int from;
        int to;
        int searched; // as an offset of bytes
        int state;

        byte[] made; // holds the payload of the message that was found, if it is not bytes that does
        int start; // of that payload, negative if no message was found
        int end;

        Input(Codec<?> codec, int maxMessage) {
            this.codec = codec;
            this.maxMessage = maxMessage;
        }

        /** How many bytes there are; those of messages behind this one count too. */
        public int length() {
            return to - from;
        }

        /**
         * One of the bytes.
         *
         * @throws IndexOutOfBoundsException if there is none
         */
        public byte get(int index) {
            return bytes[from + Objects.checkIndex(index, to - from)];
        }

        /**
         * Some of the bytes as an unsigned number; of eight, the highest bit is a sign.
         *
         * @param count how many bytes, 1 to 8
         * @throws IndexOutOfBoundsException if they are not there
         */
        public long number(int index, int count, ByteOrder order) {
            return Bytes.number(bytes, from + Objects.checkFromIndexSize(index, count, to - from), count, order);
        }

        /**
         * Some of the bytes, in an array of their own.
         *
         * @throws IndexOutOfBoundsException if they are not there
         */
        public byte[] copy(int start, int end) {
            Objects.checkFromToIndex(start, end, to - from);
            return Arrays.copyOfRange(bytes, from + start, from + end);
        }

        /** Where this byte is first, or -1. What was searched in vain is not searched again when more has arrived. */
        public int find(byte wanted) {
            int at = Bytes.indexOf(wanted, bytes, searched, to);
            searched = at < 0 ? to : at;
            return at < 0 ? at : at - from;
        }

        /** Where these bytes, at least one, are first in a row, or -1. As {@link #find(byte)}. */
        public int find(byte... wanted) {
            int at = Bytes.indexOf(wanted, bytes, searched, to);
            searched = at < 0 ? Math.max(searched, to - wanted.length + 1) : at;
            return at < 0 ? at : at - from;
        }

        /** Up to where this message was searched: 0 at first, then what {@link #searched(int)} was told last. */
        public int searched() {
            return searched - from;
        }

        /** Remembers, until more has arrived, that up to here nothing needs to be looked at again. */
        public void searched(int index) {
            searched = from + Objects.checkIndex(index, to - from + 1);
        }

        /** A number that goes with {@link #searched}, of the framing's own meaning; 0 at the beginning of a message. */
        public int state() {
            return state;
        }

        /** Remembers a number until more has arrived. */
        public void state(int number) {
            state = number;
        }

        /** How many bytes a payload may have. */
        public int maxMessage() {
            return maxMessage;
        }

        /** Refuses a message as soon as it is known that its payload will have so many bytes, if these are too many. */
        public void refuseLonger(long payloadLength) throws FramingException {
            if (payloadLength > maxMessage) {
                throw tooLarge();
            }
        }

        FramingException tooLarge() {
            return new FramingException(
                    FramingException.Kind.MESSAGE_TOO_LARGE, "the message is longer than " + maxMessage + " bytes");
        }

        /**
         * Here is a message.
         *
         * @param start where its payload begins
         * @param end where its payload ends
         * @param behind where the next message begins
         * @throws FramingException if it is longer than allowed
         * @throws IllegalArgumentException if they are not in this order, or not there, or nothing is taken
         */
        public void message(int start, int end, int behind) throws FramingException {
            if (start < 0 || start > end || end > behind) {
                throw noMessage(start, end, behind);
            }
            take(from + start, from + end, behind);
        }

        /** As {@link #message(int, int, int)}, for a payload that does not stand in the input as it is. */
        public void message(byte[] payload, int behind) throws FramingException {
            take(0, payload.length, behind);
            made = payload;
        }

        private void take(int first, int last, int behind) throws FramingException {
            if (behind <= 0 || behind > to - from || start >= 0) {
                throw noMessage(first, last, behind);
            }
            refuseLonger(last - first);
            start = first;
            end = last;
            from += behind;
            searched = from;
            state = 0;
        }

        private IllegalArgumentException noMessage(int first, int last, int behind) {
            return new IllegalArgumentException("no message: its payload from %d to %d, its end at %d of %d bytes%s"
                    .formatted(first, last, behind, to - from, start < 0 ? "" : ", and there is one already"));
        }

        /** Before a framing is asked. */
        void reset() {
            start = -1;
            if (made != null) { // seldom, and a reference costs more to write than to read
                made = null;
            }
        }

        /** How many bytes before this index begin a character whose rest is missing. */
        int incompleteTail(int index) {
            return codec.incompleteTail(bytes, from, from + index);
        }
    }
}
