package org.reactorserver.option;

import java.time.Duration;
import java.util.List;

/**
 * What an option's values are: how they are read and written, and which are allowed. Immutable; any thread.
 *
 * @param <T> the values' type
 */
public abstract class Kind<T> {
    private final String label;

    Kind(String label) {
        this.label = label;
    }

    /** What stands for a value where the option is described: {@code N}, {@code SIZE}. */
    public final String label() {
        return label;
    }

    /** What is allowed: a clause that goes on after "must be". */
    abstract String expected();

    /** Reads a value; null if the text is none. */
    abstract T parse(String text);

    /** Whether the text has the form of a value, though it may be one that {@link #parse} cannot hold. */
    boolean isReadable(String text) {
        return parse(text) != null;
    }

    /** What to say of a text that has not: a clause with what is expected. */
    String misread(String text) {
        return "'" + text + "': expected " + expected();
    }

    /** The value as {@link #parse} reads it. */
    abstract String text(T value);

    /** Whether the option can have this value. */
    boolean allows(T value) {
        return true;
    }

    /** A whole number of things. */
    static Kind<Integer> count(int least, int most) {
        return new Kind<>("N") {
            @Override
            String expected() {
                return "from " + least + " to " + most;
            }

            @Override
            Integer parse(String text) {
                try {
                    return Integer.valueOf(text);
                } catch (NumberFormatException e) {
                    return null; // no number, or none that an int can hold, which is none that is allowed
                }
            }

            @Override
            boolean isReadable(String text) {
                return text.matches("-?[0-9]+");
            }

            @Override
            String misread(String text) {
                return "'" + text + "' is not a whole number";
            }

            @Override
            String text(Integer value) {
                return value.toString();
            }

            @Override
            boolean allows(Integer value) {
                return value >= least && value <= most;
            }
        };
    }

    /** A number of bytes. */
    static Kind<Long> size(long least, long most) {
        return new Kind<>("SIZE") {
            @Override
            String expected() {
                return "from " + Sizes.text(least) + " to " + Sizes.text(most);
            }

            @Override
            Long parse(String text) {
                return Sizes.parse(text);
            }

            @Override
            boolean isReadable(String text) {
                return Sizes.isSize(text);
            }

            @Override
            String misread(String text) {
                return Sizes.misread(text);
            }

            @Override
            String text(Long value) {
                return Sizes.text(value);
            }

            @Override
            boolean allows(Long value) {
                return value >= least && value <= most;
            }
        };
    }

    /** A time span, not negative. Spans of more than a hundred years are taken as a hundred years. */
    static Kind<Duration> duration() {
        return new Kind<>("DURATION") {
            @Override
            String expected() {
                return "zero or more";
            }

            @Override
            Duration parse(String text) {
                return Durations.parse(text);
            }

            @Override
            String misread(String text) {
                return Durations.misread(text);
            }

            @Override
            String text(Duration value) {
                return Durations.text(value);
            }

            @Override
            boolean allows(Duration value) {
                return !value.isNegative();
            }
        };
    }

    /** On or off. */
    static Kind<Boolean> flag() {
        return new Kind<>("true|false") {
            @Override
            String expected() {
                return "true or false";
            }

            @Override
            Boolean parse(String text) {
                return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
            }

            @Override
            String misread(String text) {
                return "'" + text + "' is neither true nor false";
            }

            @Override
            String text(Boolean value) {
                return value.toString();
            }
        };
    }

    /** Any text. */
    static Kind<String> words(String label) {
        return new Kind<>(label) {
            @Override
            String expected() {
                return "a text";
            }

            @Override
            String parse(String text) {
                return text;
            }

            @Override
            String text(String value) {
                return value;
            }
        };
    }

    /** One of a few words. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        List<String> words = java.util.Arrays.stream(type.getEnumConstants())
                .map(each -> each.name().toLowerCase(java.util.Locale.ROOT))
                .toList();
        return new Kind<>(String.join("|", words)) {
            @Override
            String expected() {
                return String.join(" or ", words);
            }

            @Override
            E parse(String text) {
                int at = words.indexOf(text);
                return at < 0 ? null : type.getEnumConstants()[at];
            }

            @Override
            String text(E value) {
                return words.get(value.ordinal());
            }
        };
    }
}
