package org.reactorserver.testkit.net;

/** Every decision of a simulation, from one seed; the same on every JDK. */
public final class Dice {
    private long state;

    /** The same seed gives the same throws. */
    public Dice(long seed) {
        state = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    }

    private long next() { // SplitMix64
        long z = state += 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** From 0 to less than the bound. */
    public int below(int bound) {
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    /** From the lowest to the highest, both included. */
    public int between(int lowest, int highest) {
        return lowest + below(highest - lowest + 1);
    }

    /** True once in so many throws; never if that is 0. */
    public boolean oneIn(int throwCount) {
        return throwCount > 0 && below(throwCount) == 0;
    }

    /** One of these, each as likely. */
    public int pick(int... values) {
        return values[below(values.length)];
    }

    /** One of these, each as likely. */
    @SafeVarargs
    public final <T> T any(T... values) {
        return values[below(values.length)];
    }
}
