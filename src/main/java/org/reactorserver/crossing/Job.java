package org.reactorserver.crossing;

/** What a worker works at: a session with something to handle. */
public interface Job {
    /**
     * Worker: does some of what there is to do.
     *
     * @param began the time at which this begins, in nanoseconds of the server's clock
     * @return the time at which it ends
     */
    long run(long began);

    /** Any thread: what it has made by now leaves, though it is not through. */
    void flush();

    /** Any thread: its number, for the log. */
    long id();
}
