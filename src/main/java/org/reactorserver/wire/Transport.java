package org.reactorserver.wire;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A connection's bytes in clear, whatever is on the wire. A transport never touches the selector: it says
 * what it needs, and the connection asks for that. Loop only.
 */
public interface Transport {
    /** How the peer has ended its stream. */
    enum End {
        /** In order; the peer goes on reading. */
        ORDERLY,
        /**
         * Without the notice that the protocol demands at the end (RFC 8446, 6.1): an attacker on the network may have
         * cut it off. What was read until then is the peer's, and the peer may go on reading.
         */
        TRUNCATED,
        /** In order, and what is written to the peer from here on is lost (TLS 1.2, RFC 5246, 7.2.1). */
        BOTH_WAYS
    }

    /**
     * Whether the peer is known, and messages can be exchanged with it. Until then {@link #read} takes in what
     * is needed for that and finds no bytes.
     */
    boolean isEstablished();

    /**
     * Reads as a channel does. Once it {@link #isEstablished}, a read without bytes has looked for them until nothing
     * was left, unless it {@link #isReadBlocked}.
     *
     * @return how many bytes were read, 0 if none are there yet, -1 at the end of the stream
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Writes as a channel does, behind what it holds of earlier writes; also if there are no new bytes.
     *
     * @return how many bytes were taken; they may still be held, see {@link #holdsOutput}
     */
    int write(ByteBuffer from) throws IOException;

    /**
     * Whether reading cannot go on now, and its 0 says nothing of what has arrived: an answer of the protocol's own has
     * to be written first, or a step of its handshake runs elsewhere.
     */
    default boolean isReadBlocked() {
        return false;
    }

    /** What to ask the selector for so that reading, or writing, can go on: ops of a SelectionKey. */
    int interestOps(boolean reading, boolean writing);

    /** Whether it can go on reading, or arriving, and no event will announce that. */
    boolean holdsInput();

    /**
     * How many bytes it holds of something that has begun, and whose rest has to come before there is anything to read;
     * zero if there is nothing of the kind, and until it {@link #isEstablished}.
     */
    default int begun() {
        return 0;
    }

    /** How the peer's stream has ended, once {@link #read} has returned -1. */
    default End end() {
        return End.ORDERLY;
    }

    /** Why it does not go on; null if it does, or if that is the socket's affair. */
    default IOException failure() {
        return null;
    }

    /** How many bytes can have arrived that were not read, at most; once for a session that ends. */
    int mostUnread() throws IOException;

    /** How many bytes of output it holds that were taken and are not on the wire; as they are on the wire. */
    int unsent();

    /** Whether it holds output that was taken and is not on the wire. */
    default boolean holdsOutput() {
        return unsent() > 0;
    }

    /** Whether some of that is of what was written to it, and not only of what it has to say itself. */
    default boolean holdsWritten() {
        return false;
    }

    /** How many bytes of heap that takes up which it holds, of both directions; zero as a rule. */
    default int heapBytes() {
        return 0;
    }

    /** Any thread: the address of this machine that was connected to; null when it is closed. */
    default SocketAddress localAddress() {
        return null;
    }

    /** Any thread: what was agreed on by TLS; null if it is not TLS, or not {@link #isEstablished}. */
    default TlsSession tls() {
        return null;
    }

    /**
     * Ends the stream to the peer, behind everything that was written.
     *
     * @return whether that is done; otherwise it is to be called again when output can go on
     */
    boolean endOutput() throws IOException;

    /**
     * Closes at once.
     *
     * @param cutOff whether the peer is to see a reset, so that it does not take a part for the whole
     */
    void close(boolean cutOff) throws IOException;
}
