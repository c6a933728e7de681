package org.reactorserver.option;

import java.util.Objects;

/**
 * An option of a server: its name, meaning, values and default. Each of these is defined here only; the builder, the
 * command line and the report of the values in force read it from here. Immutable; any thread.
 *
 * @param <T> the values' type
 */
public final class Option<T> {
    /** What an option is about; the order is that of the help. */
    public enum Topic {
        /** Where it listens. */
        WHERE,
        /** What it does with messages. */
        WHAT,
        /** How much of anything it allows. */
        LIMITS,
        /** How long it allows things to take. */
        DEADLINES,
        /** Options of its sockets. */
        SOCKETS,
        /** How it is watched. */
        WATCHING
    }

    private final String name;
    private final Topic topic;
    private final Kind<T> kind;
    private final T standard;
    private final String otherwise;
    private final String meaning;

    /**
     * An option, for extensions that have some of their own.
     *
     * @param name as {@link #name}
     * @param standard the value that it has by itself; null if there is none, or it is worked out
     * @param otherwise what there is without it, for a person, if {@code standard} is null
     * @param meaning a sentence
     */
    public Option(String name, Topic topic, Kind<T> kind, T standard, String otherwise, String meaning) {
        this.name = name;
        this.topic = topic;
        this.kind = kind;
        this.standard = standard;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    /** As it stands on the command line behind the two dashes: {@code max-message}. */
    public String name() {
        return name;
    }

    /** As the builder's method is called: {@code maxMessage}. */
    public String methodName() {
        return OptionException.methodName(name);
    }

    public Topic topic() {
        return topic;
    }

    public Kind<T> kind() {
        return kind;
    }

    /** A sentence for a person. */
    public String meaning() {
        return meaning;
    }

    /** Its default; null if that is worked out when the server starts. */
    public T standard() {
        return standard;
    }

    /** {@link #standard}, or how it is worked out, for a person. */
    public String standardText() {
        return standard == null ? otherwise : kind.text(standard);
    }

    /**
     * The value, if it is allowed.
     *
     * @throws OptionException if it is not
     * @throws NullPointerException if it is null
     */
    public T check(T value) {
        Objects.requireNonNull(value, () -> "%s(null): expected %s".formatted(methodName(), kind.expected()));
        if (!kind.allows(value)) {
            throw OptionException.refused(name, value.toString(), kind.expected());
        }
        return value;
    }

    /**
     * Reads a value from a command line, a file or the environment.
     *
     * @throws OptionException if the text is no value, or one that is not allowed; it has the text as given
     */
    public T parse(String text) {
        T value = kind.parse(text);
        if (value != null && kind.allows(value)) {
            return value;
        }
        throw value != null || kind.isReadable(text)
                ? OptionException.refused(name, text, kind.expected())
                : OptionException.unusable(name, text, kind.misread(text));
    }

    /** The value as {@link #parse} reads it. */
    public String text(T value) {
        return kind.text(value);
    }

    /** {@code --max-message}. */
    @Override
    public String toString() {
        return "--" + name;
    }
}
