package org.reactorserver.exercise;

/** Why a file could not be run, so that no client has seen anything. */
final class Unfit extends Fault {
    private static final long serialVersionUID = 1L;

    /**
     * One with a text from the words.
     *
     * @param values what goes into it
     */
    Unfit(String key, Object... values) {
        super(key, values);
    }
}
