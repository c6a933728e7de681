package org.reactorserver.limit;

/**
 * How many messages of one session may be handled now, so that there are no more than so many a second; a session that
 * has sent nothing for a second may send a second's worth at once. Nothing is dropped: a session over the rate is not
 * read, and TCP stops the sender. One number for a session. Loop only.
 */
public final class MessageRate {
    private final Rate rate;
    private long fullAt;

    /** A session that may begin with a second's worth. */
    public MessageRate(Rate rate, long now) {
        this.rate = rate;
        this.fullAt = now;
    }

    /** How many may be handled now. */
    public int allowed(long now) {
        return rate.tokens(fullAt, now);
    }

    /** So many are. More than {@link #allowed} is possible, and is waited for afterwards. */
    public void took(int messages, long now) {
        fullAt = rate.take(messages, fullAt, now);
    }

    /** In how many nanoseconds the next one may be handled; zero is now. */
    public long nextIn(long now) {
        return rate.untilOne(fullAt, now);
    }
}
