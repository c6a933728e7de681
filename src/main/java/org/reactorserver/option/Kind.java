package org.reactorserver.option;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;

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

    /**
     * What stands between several values in one text; null if an option has one value only. Where an option can be
     * given more than once, all of what was given counts.
     */
    public String separator() {
        return null;
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
                return "'" + text + "' is not a whole number " + expected();
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
    public static Kind<Duration> duration() {
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
    public static Kind<Boolean> flag() {
        return new Truth("true|false");
    }

    /** On if it is given, without a value, and so with no label; an empty text is off. */
    public static Kind<Boolean> presence() {
        return new Truth("");
    }

    private static final class Truth extends Kind<Boolean> {
        Truth(String label) {
            super(label);
        }

        @Override
        String expected() {
            return "true or false";
        }

        @Override
        Boolean parse(String text) {
            boolean isOff = text.equals("false") || text.isEmpty() && label().isEmpty();
            return text.equals("true") ? Boolean.TRUE : isOff ? Boolean.FALSE : null;
        }

        @Override
        String misread(String text) {
            return "'" + text + "' is neither true nor false";
        }

        @Override
        String text(Boolean value) {
            return value.toString();
        }
    }

    /** A charset in which one can also write. */
    static Kind<Charset> charset() {
        return new Kind<>("CHARSET") {
            @Override
            String expected() {
                return "a charset that can also encode";
            }

            @Override
            Charset parse(String text) {
                try {
                    return Charset.forName(text);
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }

            @Override
            String misread(String text) {
                return "'" + text + "' is not a charset that this JVM knows, such as UTF-8, GBK or ISO-8859-1";
            }

            @Override
            String text(Charset value) {
                return value.name();
            }

            @Override
            boolean allows(Charset value) {
                return value.canEncode();
            }
        };
    }

    /** Where to listen at a TCP port. */
    public static Kind<Endpoint> tcp() {
        return new Kind<>("HOST:PORT") {
            @Override
            String expected() {
                return "HOST:PORT or [IPV6]:PORT";
            }

            @Override
            Endpoint parse(String text) {
                try {
                    Listen place = Listen.parse(text);
                    boolean isTcp = place.endpoint().kind() == Endpoint.Kind.TCP;
                    return isTcp && !place.tls() && !place.proxy() ? place.endpoint() : null;
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }

            @Override
            String text(Endpoint value) {
                return value.toString();
            }
        };
    }

    /** Any text but an empty one. */
    public static Kind<String> words(String label) {
        return new Kind<>(label) {
            @Override
            String expected() {
                return "a text that is not empty";
            }

            @Override
            String parse(String text) {
                return text.isEmpty() ? null : text;
            }

            @Override
            String text(String value) {
                return value;
            }
        };
    }

    /** One of a few words. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
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

    /** A time span of whole seconds, as the kernel has it. */
    static Kind<Duration> seconds(int most) {
        Kind<Duration> any = duration();
        return new Kind<>("DURATION") {
            @Override
            String expected() {
                return "whole seconds, from 1s to " + Durations.text(Duration.ofSeconds(most));
            }

            @Override
            Duration parse(String text) {
                return any.parse(text);
            }

            @Override
            String misread(String text) {
                return any.misread(text);
            }

            @Override
            String text(Duration value) {
                return any.text(value);
            }

            @Override
            boolean allows(Duration value) {
                return value.getNano() == 0 && value.getSeconds() >= 1 && value.getSeconds() <= most;
            }
        };
    }

    /** Permissions of a file, in octal as {@code chmod} has them. */
    static Kind<Integer> mode() {
        return new Kind<>("MODE") {
            @Override
            String expected() {
                return "from 0000 to 0777";
            }

            @Override
            Integer parse(String text) {
                return text.matches("0?[0-7]{3}") ? Integer.valueOf(text, 8) : null;
            }

            @Override
            String misread(String text) {
                return "'" + text + "' is no mode such as 0660 or 600";
            }

            @Override
            String text(Integer value) {
                return "%04o".formatted(value);
            }

            @Override
            boolean allows(Integer value) {
                return value >= 0 && value <= 0777;
            }
        };
    }

    /**
     * Whatever a text can be read as.
     *
     * @param one reads it; throws an IllegalArgumentException with a clause that says what is wrong with it
     */
    public static <T> Kind<T> read(String label, Function<String, T> one) {
        return new Read<>(label, label, one);
    }

    /**
     * One or more of something.
     *
     * @param separator what stands between two of them; blanks around it do not count
     * @param form what one of them is, as it goes on after "expected"
     * @param one reads one, as {@link #read} has it
     */
    public static <E> Kind<List<E>> list(String label, String separator, String form, Function<String, E> one) {
        String between = "\\s*" + (separator.isBlank() ? "\\s" : separator) + "\\s*";
        return new Read<>(
                label,
                "one or more of " + form,
                text -> Arrays.stream(text.strip().split(between, -1)).map(one).toList()) {
            @Override
            public String separator() {
                return separator;
            }

            @Override
            String text(List<E> value) {
                return value.stream().map(Object::toString).collect(Collectors.joining(separator));
            }

            @Override
            boolean allows(List<E> value) {
                return !value.isEmpty();
            }
        };
    }

    private static class Read<T> extends Kind<T> {
        private final String expected;
        private final Function<String, T> reader;

        Read(String label, String expected, Function<String, T> reader) {
            super(label);
            this.expected = expected;
            this.reader = reader;
        }

        @Override
        final String expected() {
            return expected;
        }

        @Override
        final T parse(String text) {
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        @Override
        final String misread(String text) {
            try {
                throw new AssertionError("can be read: " + reader.apply(text));
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        }

        @Override
        String text(T value) {
            return value.toString();
        }
    }
}
