package org.reactorserver.load.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Times in which replies were waited for and nothing at all came, on no connection. Two of them never overlap, so
 * their lengths add up to at most the length of the run, and none holds a single reply. The longest are kept.
 * Beside them stands how late this client was in that time, since a client that was held up sees stalls of its own
 * making. Loop only, until it has ended; nanoseconds.
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

    /**
     * One stall.
     *
     * @param connections how many waited at its end
     * @param clientLag how late this client was in it, at most; 0: less than {@link #NOTABLE_LAG}
     */
    public record Stall(long from, long to, int connections, long clientLag) {
        public long length() {
            return to - from;
        }

        private Stall withLag(long lag) {
            return new Stall(from, to, connections, Math.max(clientLag, lag));
        }
    }

    private final List<Stall> found = new ArrayList<>();
    private final long[] lagAt = new long[LAGS];
    private final long[] lags = new long[LAGS];
    private int nextLag;
    private long silentSince;
    private long forgotten;

    /** From here on a reply is waited for; until now none was. */
    void begin(long now) {
        silentSince = now;
    }

    /**
     * Something has come, or nothing is waited for any more.
     *
     * @param waiting on how many connections a reply was waited for
     */
    void end(long now, int waiting) {
        if (now - silentSince >= LEAST) {
            keep(new Stall(silentSince, now, waiting, lagWithin(silentSince, now)));
        }
        silentSince = now;
    }

    private void keep(Stall stall) {
        found.add(stall);
        if (found.size() > KEPT) {
            forgotten++;
            found.remove(
                    found.stream().min(Comparator.comparingLong(Stall::length)).orElseThrow());
        }
    }

    /** This client did something later than it meant to: perhaps in a stall, whose end it may have seen first. */
    public void clientLag(long now, long lag) {
        for (int i = found.size() - 1; i >= 0 && found.get(i).to - (now - lag) > 0; i--) {
            found.set(i, found.get(i).withLag(lag));
        }
        lagAt[nextLag] = now;
        lags[nextLag] = lag;
        nextLag = (nextLag + 1) % LAGS;
    }

    private long lagWithin(long from, long to) {
        long most = 0;
        for (int i = 0; i < LAGS; i++) {
            boolean overlaps = lags[i] > 0 && lagAt[i] - from >= 0 && lagAt[i] - lags[i] - to <= 0;
            if (overlaps) {
                most = Math.max(most, lags[i]);
            }
        }
        return most;
    }

    /** On all threads: times in which nothing came on this one and nothing on the other. */
    void intersect(Stalls other) {
        List<Stall> both = new ArrayList<>();
        for (Stall a : found) {
            for (Stall b : other.found) {
                long from = Math.max(a.from, b.from);
                long to = Math.min(a.to, b.to);
                if (to - from >= LEAST) {
                    both.add(new Stall(from, to, a.connections + b.connections, Math.max(a.clientLag, b.clientLag)));
                }
            }
        }
        found.clear();
        found.addAll(both);
        forgotten += other.forgotten;
    }

    /** Those that are long beside what is usual, in order of time. */
    public List<Stall> list(long usualService) {
        long least = least(usualService);
        return found.stream().filter(stall -> stall.length() >= least).toList();
    }

    /** How long a silence must be if this is the usual service time. */
    public static long least(long usualService) {
        return Math.max(LEAST, USUAL_TIMES * usualService);
    }

    /** How many were found and not kept, the list being full of longer ones. */
    public long forgotten() {
        return forgotten;
    }
}
