package org.reactorserver.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a command's options are called where they are typed, and which of them can be told elsewhere too. */
final class OptionNames {
    private OptionNames() {}

    /** All of them, each by the longest name that it has. */
    static List<String> all(CommandSpec spec) {
        return names(spec.options());
    }

    /** Those whose variables in the environment count. */
    static List<String> ofVariables(CommandSpec spec) {
        return names(
                spec.options().stream().filter(option -> !isTypedOnly(option)).toList());
    }

    private static List<String> names(List<OptionSpec> options) {
        return options.stream().map(OptionSpec::longestName).toList();
    }

    /** Whether it is for a command line alone. */
    static boolean isTypedOnly(OptionSpec option) {
        return option.usageHelp()
                || option.versionHelp()
                || option.longestName().equals(ServeOptions.PRINT_CONFIG.toString());
    }

    /** Whether it may stand without a value, and means "true" then. */
    static boolean isFlag(OptionSpec option) {
        return option.arity().max() == 0 || "true".equals(option.fallbackValue());
    }
}
