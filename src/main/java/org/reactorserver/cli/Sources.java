package org.reactorserver.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where an option's value comes from: the command line, else the environment, else the file. What is in none has
 * the default that {@code --help} shows.
 */
final class Sources implements IDefaultValueProvider {
    /** The nearer to the one who types, the more it counts. */
    enum Level {
        COMMAND_LINE,
        ENVIRONMENT,
        FILE,
        NONE
    }

    private final List<String> arguments;
    private final Environment environment;
    private final ConfigFile file;

    /**
     * Knows where to look.
     *
     * @param file null for none
     */
    Sources(String[] arguments, Environment environment, ConfigFile file) {
        this.arguments = List.of(Arrays.copyOf(arguments, arguments.length));
        this.environment = environment;
        this.file = file;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp()) {
            return null;
        }
        String fromEnvironment = environment.get(option.longestName());
        return fromEnvironment != null || file == null
                ? fromEnvironment
                : file.get(Environment.key(option.longestName()));
    }

    /** Where the option, {@code --max-message}, has its value from. */
    Level level(String option) {
        for (String argument : arguments) {
            if (argument.equals(option) || argument.startsWith(option + "=")) {
                return Level.COMMAND_LINE;
            }
        }
        if (environment.get(option) != null) {
            return Level.ENVIRONMENT;
        }
        return file != null && file.get(Environment.key(option)) != null ? Level.FILE : Level.NONE;
    }

    /** The same for a person, as it goes on after what is wrong with the value; nothing if that can be seen. */
    String origin(String option) {
        return switch (level(option)) {
            case COMMAND_LINE, NONE -> "";
            case ENVIRONMENT -> ", which is from " + Environment.variable(option);
            case FILE -> ", which is from " + file.origin(Environment.key(option));
        };
    }
}
