package org.reactorserver.load.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Times in which connections waited for replies and none came. Silences of several connections that
 * have a moment in common are one stall. The longest are kept. Beside them stands how late this
 * client was in that time, since a client that was held up sees stalls of its own making. Loop only,
 * until it has ended; nanoseconds.
 */
public final class Stalls {
    /** A silence shorter than this is none. */
    public static final long LEAST = 20_000_000;

    /** A silence shorter than so many usual service times is none. */
    public static final int USUAL_TIMES = 10;

    /** Later than this, in nanoseconds, is worth remembering of this client. */
    public static final long NOTABLE_LAG = 2_000_000;

    private static final int KEPT = 200;
    private static final int LAGS = 512;

    /** One stall. */
    public static final class Stall {
        public long from;
        public long to;
        long common; // the earliest end: a member must have begun before
        public int connections;
        public long clientLag;

        public long length() {
            return to - from;
        }
    }

    private final List<Stall> found = new ArrayList<>();
    private final long[] lagAt = new long[LAGS];
    private final long[] lags = new long[LAGS];
    private int nextLag;
    private Stall current;
    private long forgotten;

    /**
     * A connection with something outstanding heard nothing in this time.
     *
     * @param last the stall that the connection's last silence was part of; null if there was none
     * @return the one that this silence is part of
     */
    public Stall silence(Stall last, long from, long to) {
        if (current == null || from - current.common >= 0) {
            close();
            current = new Stall();
            current.from = from;
            current.to = to;
            current.common = to;
        }
        if (last != current) {
            current.connections++;
        }
        current.from = Math.min(current.from, from);
        current.to = Math.max(current.to, to);
        current.common = Math.min(current.common, to);
        return current;
    }

    /** This client did something later than it meant to. */
    public void clientLag(long now, long lag) {
        lagAt[nextLag] = now;
        lags[nextLag] = lag;
        nextLag = (nextLag + 1) % LAGS;
    }

    /** The stall that is open will get no more members. */
    public void close() {
        if (current == null) {
            return;
        }
        for (int i = 0; i < LAGS; i++) {
            boolean within = lags[i] > 0 && lagAt[i] - current.from >= 0 && lagAt[i] - lags[i] - current.to <= 0;
            if (within) {
                current.clientLag = Math.max(current.clientLag, lags[i]);
            }
        }
        found.add(current);
        current = null;
        if (found.size() > KEPT) {
            forgotten++;
            found.remove(
                    found.stream().min(Comparator.comparingLong(Stall::length)).orElseThrow());
        }
    }

    /** Those that are long beside what is usual, in order of time. */
    public List<Stall> list(long usualService) {
        long least = Math.max(LEAST, USUAL_TIMES * usualService);
        return found.stream().filter(stall -> stall.length() >= least).toList();
    }

    /** How many were found and not kept, the list being full of longer ones. */
    public long forgotten() {
        return forgotten;
    }
}
