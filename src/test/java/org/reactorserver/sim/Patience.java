package org.reactorserver.sim;

/**
 * For how long the server has waited for the rest of a message: the time in which it has the start of one and
 * asks the selector for more. Time in which the server itself does not read is nobody's fault.
 */
final class Patience {
    private boolean isReading;
    private boolean isInside;
    private boolean isOver;
    private long noted; // all times are the loop's
    private long spent; // on the current message
    private long longest;

    /** The server asks for input, or no longer. */
    void onAsked(boolean reads, long now) {
        note(now);
        isReading = reads;
    }

    /** The session is served from now on; before, it was not the peer's fault. */
    void begin(long now) {
        restart(now);
        longest = 0;
    }

    /** A message has begun. */
    void restart(long now) {
        note(now);
        spent = 0;
    }

    /** The server has read up to here: within a message, or between two. */
    void onRead(boolean inside, long now) {
        note(now);
        isInside = inside;
    }

    /** The server has ended its stream: what it reads from now on it throws away. */
    void end(long now) {
        note(now);
        isOver = true;
    }

    /** The longest of these times. */
    long longest(long now) {
        note(now);
        return longest;
    }

    private void note(long now) {
        if (isReading && isInside && !isOver) {
            spent += now - noted;
            longest = Math.max(longest, spent);
        }
        noted = now;
    }
}
