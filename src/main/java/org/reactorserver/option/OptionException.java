package org.reactorserver.option;

import java.util.function.Function;

/** A value that an option cannot have; the message names the option, the value and what is expected. */
public final class OptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Option<?> option;
    private final transient Problem problem;
    private final String given;

    /** What is wrong, in terms of one's own names of options. */
    private interface Problem {
        String text(Function<Option<?>, String> names);
    }

    private OptionException(Option<?> option, String given, Problem problem) {
        super(option.methodName() + " " + problem.text(Option::methodName));
        this.option = option;
        this.given = given;
        this.problem = problem;
    }

    /** A text that is no value. */
    static OptionException unreadable(Option<?> option, String given, String problem) {
        return new OptionException(option, given, names -> problem);
    }

    /** A value that the option cannot have at all; {@code expected} goes on after "must be". */
    static OptionException refused(Option<?> option, String given, String expected) {
        return new OptionException(option, given, names -> "must be " + expected + ", not " + given);
    }

    /** A value that the option cannot have beside another one's. */
    static OptionException beside(Option<?> option, String given, String relation, Option<?> other, String value) {
        return new OptionException(
                option,
                given,
                names -> "must be %s %s, which is %s, not %s".formatted(relation, names.apply(other), value, given));
    }

    /** What cannot have the value. */
    public Option<?> option() {
        return option;
    }

    /** The value as it was given. */
    public String given() {
        return given;
    }

    /**
     * What is wrong, as it goes on after the option's name: {@code must be from 1 to 9, not 10}.
     *
     * @param names how options are to be called
     */
    public String problem(Function<Option<?>, String> names) {
        return problem.text(names);
    }
}
