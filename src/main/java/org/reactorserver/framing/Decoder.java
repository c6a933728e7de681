package org.reactorserver.framing;

import java.nio.ByteBuffer;

/**
 * Turns bytes into messages, for one session after the other: {@link #load} what was left over and
 * what was read, take messages with {@link #next} as long as there is room for them, {@link #unload} the
 * rest. One for a loop, not one for a session: an idle session holds nothing of it. One thread.
 */
public final class Decoder {
    /** The lowest limit of a message, in bytes: the longest character must fit. */
    public static final int SMALLEST_LIMIT = 4;

    private final Framing framing;
    private final int maxMessage;
    private final byte[] scratch;
    private final Framing.Input input;
    private Residue residue;
    private boolean exhausted; // the input holds no further message
    private long held;

    /**
     * Makes a decoder.
     *
     * @param maxMessage longest payload accepted, in bytes, at least {@link #SMALLEST_LIMIT}
     * @param replaceMalformed whether malformed UTF-8 becomes U+FFFD instead of being refused
     * @param readSize most bytes that are ever loaded at once
     */
    public Decoder(Framing framing, int maxMessage, boolean replaceMalformed, int readSize) {
        if (maxMessage < SMALLEST_LIMIT) {
            throw new IllegalArgumentException(
                    "maxMessage must be at least " + SMALLEST_LIMIT + " bytes, not " + maxMessage);
        }
        this.framing = framing;
        this.maxMessage = maxMessage;
        this.input = new Framing.Input(replaceMalformed);
        this.scratch = new byte[readSize];
    }

    /**
     * How many more bytes may be read for a session, so that no more is held for it than one message
     * of the largest size and its framing.
     *
     * @param residue what it holds already, or null
     */
    public int room(Residue residue) {
        if (residue == null) {
            return scratch.length;
        }
        long room = framing.maxUnfinished(maxMessage) - residue.length;
        return (int) Math.max(0, Math.min(scratch.length, room));
    }

    /** How many bytes all sessions together hold undecoded: what was left over and is not loaded again. */
    public long held() {
        return held;
    }

    /**
     * Keeps bytes that are not to be decoded yet.
     *
     * @param residue what the session holds already, or null
     */
    public Residue keep(Residue residue, ByteBuffer fresh) {
        held += fresh.remaining();
        if (residue == null) {
            return fresh.hasRemaining() ? new Residue(fresh) : null;
        }
        residue.append(fresh);
        residue.incomplete = false;
        return residue;
    }

    /** Forgets what a session holds. */
    public void drop(Residue residue) {
        if (residue != null) {
            held -= residue.length;
        }
    }

    /**
     * Starts on a session, which from here on holds nothing. Bytes with nothing left over before them, the usual case, are decoded where
     * they are and never stored.
     *
     * @param residue what the last {@link #unload} left over, or null
     */
    public void load(Residue residue, ByteBuffer fresh) {
        this.residue = residue;
        exhausted = false;
        input.from = 0;
        if (residue == null) {
            input.bytes = scratch;
            input.to = fresh.remaining();
            input.searched = 0;
            fresh.get(scratch, 0, input.to);
        } else {
            drop(residue);
            residue.append(fresh);
            input.bytes = residue.bytes;
            input.to = residue.length;
            input.searched = residue.searched;
        }
    }

    /**
     * The next message, or null if it is not complete.
     *
     * @throws FramingException if the bytes are no message; nothing that follows can be decoded
     */
    public String next() throws FramingException {
        exhausted = !framing.next(input, maxMessage);
        if (exhausted) {
            return null;
        }
        return input.replaceMalformed
                ? Utf8.decodeLeniently(input.bytes, input.start, input.end)
                : Utf8.decodeStrictly(input.bytes, input.start, input.end);
    }

    /** Ends with a session. Returns what must be loaded next time, null if nothing is left over. */
    public Residue unload() {
        Residue left = residue;
        residue = null;
        if (input.from == input.to) {
            return null;
        }
        if (left == null) {
            left = new Residue(scratch, input.from, input.to);
        } else {
            left.dropFirst(input.from);
        }
        left.searched = input.searched - input.from;
        left.incomplete = exhausted;
        held += left.length;
        return left;
    }
}
