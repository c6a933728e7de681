package org.reactorserver.testkit.net;

/** What a {@link FakeSelector} wants of a channel. */
interface FakeChannel {

    /** Which of these operations a poll would report. */
    int pollReady(int interest);

    /** The server asks for other operations than before. */
    default void onAsked(int interest) {}

    /** The kernel refuses to watch it. */
    default void onUnwatched() {}

    /** A select tells of it. */
    default void onReported() {}

    /** Releases the file descriptor: not before the channel is closed and no selector knows it. */
    void release();
}
