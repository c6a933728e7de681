package org.reactorserver.option;

import java.util.function.UnaryOperator;

/** A value that an option cannot have; the message names the option, the value and what is expected. */
public final class OptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, in terms of one's own names of options. */
    private interface Problem {
        String text(UnaryOperator<String> names);
    }

    private final String name;
    private final String given;
    private final transient Problem problem;

    private OptionException(String name, String given, Problem problem) {
        super(methodName(name) + " " + problem.text(OptionException::methodName));
        this.name = name;
        this.given = given;
        this.problem = problem;
    }

    /** A text that is no value, or a value of which nothing can be made; {@code problem} goes on after the name. */
    public static OptionException unusable(String name, String given, String problem) {
        return new OptionException(name, given, names -> problem);
    }

    /** A value that the option cannot have at all; {@code expected} goes on after "must be". */
    public static OptionException refused(String name, String given, String expected) {
        return new OptionException(name, given, names -> "must be " + expected + ", not " + given);
    }

    /** A value that the option cannot have beside another one's. */
    static OptionException beside(String name, String given, String relation, String other, String value) {
        return new OptionException(
                name,
                given,
                names -> "must be %s %s, which is %s, not %s".formatted(relation, names.apply(other), value, given));
    }

    /** A value that has no meaning without another option's, whose purpose goes on after "for". */
    public static OptionException needs(String name, String given, String other, String meaning) {
        return new OptionException(name, given, names -> "needs %s, for %s".formatted(names.apply(other), meaning));
    }

    /** An option that cannot be given at all beside another one, whose meaning goes on after "which". */
    static OptionException excluded(String name, String given, String other, String meaning) {
        return new OptionException(
                name, given, names -> "cannot be given beside %s, which %s".formatted(names.apply(other), meaning));
    }

    /** How the builder's method is called that sets an option: {@code maxMessage} for {@code max-message}. */
    static String methodName(String name) {
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            camel.append(c == '-' ? Character.toUpperCase(name.charAt(++i)) : c);
        }
        return camel.toString();
    }

    /** What cannot have the value: an option's name, as it stands on the command line behind the dashes. */
    public String name() {
        return name;
    }

    /** The value as it was given. */
    public String given() {
        return given;
    }

    /**
     * What is wrong, as it goes on after the option's name: {@code must be from 1 to 9, not 10}.
     *
     * @param names how options are to be called, of which it is given the names
     */
    public String problem(UnaryOperator<String> names) {
        return problem.text(names);
    }
}
