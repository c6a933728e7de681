package org.reactorserver.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.reactorserver.crossing.Message;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.wire.Transport;

/**
 * What comes from the peer, and what of it is not decoded yet: nothing, as a rule; the start of a message
 * whose rest is awaited; or messages for which there was no room. Loop only.
 */
final class Input {
    private enum Flow {
        /** The last read took what there was. */
        RUNNING,
        /** The last read filled its buffer, so there may be more. */
        BRIMMING,
        /** The peer has ended its stream. */
        ENDED
    }

    private final Decoder decoder;
    private Flow flow = Flow.RUNNING;
    private boolean spoken;
    private Residue residue; // null if nothing is left over
    private long awaitedSince;

    /** Makes an empty one that awaits a sign of the peer from now on. */
    Input(Decoder decoder, long now) {
        this.decoder = decoder;
        this.awaitedSince = now;
    }

    /** Reads once, as much as may be held, or as anything if it is thrown away. As a channel's read. */
    int read(Transport transport, ByteBuffer buffer, boolean discards) throws IOException {
        buffer.clear();
        if (!discards) {
            buffer.limit(room());
        }
        int count = transport.read(buffer);
        spoken |= count > 0;
        flow = count < 0 ? Flow.ENDED : count > 0 && !buffer.hasRemaining() ? Flow.BRIMMING : Flow.RUNNING;
        return count;
    }

    /** Whether the peer has ended its stream. */
    boolean isEnded() {
        return flow == Flow.ENDED;
    }

    /** Whether bytes have come. */
    boolean hasSpoken() {
        return spoken;
    }

    /** Whether, as far as is known, the peer is between two messages. */
    boolean isBetweenMessages() {
        return isEmpty() && flow != Flow.BRIMMING;
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
    int room() {
        return decoder.room(residue);
    }

    /** How many bytes of heap it takes up. */
    long held() {
        return residue == null ? 0 : residue.heapBytes();
    }

    /** Keeps input for later. */
    void keep(ByteBuffer input) {
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
    int decode(ByteBuffer input, int limit, List<String> messages, long now) throws FramingException {
        boolean wasIncomplete = isIncomplete();
        int weight = 0;
        String message;
        decoder.load(residue, input);
        residue = null;
        while (weight < limit && (message = decoder.next()) != null) {
            messages.add(message);
            weight += Message.weight(message);
        }
        residue = decoder.unload();
        if (isIncomplete() && !(wasIncomplete && messages.isEmpty())) {
            awaitedSince = now;
        }
        return weight;
    }

    /** Forgets what is left. */
    void clear() {
        decoder.drop(residue);
        residue = null;
    }
}
