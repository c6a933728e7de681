package org.reactorserver;

import java.util.BitSet;

/** Tells the servers of this JVM apart that have no name: each that runs has a number. Any thread. */
final class ThreadNames {
    /** No number. */
    static final int NONE = -1;

    private static final BitSet TAKEN = new BitSet(); // guarded by the class

    private ThreadNames() {}

    /** The lowest number that is free; from 0. */
    static synchronized int take() {
        int number = TAKEN.nextClearBit(0);
        TAKEN.set(number);
        return number;
    }

    static synchronized void giveBack(int number) {
        if (number != NONE) {
            TAKEN.clear(number);
        }
    }

    /** What the names of this one's threads begin with. */
    static String of(int number) {
        return number == 0 ? "" : "server-" + (number + 1) + "-";
    }
}
