package org.reactorserver.option;

/** A value that an option cannot have; the message names the option, the value and what is expected. */
public final class OptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String given;
    private final String expected;

    OptionException(String name, String methodName, String given, String expected) {
        super(methodName + " must be " + expected + ", not " + given);
        this.name = name;
        this.given = given;
        this.expected = expected;
    }

    /** What cannot have the value: an option's name, as it stands on the command line behind the dashes. */
    public String name() {
        return name;
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
