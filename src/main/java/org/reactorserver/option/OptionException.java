package org.reactorserver.option;

/** A value that an option cannot have; the message names the option, the value and what is expected. */
public final class OptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Option<?> option;
    private final String given;
    private final String expected;

    OptionException(Option<?> option, String given, String expected) {
        super(option.methodName() + " must be " + expected + ", not " + given);
        this.option = option;
        this.given = given;
        this.expected = expected;
    }

    /** What cannot have the value. */
    public Option<?> option() {
        return option;
    }

    /** The value as it was given. */
    public String given() {
        return given;
    }

    /** What would have been right: a clause that goes on after "must be". */
    public String expected() {
        return expected;
    }
}
