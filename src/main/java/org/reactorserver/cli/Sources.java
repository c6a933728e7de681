package org.reactorserver.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.reactorserver.option.Option;
import org.reactorserver.option.OptionException;
import org.reactorserver.option.Values;

/**
 * Where an option of {@code serve} has its value from: the command line, else the environment, else the file. What is
 * in none has its default.
 */
final class Sources {
    /** The first of these that has a value counts. */
    enum Level {
        COMMAND_LINE,
        ENVIRONMENT,
        FILE,
        NONE
    }

    private final Map<Option<?>, String> typed;
    private final Environment environment;
    private final ConfigFile file; // null: none

    /** Knows where to look: in the file too, if there is one. */
    Sources(Map<Option<?>, String> typed, Environment environment) throws ConfigFile.Problem {
        this.typed = typed;
        this.environment = environment;
        String config = typed.getOrDefault(ServeOptions.CONFIG, environment.get(ServeOptions.CONFIG.toString()));
        this.file = config == null
                ? null
                : ConfigFile.read(
                        path(config),
                        ServeOptions.OF_FILES.stream().map(Option::name).toList());
    }

    private static Path path(String text) throws ConfigFile.Problem {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigFile.Problem("'" + text + "' is no path");
        }
    }

    /** The same, read anew. */
    Sources again() throws ConfigFile.Problem {
        return new Sources(typed, environment);
    }

    /**
     * What all options are told.
     *
     * @throws OptionException if one cannot have its value
     */
    Values values() {
        Values values = Values.NONE;
        for (Option<?> option : ServeOptions.ALL) {
            values = with(values, option);
        }
        return values;
    }

    private <T> Values with(Values values, Option<T> option) {
        String text = text(option);
        return text == null ? values : values.with(option, option.parse(text));
    }

    /** What is wrong with a value, in terms of the command line, and where it is from. */
    String explain(OptionException e) {
        Option<?> option = ServeOptions.named("--" + e.name());
        return switch (level(option)) {
            case COMMAND_LINE, NONE -> invalid(e);
            case ENVIRONMENT, FILE -> from(invalid(e), origin(option));
        };
    }

    /** What is wrong, and where that is from. */
    static String from(String problem, String origin) {
        return problem + (problem.endsWith("?") ? " It is from " : ", which is from ") + origin;
    }

    /** What is wrong with a value, in terms of the command line. */
    static String invalid(OptionException e) {
        return "Invalid value for option '--" + e.name() + "': " + e.problem(name -> "--" + name);
    }

    /** Where the option has its value from. */
    Level level(Option<?> option) {
        if (typed.containsKey(option)) {
            return Level.COMMAND_LINE;
        } else if (option == ServeOptions.PRINT_CONFIG) {
            return Level.NONE;
        } else if (environment.get(option.toString()) != null) {
            return Level.ENVIRONMENT;
        }
        return file != null && file.get(option.name()) != null ? Level.FILE : Level.NONE;
    }

    /** What it is told there; null if it is told nowhere. */
    String text(Option<?> option) {
        return switch (level(option)) {
            case COMMAND_LINE -> typed.get(option);
            case ENVIRONMENT -> environment.get(option.toString());
            case FILE -> file.get(option.name());
            case NONE -> null;
        };
    }

    /** Where it is from for a person, as it goes on after "from"; empty if it is set nowhere. */
    String origin(Option<?> option) {
        return switch (level(option)) {
            case COMMAND_LINE -> "the command line";
            case ENVIRONMENT -> Environment.variable(option.toString());
            case FILE -> file.origin(option.name());
            case NONE -> "";
        };
    }
}
