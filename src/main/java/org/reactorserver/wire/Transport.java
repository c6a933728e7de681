package org.reactorserver.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connection's bytes in clear, whatever is on the wire. A transport never touches the selector: it says
 * what it needs, and the connection asks for that. Loop only.
 */
public interface Transport {
    /**
     * Whether it is known who the peer is, and the peer can be spoken with. Until then {@link #read} takes in what
     * is needed for that and finds no bytes.
     */
    boolean isEstablished();

    /**
     * Reads as a channel does.
     *
     * @return how many bytes were read, 0 if none are there yet, -1 at the end of the stream
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Writes as a channel does.
     *
     * @return how many bytes were taken; they may still be held, see {@link #holdsOutput}
     */
    int write(ByteBuffer from) throws IOException;

    /** What to ask the selector for so that reading, or writing, can go on: ops of a SelectionKey. */
    int interestOps(boolean reading, boolean writing);

    /** Whether it holds input that no event will announce. */
    boolean holdsInput();

    /** How many bytes can have arrived that were not read, at most; once for a session that ends. */
    int mostUnread() throws IOException;

    /** Whether it holds output that was taken and is not on the wire. */
    boolean holdsOutput();

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
