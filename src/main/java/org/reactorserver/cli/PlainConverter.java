package org.reactorserver.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads numbers and truths, and says of what is none what it is not. A class, and without lambdas in it, as is all that
 * implements the parser's interfaces: they are so old that an archive of classes cannot have lambdas of them or in
 * them, and that JDK 17 crashes over the former.
 */
final class PlainConverter<T> implements ITypeConverter<T> {
    static final PlainConverter<Integer> INT = new PlainConverter<>(Integer.class, "is not a whole number");
    static final PlainConverter<Long> LONG = new PlainConverter<>(Long.class, "is not a whole number");
    static final PlainConverter<Double> DOUBLE = new PlainConverter<>(Double.class, "is not a number");
    static final PlainConverter<Boolean> TRUTH = new PlainConverter<>(Boolean.class, "is neither true nor false");

    private final Class<T> type;
    private final String problem;

    private PlainConverter(Class<T> type, String problem) {
        this.type = type;
        this.problem = problem;
    }

    @Override
    public T convert(String text) {
        try {
            return type.cast(read(text));
        } catch (IllegalArgumentException e) { // a NumberFormatException is one
            boolean isTooLarge = type != Double.class && text.matches("-?[0-9]+");
            throw new TypeConversionException(isTooLarge ? range(text) : "'" + text + "' " + problem);
        }
    }

    private String range(String text) {
        boolean isInt = type == Integer.class;
        return text.startsWith("-")
                ? "must be at least " + (isInt ? Integer.MIN_VALUE : Long.MIN_VALUE) + ", not " + text
                : "must be at most " + (isInt ? Integer.MAX_VALUE : Long.MAX_VALUE) + ", not " + text;
    }

    private Object read(String text) {
        if (type == Integer.class) {
            return Integer.valueOf(text);
        } else if (type == Long.class) {
            return Long.valueOf(text);
        } else if (type == Double.class) {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } else if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        throw new IllegalArgumentException(text);
    }
}
