package org.reactorserver.exercise;

/** Why a solution is not right: as a rule what a client saw. */
class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final transient Object[] values;

    /**
     * One with a text from the words.
     *
     * @param values what goes into it
     */
    Fault(String key, Object... values) {
        super(key);
        this.key = key;
        this.values = values;
    }

    String key() {
        return key;
    }

    Object[] values() {
        return values;
    }
}
