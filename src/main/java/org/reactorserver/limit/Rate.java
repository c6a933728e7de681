package org.reactorserver.limit;

/**
 * So many things a second: a bucket with a token for each of them, that holds as many as there are for one second and
 * fills evenly. A bucket is one number, the time at which it is full again; so it needs no timer, and one that has been
 * left alone is full, whenever it is looked at (the generic cell rate algorithm, ITU-T I.371). Times are nanoseconds
 * of a clock such as {@link System#nanoTime}, compared by difference. Immutable; any thread.
 */
public final class Rate {
    /** The most that can be told apart, a second. */
    public static final int MOST = 1_000_000;

    private static final long SECOND = 1_000_000_000;

    private final long interval;
    private final long depth;

    /**
     * A rate.
     *
     * @param perSecond from 1 to {@value #MOST}
     */
    public Rate(int perSecond) {
        if (perSecond < 1 || perSecond > MOST) {
            throw new IllegalArgumentException("a rate must be from 1 to " + MOST + " a second, not " + perSecond);
        }
        interval = SECOND / perSecond;
        depth = perSecond * interval;
    }

    /** How many tokens are in the bucket that is full again at that time; zero if more were taken than there were. */
    int tokens(long fullAt, long now) {
        long missing = Math.max(0, fullAt - now);
        return (int) Math.max(0, (depth - missing) / interval);
    }

    /** When the bucket is full again after so many tokens are taken from it, which may be more than it holds. */
    long take(int tokens, long fullAt, long now) {
        return Math.max(0, fullAt - now) + now + tokens * interval;
    }

    /** How long until there is a token; zero if there is one. */
    long untilOne(long fullAt, long now) {
        return Math.max(0, fullAt - now - depth + interval);
    }
}
