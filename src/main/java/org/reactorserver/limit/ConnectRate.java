package org.reactorserver.limit;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * How many new connections a second one client may make: a bucket of {@link Rate} for each {@link ClientKey}, in a
 * table of a fixed size that is allocated at once, {@value #CLIENTS} clients in 768 KiB.
 *
 * <p>A client whose bucket is full needs no place, for a full bucket is what one begins with. So a place is free for
 * the next one as soon as its client has been quiet for long enough, a second at most. A client may stand in one of
 * eight places, by a hash with a secret seed, so that no client can choose which one is forgotten. <b>At the limit</b>,
 * with eight clients in the same places that all have connected within the last second, the one among them whose bucket
 * is nearest to full is forgotten, and begins anew with a full one. So a client with very many addresses gets more
 * connections than the rate times their number, others never get fewer, and memory and time stay constant: that is what
 * {@code --max-connections} and access lists are for. Loop only.
 */
public final class ConnectRate {
    /** How many clients are remembered. */
    public static final int CLIENTS = 32_768;

    private static final int PLACES = 8;
    private static final int SETS = CLIENTS / PLACES;

    private final Rate rate;
    private final long seed;
    private final long[] highs = new long[CLIENTS];
    private final long[] lows = new long[CLIENTS];
    private final long[] fullAt = new long[CLIENTS];

    /**
     * Remembers no address yet.
     *
     * @param rate new connections a second of each
     * @param seed of the hash; no two servers should have the same
     * @param now the loop's time
     */
    public ConnectRate(Rate rate, long seed, long now) {
        this.rate = rate;
        this.seed = seed;
        Arrays.fill(fullAt, now); // a full bucket of some client is no bucket
    }

    /**
     * Counts a new connection if it is admitted.
     *
     * @param client as {@link ClientKey#of} has it; null for one without address, which always may
     * @return whether it may
     */
    public boolean admits(InetAddress client, long now) {
        if (client == null) {
            return true;
        }
        byte[] bytes = client.getAddress();
        long high = Cidr.high(bytes);
        long low = Cidr.low(bytes);
        int place = place(high, low, now);
        if (rate.tokens(fullAt[place], now) == 0) {
            return false;
        }
        fullAt[place] = rate.take(1, fullAt[place], now);
        return true;
    }

    /** The client's place; if it has none, that of the fullest bucket among those where it may stand. */
    private int place(long high, long low, long now) {
        int first = (int) (hash(high, low) & SETS - 1) * PLACES;
        int fullest = first;
        for (int i = first; i < first + PLACES; i++) {
            if (highs[i] == high && lows[i] == low) {
                return i;
            }
            if (fullAt[i] - fullAt[fullest] < 0) {
                fullest = i;
            }
        }
        highs[fullest] = high;
        lows[fullest] = low;
        fullAt[fullest] = now;
        return fullest;
    }

    /** Mixes all bits into the lowest ones (the finalizer of SplitMix64). */
    private long hash(long high, long low) {
        return mix(mix(high ^ seed) + low);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
