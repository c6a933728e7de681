package org.reactorserver.cli;

import java.util.Locale;
import org.reactorserver.text.Words;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option for the language of a command's messages. */
final class Language {
    static final String LABEL = "en|zh";
    static final String MEANING = "Speak English or Chinese. Default: Chinese in a Chinese locale, else English.";

    private static final String NAME = "--lang";

    @Option(names = NAME, paramLabel = LABEL, converter = Converter.class, description = MEANING)
    Locale given; // checked here; what it says was chosen before

    private static volatile Locale inForce = Locale.ENGLISH;

    /** What the process speaks, once it is {@link #choose chosen}. */
    static Locale inForce() {
        return inForce;
    }

    /**
     * Chooses before the options are parsed, since what is wrong with them is said in it too.
     *
     * @param arguments as they were typed
     */
    static void choose(String[] arguments, Environment environment) {
        Locale asked = named(environment.get(NAME));
        for (int i = 0; i < arguments.length; i++) {
            String value = arguments[i].startsWith(NAME + "=")
                    ? arguments[i].substring(NAME.length() + 1)
                    : arguments[i].equals(NAME) && i + 1 < arguments.length ? arguments[i + 1] : null;
            asked = named(value) == null ? asked : named(value);
        }
        inForce = asked == null ? ofTheLocale() : asked;
    }

    private static Locale ofTheLocale() {
        return Words.isChinese(Locale.getDefault(Locale.Category.DISPLAY)) ? Locale.CHINESE : Locale.ENGLISH;
    }

    /** Null if it is none. */
    private static Locale named(String value) {
        if (value == null) {
            return null;
        }
        return switch (value) {
            case "en" -> Locale.ENGLISH;
            case "zh" -> Locale.CHINESE;
            default -> null;
        };
    }

    /**
     * That of this name.
     *
     * @throws IllegalArgumentException if it is none; the message says which there are
     */
    static Locale read(String value) {
        Locale locale = named(value);
        if (locale == null) {
            throw new IllegalArgumentException("'" + value + "': expected en or zh");
        }
        return locale;
    }

    static final class Converter implements ITypeConverter<Locale> {
        @Override
        public Locale convert(String value) {
            try {
                return read(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
