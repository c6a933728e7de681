package org.reactorserver.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.reactorserver.crossing.Message;
import org.reactorserver.framing.Decoder;
import org.reactorserver.framing.FramingException;
import org.reactorserver.framing.Residue;
import org.reactorserver.limit.Budget;
import org.reactorserver.session.ServedSession;
import org.reactorserver.session.Shared;
import org.reactorserver.wire.Transport;

/**
 * What comes from the peer, and what of it is not decoded yet: nothing, as a rule; the start of a message
 * whose rest is awaited; or messages for which there was no room. Loop only.
 */
class Input {
    private Residue residue; // null if nothing is left over
    private boolean ended;
    private boolean spoken;
    private boolean bulk;
    private int takenIn; // bytes that were read since nothing more was wanted
    private long awaitedSince;
    private long pausedSince;

    /** Makes an empty one that awaits a sign of the peer from now on. */
    Input(long now) {
        this.awaitedSince = now;
        this.pausedSince = now; // of a clock that may stand anywhere: zero is no time of its own
    }

    /** Reads once, at most so many bytes. As a channel's read. */
    int read(Transport transport, ByteBuffer buffer, int most) throws IOException {
        int count = transport.read(buffer.clear().limit(most));
        spoken |= count > 0;
        ended |= count < 0;
        boolean isCutShort = count > 0 && (count == most || transport.holdsInput());
        bulk = count > Message.BULK || isCutShort;
        return count;
    }

    /** Whether the peer has ended its stream. */
    boolean isEnded() {
        return ended;
    }

    /** Whether bytes have come. */
    boolean hasSpoken() {
        return spoken;
    }

    /** Whether the peer sends much at a time. */
    boolean isBulk() {
        return bulk;
    }

    /**
     * What the last read found had arrived before nothing more was wanted. Returns whether that must have been
     * all of it.
     *
     * @param count how many bytes that was
     * @param mostUnread how many bytes can have stood in the system's buffer then
     */
    boolean isTakenIn(int count, int mostUnread) {
        takenIn = (int) Math.min(Integer.MAX_VALUE, (long) takenIn + count);
        return count == 0 || takenIn > mostUnread;
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

    /** From here on it is the server that does not read. */
    void pause(long now) {
        pausedSince = now;
    }

    /** The server reads again; the time of the pause does not count. */
    void resume(long now) {
        long counted = pausedSince - awaitedSince > 0 ? pausedSince : awaitedSince;
        awaitedSince += now - counted;
    }

    /** How many messages may be decoded now. */
    int allowed(long now) {
        return Integer.MAX_VALUE;
    }

    /** So many were. */
    void took(int messages, long now) {}

    /** In how many nanoseconds one may be decoded again; zero is now. */
    long nextIn(long now) {
        return 0;
    }

    /** How many bytes may be read into it, so that it costs no more than so much; one that is empty may begin. */
    int room(Decoder<Object> decoder, long allowance) {
        long most = residue == null ? Math.max(Budget.LEAST, allowance) : Math.max(0, allowance - residue.heapBytes());
        return (int) Math.min(decoder.room(residue), most);
    }

    /** How many bytes of heap it takes up. */
    int cost() {
        return residue == null ? 0 : residue.heapBytes();
    }

    /** Keeps input for later. */
    void keep(Decoder<Object> decoder, ByteBuffer input) {
        residue = decoder.keep(residue, input);
    }

    /**
     * Moves messages that are complete into the session's lane, as long as they weigh less than so much together and
     * are no more than so many, and keeps what is left.
     *
     * @param isAll whether nothing will follow, so that what is left may be a message too, see {@link Decoder#last}
     * @return what is wrong with the input, null if nothing is; the messages before it are in the lane, and nothing is
     *     left
     */
    FramingException decode(
            ByteBuffer bytes, long room, int most, boolean isAll, ServedSession session, Shared shared) {
        Decoder<Object> decoder = shared.decoder;
        boolean hadBegun = residue != null;
        List<Object> messages = shared.decoded;
        FramingException refused = null;
        int weight = 0;
        try {
            decoder.load(residue, bytes);
            residue = null;
            Object message;
            while (weight < room && messages.size() < most && (message = decoder.next()) != null) {
                messages.add(message);
                weight += Message.weight(message);
            }
            if (isAll && weight < room && messages.size() < most && (message = decoder.last()) != null) {
                messages.add(message);
                weight += Message.weight(message);
            }
            residue = decoder.unload();
        } catch (FramingException e) {
            refused = e;
        } catch (RuntimeException e) { // a framing of the user's has failed; the next session must not get these
            messages.clear();
            throw e;
        }
        if (!hadBegun || !messages.isEmpty()) {
            awaitedSince = shared.loop.now();
        }
        if (!messages.isEmpty()) {
            shared.counters.messagesRead.add(messages.size());
            for (int i = 0; i < messages.size(); i++) {
                tell(shared, session, messages.get(i)); // before a worker can have them
            }
            session.lane.add(messages, weight);
            took(messages.size(), shared.loop.now());
            messages.clear();
        }
        return refused;
    }

    private static void tell(Shared shared, ServedSession session, Object message) {
        if (message instanceof String text) {
            shared.observer.received(session, text);
        } else {
            shared.observer.received(session, (byte[]) message);
        }
    }

    /** Forgets what is left. */
    void clear(Decoder<Object> decoder) {
        decoder.drop(residue);
        residue = null;
    }
}
