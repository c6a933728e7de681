package org.reactorserver.cli;

import java.util.Locale;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes an option that is not on the command line from the environment: {@code --max-message} from
 * {@code REACTOR_MAX_MESSAGE}. What is in neither has the default that {@code --help} shows.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
    /** Of every variable that is an option. */
    static final String PREFIX = "REACTOR_"; // a constant: to read it loads no class

    @Override
    public String defaultValue(ArgSpec argument) {
        if (argument instanceof OptionSpec option && !option.usageHelp()) {
            return System.getenv(variable(option.longestName()));
        }
        return null;
    }

    static String variable(String option) {
        return PREFIX + option.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
