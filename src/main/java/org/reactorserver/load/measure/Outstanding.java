package org.reactorserver.load.measure;

/**
 * The messages of one connection that were sent and have no reply yet, oldest first, with their times of
 * sending. They are numbered from 1. Those that have timed out are still expected, but nobody waits for
 * them. Loop only.
 */
public final class Outstanding {
    private static final int USUAL_DEPTH = 4;

    /** The number of the connection, from 1. */
    public final long connection;

    /** The longest time for which a reply was waited for and nothing came, in the measured span, in nanoseconds. */
    public long longestWait;

    private long silentSince; // the connection, while a reply is waited for

    private long first = 1; // the oldest, or the next if there is none
    private long waitedFrom = 1; // the oldest that has not timed out
    private long next = 1;
    private long planned = 1; // open model: behind the last that has a time at which it is meant to be sent
    private long[] sentAt = new long[USUAL_DEPTH]; // by the last bits of the number
    private long[] intendedAt = {}; // likewise; empty in the closed model

    public Outstanding(long connection) {
        this.connection = connection;
    }

    /** The number of the oldest; only if there is one. */
    public long first() {
        return first;
    }

    /** The number of the message that is sent next. */
    public long next() {
        return next;
    }

    public int count() {
        return (int) (next - first);
    }

    public boolean isEmpty() {
        return next == first;
    }

    /** How many have not timed out. */
    public int waitedFor() {
        return (int) (next - waitedFrom);
    }

    /** Open model: another one is meant to be sent, at this time. */
    public void plan(long intended) {
        while (planned + 1 - first > sentAt.length) {
            grow();
        }
        if (intendedAt.length == 0) {
            intendedAt = new long[sentAt.length];
        }
        intendedAt[slot(planned++)] = intended;
    }

    /** Open model: how many are meant to be sent and were not. */
    public int due() {
        return (int) (planned - next);
    }

    /** Open model: when a message was meant to be sent that is outstanding or due. */
    public long intended(long seq) {
        return intendedAt[slot(seq)];
    }

    /** Open model: what is due is due no more. */
    public void forgetDue() {
        planned = next;
    }

    /** So many more are sent, at this time. */
    void add(int count, long now) {
        while (next + count - first > sentAt.length) {
            grow();
        }
        for (int i = 0; i < count; i++) {
            sentAt[slot(next++)] = now;
        }
    }

    /** A reply is waited for from now on. */
    void waitsSince(long now) {
        silentSince = now;
    }

    /** Something has come. Returns how long nothing did, while a reply was waited for. */
    long heard(long now) {
        long wait = now - silentSince;
        silentSince = now;
        return wait;
    }

    private void grow() {
        int length = sentAt.length * 2;
        long[] sent = new long[length];
        long[] intended = new long[intendedAt.length == 0 ? 0 : length];
        for (long seq = first; seq < Math.max(next, planned); seq++) {
            int place = (int) seq & length - 1;
            sent[place] = sentAt[slot(seq)];
            if (intended.length > 0) {
                intended[place] = intendedAt[slot(seq)];
            }
        }
        sentAt = sent;
        intendedAt = intended;
    }

    /** When the oldest was sent; only if there is one. */
    public long firstSentAt() {
        return sentAt[slot(first)];
    }

    /** How many of the oldest ones, at most so many as given, were sent at the same time. */
    int sentWithFirst(int most) {
        int count = 1;
        while (count < most && sentAt[slot(first + count)] == sentAt[slot(first)]) {
            count++;
        }
        return count;
    }

    /** So many, the oldest ones, are outstanding no more. */
    void removeFirst(int count) {
        first += count;
        if (waitedFrom < first) {
            waitedFrom = first;
        }
    }

    /** So many, the last ones, were not sent after all. */
    void removeLast(int count) {
        next -= count;
        waitedFrom = Math.min(waitedFrom, next);
    }

    /** Whether the oldest has not timed out, as far as {@link #timeOut} was asked. */
    boolean isFirstWaitedFor() {
        return waitedFrom == first;
    }

    /** The number of the next one that is out for too long, each only once; 0 if there is none. */
    public long timeOut(long now, long timeout) {
        boolean any = waitedFrom < next && now - sentAt[slot(waitedFrom)] > timeout;
        return any ? waitedFrom++ : 0;
    }

    /** Which message it is, for a person. */
    public String place(long seq) {
        return "connection " + connection + ", message " + seq;
    }

    private int slot(long seq) {
        return (int) seq & sentAt.length - 1;
    }
}
