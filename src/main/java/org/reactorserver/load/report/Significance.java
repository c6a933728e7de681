package org.reactorserver.load.report;

import java.util.Arrays;
import java.util.Random;

/** How probable a difference is if there is none. */
final class Significance {
    /** A difference that comes by chance more often than this is none. */
    static final double LEVEL = 0.01;

    private static final int MOST_ENUMERATED = 200_000;
    private static final int SHUFFLES = 50_000;

    private Significance() {}

    /**
     * Of all ways to deal these values out to two groups of these sizes, the share of those in which the groups differ
     * at least as much, by the sum of their ranks (Wilcoxon 1945, Mann and Whitney 1947): two-sided, exact as long as
     * there are no more than 200,000 ways, else by 50,000 of them. Nothing is supposed of how values are distributed.
     */
    static double ofRanks(double[] a, double[] b) {
        double[] ranks = ranks(a, b);
        double expected = a.length * (ranks.length + 1) / 2.0;
        double seen = Math.abs(sum(ranks, a.length) - expected) - 1e-9;
        if (ways(a.length, b.length) <= MOST_ENUMERATED) {
            long[] counts = new long[2]; // as far off, and all
            deal(ranks, 0, a.length, 0, expected, seen, counts);
            return (double) counts[0] / counts[1];
        }
        Random random = new Random(1);
        int asFar = 0;
        for (int i = 0; i < SHUFFLES; i++) {
            for (int j = 0; j < a.length; j++) {
                int other = j + random.nextInt(ranks.length - j);
                double rank = ranks[j];
                ranks[j] = ranks[other];
                ranks[other] = rank;
            }
            asFar += Math.abs(sum(ranks, a.length) - expected) >= seen ? 1 : 0;
        }
        return (asFar + 1.0) / (SHUFFLES + 1); // what was seen is one of the ways
    }

    /** In how many ways so many values are dealt out. */
    static double ways(int a, int b) {
        double ways = 1;
        for (int i = 1; i <= Math.min(a, b); i++) {
            ways *= (double) (a + b - i + 1) / i;
        }
        return Math.rint(ways);
    }

    private static void deal(
            double[] ranks, int from, int missing, double sum, double expected, double seen, long[] counts) {
        if (missing == 0) {
            counts[0] += Math.abs(sum - expected) >= seen ? 1 : 0;
            counts[1]++;
            return;
        }
        for (int i = from; i <= ranks.length - missing; i++) {
            deal(ranks, i + 1, missing - 1, sum + ranks[i], expected, seen, counts);
        }
    }

    /** From 1; equal values share the mean of their ranks. */
    private static double[] ranks(double[] a, double[] b) {
        double[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        double[] ranks = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            double value = all[i];
            long less = Arrays.stream(all).filter(other -> other < value).count();
            long equal = Arrays.stream(all).filter(other -> other == value).count();
            ranks[i] = less + (equal + 1) / 2.0;
        }
        return ranks;
    }

    private static double sum(double[] values, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        return sum;
    }

    /**
     * How probable it is that so many or more of all events fall to one side, if each does so with this probability.
     */
    static double ofCounts(long events, long onThisSide, double probability) {
        double tail = 0;
        double logarithm = events * Math.log1p(-probability); // of the probability of k
        for (long k = 0; k <= events; k++) {
            if (k >= onThisSide) {
                tail += Math.exp(logarithm);
            }
            logarithm += Math.log((double) (events - k) / (k + 1)) + Math.log(probability) - Math.log1p(-probability);
        }
        return Math.min(1, tail);
    }
}
