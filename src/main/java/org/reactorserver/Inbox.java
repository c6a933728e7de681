package org.reactorserver;

import java.nio.ByteBuffer;
import java.util.List;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;

/**
 * What has been read of a session and is not decoded yet: nothing, as a rule; the start of a message
 * whose rest is awaited; or messages for which there was no room. Loop only.
 */
final class Inbox {
    private Residue residue; // null if nothing is left over
    private long awaitedSince;

    /** Makes an empty one that awaits a sign of the peer from now on. */
    Inbox(long now) {
        awaitedSince = now;
    }

    boolean isEmpty() {
        return residue == null;
    }

    /** Whether the rest of a message is what is missing. */
    boolean isIncomplete() {
        return residue != null && residue.isIncomplete();
    }

    /** Whether {@link #decode} might find messages without more input. */
    boolean mayHoldMessages() {
        return residue != null && !residue.isIncomplete();
    }

    /** Since when the rest of a message, or else a sign of the peer, is awaited. */
    long awaitedSince() {
        return awaitedSince;
    }

    /** Starts to count anew the time for which something is awaited. */
    void awaitFrom(long now) {
        awaitedSince = now;
    }

    /** How many bytes may be read into it. */
    int room(Decoder decoder) {
        return decoder.room(residue);
    }

    /** Keeps input for later. */
    void keep(Decoder decoder, ByteBuffer input) {
        residue = decoder.keep(residue, input);
    }

    /**
     * Adds the messages that are complete to the list, as long as they weigh less than the limit
     * together, and keeps what is left.
     *
     * @return what they weigh
     * @throws FramingException if the input is not a message; those before it have been added, and
     *     nothing is left
     */
    int decode(Decoder decoder, ByteBuffer input, int limit, List<String> messages, long now) throws FramingException {
        boolean wasIncomplete = isIncomplete();
        int weight = 0;
        String message;
        decoder.load(residue, input);
        residue = null;
        while (weight < limit && (message = decoder.next()) != null) {
            messages.add(message);
            weight += Lane.weight(message);
        }
        residue = decoder.unload();
        if (isIncomplete() && !(wasIncomplete && messages.isEmpty())) {
            awaitedSince = now;
        }
        return weight;
    }

    /** Forgets what is left. */
    void clear(Decoder decoder) {
        decoder.drop(residue);
        residue = null;
    }
}
