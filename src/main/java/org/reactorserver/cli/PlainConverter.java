package org.reactorserver.cli;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads numbers and truths, and says of what is none what it is not. A class, as is all that implements the parser's
 * interfaces: they are so old that an archive of classes cannot have lambdas of them, and JDK 17 crashes over it.
 */
final class PlainConverter<T> implements ITypeConverter<T> {
    static final PlainConverter<Integer> INT = new PlainConverter<>(Integer::valueOf, "is not a whole number");
    static final PlainConverter<Long> LONG = new PlainConverter<>(Long::valueOf, "is not a whole number");
    static final PlainConverter<Double> DOUBLE = new PlainConverter<>(Double::valueOf, "is not a number");
    static final PlainConverter<Boolean> TRUTH =
            new PlainConverter<>(PlainConverter::truth, "is neither true nor false");

    private final Function<String, T> read;
    private final String problem;

    private PlainConverter(Function<String, T> read, String problem) {
        this.read = read;
        this.problem = problem;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    @Override
    public T convert(String text) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) { // a NumberFormatException is one
            throw new TypeConversionException("'" + text + "' " + problem);
        }
    }
}
