package org.reactorserver.loop;

/**
 * What a loop does, as a {@link Ring} notes it with a number and a value; the number is that of a session, 0 if it is
 * about none.
 */
enum Note {
    /** It is about to wait, for so many milliseconds at most; 0: as long as nothing happens. */
    SLEEP,
    /** A select returned at this time of the clock; its number is how many keys are ready. */
    PASS,
    /** A key is ready for these ops. */
    READY,
    /** The sessions with messages are given to the workers. */
    HAND_OFF,
    /** A letter is delivered. */
    LETTER,
    /** A timer fires, by so many nanoseconds late. */
    TIMER,
    /** A pollable is settled. */
    SETTLE,
    /** The pass is over, and took so many nanoseconds. */
    OVER;

    private static final int BITS = 8;
    private static final Note[] ALL = values();

    /** The note and the number in one word. */
    long with(long number) {
        return number << BITS | ordinal();
    }

    static Note of(long word) {
        return ALL[(int) (word & (1 << BITS) - 1)];
    }

    static long number(long word) {
        return word >> BITS;
    }
}
