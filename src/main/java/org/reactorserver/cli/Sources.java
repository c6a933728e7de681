package org.reactorserver.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where an option's value comes from: the command line, else the environment, else the file. What is in none has
 * the default that {@code --help} shows. Without lambdas, see {@link PlainConverter}.
 */
final class Sources implements IDefaultValueProvider {
    /** The first of these that has a value counts. */
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
        if (!(argument instanceof OptionSpec option) || OptionNames.isTypedOnly(option)) {
            return null;
        }
        String fromEnvironment = environment.get(option.longestName());
        return fromEnvironment != null || file == null
                ? fromEnvironment
                : file.get(Environment.key(option.longestName()));
    }

    /** Where the option has its value from. */
    Level level(OptionSpec option) {
        String name = option.longestName();
        for (String argument : arguments) {
            if (isOf(option, argument)) {
                return Level.COMMAND_LINE;
            }
        }
        if (environment.get(name) != null) {
            return Level.ENVIRONMENT;
        }
        return file != null && file.get(Environment.key(name)) != null ? Level.FILE : Level.NONE;
    }

    /** {@code --port}, {@code --port=1}; {@code -p}, {@code -p1}, {@code -vp1}. */
    private static boolean isOf(OptionSpec option, String argument) {
        for (String name : option.names()) {
            boolean isIt = name.startsWith("--")
                    ? argument.equals(name) || argument.startsWith(name + "=")
                    : argument.matches("-v*" + name.charAt(1) + ".*");
            if (isIt) {
                return true;
            }
        }
        return false;
    }

    /** The same for a person, as it goes on after "from"; empty if it is set nowhere. */
    String origin(OptionSpec option) {
        return switch (level(option)) {
            case COMMAND_LINE -> "the command line";
            case ENVIRONMENT -> Environment.variable(option.longestName());
            case FILE -> file.origin(Environment.key(option.longestName()));
            case NONE -> "";
        };
    }
}
