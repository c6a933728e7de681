package org.reactorserver.load.drive;

import java.nio.ByteBuffer;
import org.reactorserver.load.protocol.Unreadable;

/**
 * What one connection says and hears: makes its messages and takes their replies. Loop only.
 *
 * <p>First {@link #startOver} is called, then what comes first is said and heard until {@link #isOpening} is false, and
 * then messages are.
 */
abstract class Talk {
    /** A connection has been opened, for the first time or again. */
    abstract void startOver();

    // -- before the first message
    // --------------------------------------------------------------------

    /** Whether something is to be said or heard before the first message. */
    abstract boolean isOpening();

    /** What is to be written now; null if it is to be heard first, or all is said. */
    abstract byte[] opening();

    /**
     * Takes bytes of what is to be heard first.
     *
     * @return the index behind the last byte; or -1 if all bytes are of it and it goes on
     * @throws Unreadable if it is something else
     */
    abstract int takeOpening(byte[] input, int from, int to) throws Unreadable;

    // -- messages
    // ------------------------------------------------------------------------------------

    /** Goes on to the next message. Returns whether it can be made now; if not, it goes on when a reply has come. */
    abstract boolean isReady();

    /** Puts this message, which is the next; false, and nothing put, if there is not enough room. */
    abstract boolean put(long seq, ByteBuffer out);

    /** This message, which is the next, for those that are too large for {@link #put}. */
    abstract byte[] large(long seq);

    /** How many bytes a message under way has. */
    abstract int length(long seq);

    /** Whether the connection is to be ended and opened again, now that everything is answered. */
    abstract boolean wantsToClose();

    // -- replies
    // -------------------------------------------------------------------------------------

    /**
     * Takes bytes as they came.
     *
     * @throws Unreadable if they are no reply
     */
    abstract void take(byte[] input, int from, int to, long now) throws Unreadable;

    /** What was sent is written: where there are no replies, nothing else is to be waited for. */
    abstract void onWritten(long now);

    /** Whether a reply has begun and not ended. */
    abstract boolean isInsideReply();

    /** A reply is out for too long. */
    abstract void onTimeout();

    /** Whether it is not known any more to which message a reply would belong. */
    abstract boolean isOutOfStep();

    /** Whether it is out of step and not one reply was right: another connection would fare no better. */
    abstract boolean isHopeless();

    /** The connection has ended. */
    abstract void end();
}
