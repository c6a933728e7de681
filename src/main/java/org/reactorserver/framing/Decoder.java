package org.reactorserver.framing;

import java.nio.ByteBuffer;

/**
 * Turns bytes into messages, for one session after the other: {@link #load} what was left over and
 * what was read, take messages with {@link #next} as long as there is room for them, {@link #unload} the
 * rest. One for a loop, not one for a session: an idle session holds nothing of it. One thread.
 *
 * <p>What a call costs depends on the bytes that it reads and the messages that it returns, not on what the
 * session holds already.
 *
 * <p>Any call but {@link #held} may throw an {@link OutOfMemoryError}, as a rule because of one large message.
 * The decoder can be used after it, and {@link #held} is right: {@link #load} and {@link #keep} have changed
 * nothing then, and the residue that they were given is still the session's; after {@link #next},
 * {@link #last} and {@link #unload} the session holds nothing, and what it had is lost.
 *
 * @param <M> what a message is
 */
public final class Decoder<M> {
    /** The lowest limit of a message, in bytes: the longest character must fit. */
    public static final int SMALLEST_LIMIT = 4;

    /** The highest limit of a message, in bytes: a message and its framing must fit into an array. */
    public static final int LARGEST_LIMIT = Integer.MAX_VALUE - 64;

    private final Framing framing;
    private final Codec<M> codec;
    private final long maxFrame;
    private final int readSize;
    private final byte[] scratch; // for what was read, and before it no more of what was left over
    private final Framing.Input input;
    private final Storage storage;
    private Residue residue; // of the session that is loaded
    private boolean exhausted; // the input holds no further message
    private long held;

    /**
     * Makes a decoder.
     *
     * @param maxMessage longest payload accepted, in bytes, {@link #SMALLEST_LIMIT} to {@link #LARGEST_LIMIT}
     * @param codec what a message is
     * @param readSize most bytes that are ever loaded at once; the decoder itself takes twice as many
     */
    public Decoder(Framing framing, int maxMessage, Codec<M> codec, int readSize) {
        this(framing, maxMessage, codec, readSize, new Storage());
    }

    Decoder(Framing framing, int maxMessage, Codec<M> codec, int readSize, Storage storage) {
        if (maxMessage < SMALLEST_LIMIT || maxMessage > LARGEST_LIMIT) {
            throw new IllegalArgumentException("maxMessage must be at least " + SMALLEST_LIMIT + " bytes and at most "
                    + LARGEST_LIMIT + ", not " + maxMessage);
        }
        this.framing = framing;
        this.codec = codec;
        this.maxFrame = framing.maxFrame(maxMessage);
        this.readSize = readSize;
        this.scratch = new byte[2 * readSize];
        this.input = new Framing.Input(codec, maxMessage);
        this.storage = storage;
        forget();
    }

    /**
     * How many more bytes may be read for a session, so that no more is held for it than one message
     * of the largest size and its framing.
     *
     * @param residue what it holds already, or null
     */
    public int room(Residue residue) {
        if (residue == null) {
            return readSize;
        }
        return (int) Math.max(0, Math.min(readSize, maxFrame - residue.length()));
    }

    /**
     * How many bytes of heap all sessions together need for what they hold undecoded: the residues that were
     * returned and are neither loaded again nor dropped, with {@link Residue#heapBytes} each.
     */
    public long held() {
        return held;
    }

    /**
     * Keeps bytes that are not to be decoded yet.
     *
     * @param residue what the session holds already, or null
     * @return what it holds now, null if that is nothing
     */
    public Residue keep(Residue residue, ByteBuffer fresh) {
        if (!fresh.hasRemaining()) {
            return residue;
        }
        Residue kept = residue == null ? new Residue() : residue;
        long before = residue == null ? 0 : residue.heapBytes();
        kept.append(storage, fresh, maxFrame);
        kept.incomplete = false;
        held += kept.heapBytes() - before;
        return kept;
    }

    /** Forgets what a session holds, which may be null. */
    public void drop(Residue residue) {
        if (residue != null) {
            held -= residue.heapBytes();
        }
    }

    /**
     * Starts on a session, which from here on holds nothing. Bytes with nothing left over before them, the
     * usual case, are decoded where they are and never stored. A small residue is decoded in front of them; to
     * a larger one they are added.
     *
     * @param residue what the last {@link #unload} left over, or null
     */
    public void load(Residue residue, ByteBuffer fresh) {
        forget();
        int count = fresh.remaining();
        int left = residue == null ? 0 : residue.length();
        if (left <= count) {
            if (residue != null) {
                storage.copy(residue.bytes, residue.from, scratch, 0, left);
                input.searched = residue.searched;
                input.state = residue.state;
            }
            fresh.get(scratch, left, count);
            input.to = left + count;
            drop(residue);
        } else {
            long before = residue.heapBytes();
            residue.append(storage, fresh, maxFrame);
            held -= before;
            input.bytes = residue.bytes;
            input.from = residue.from;
            input.to = residue.to;
            input.searched = residue.from + residue.searched;
            input.state = residue.state;
        }
        this.residue = residue;
    }

    /**
     * The next message, or null if it is not complete.
     *
     * @throws FramingException if the bytes are no message; nothing that follows can be decoded
     */
    public M next() throws FramingException {
        try {
            input.reset();
            framing.next(input);
            exhausted = input.start < 0;
            if (exhausted && input.length() >= maxFrame) {
                throw input.tooLarge();
            }
            return found();
        } catch (Throwable e) {
            forget();
            throw e;
        }
    }

    /**
     * The message that the end of the stream leaves without its own end, or null if there is none: in line framing
     * what is left, without a CR at its end, is the last line; a chunk or a message of length framing that is
     * unfinished never becomes one. To be called when the peer has ended its stream, after {@link #next} has
     * returned null and before {@link #unload}.
     *
     * @throws FramingException if it is none
     * @throws IllegalStateException if there may be whole messages before it
     */
    public M last() throws FramingException {
        if (!exhausted) {
            throw new IllegalStateException("last() comes after next() has returned null");
        }
        try {
            framing.last(input);
            return found();
        } catch (Throwable e) {
            forget();
            throw e;
        }
    }

    private M found() throws FramingException {
        if (input.start < 0) {
            return null;
        }
        return codec.decode(input.made == null ? input.bytes : input.made, input.start, input.end);
    }

    /** Ends with a session. Returns what must be loaded next time, null if nothing is left over. */
    public Residue unload() {
        if (input.from == input.to) {
            forget();
            return null;
        }
        Residue left = residue == null ? new Residue() : residue;
        try {
            if (input.bytes == scratch) {
                left.set(storage, scratch, input.from, input.to);
            } else {
                left.dropBefore(input.from);
                left.fit(storage);
            }
            left.searched = input.searched - input.from;
            left.state = input.state;
            left.incomplete = exhausted;
        } finally {
            forget();
        }
        held += left.heapBytes();
        return left;
    }

    /** No session is loaded, and nothing of the last one can be reached. */
    private void forget() {
        residue = null;
        exhausted = false;
        input.bytes = scratch;
        input.from = 0;
        input.to = 0;
        input.searched = 0;
        input.state = 0;
        input.reset();
    }
}
