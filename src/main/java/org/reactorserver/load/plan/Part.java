package org.reactorserver.load.plan;

/**
 * What one thread of a run does of it: of connections and messages, counted from 0, every so many-th. Immutable.
 *
 * @param index of the thread, from 0
 * @param count how many threads there are
 */
public record Part(int index, int count) {
    /** How many of so many are its own. */
    public long of(long all) {
        return all / count + (index < all % count ? 1 : 0);
    }

    /** The place, among all, of one of its own. */
    public long place(long own) {
        return index + own * count;
    }
}
