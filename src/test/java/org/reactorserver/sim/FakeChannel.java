package org.reactorserver.sim;

/** What a {@link FakeSelector} wants of a channel. */
interface FakeChannel {

    /** Which of these operations a poll would report. */
    int pollReady(int interest);

    /** Releases the file descriptor: not before the channel is closed and no selector knows it. */
    void release();
}
