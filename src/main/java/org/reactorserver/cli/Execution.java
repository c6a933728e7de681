package org.reactorserver.cli;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command's options and runs it; whatever goes wrong becomes one line and an exit code. */
final class Execution {
    private Execution() {}

    /** Runs the command with these options. Returns the exit code. */
    static int of(Object command, String[] args) {
        return new CommandLine(command)
                .setDefaultValueProvider(new EnvironmentDefaults())
                .registerConverter(int.class, Execution::toInt)
                .registerConverter(Integer.class, Execution::toInt)
                .registerConverter(boolean.class, Execution::toBoolean)
                .setParameterExceptionHandler((e, given) -> Failure.print(2, explain(e, args)))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    if (e instanceof ParameterException usage) {
                        return Failure.print(2, explain(usage, args));
                    }
                    if (Verbosity.isVerbose()) {
                        e.printStackTrace();
                    }
                    return Failure.print(1, Failure.message(e));
                })
                .execute(args);
    }

    private static int toInt(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + value + "' is not a whole number");
        }
    }

    private static boolean toBoolean(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new TypeConversionException("'" + value + "' is neither true nor false");
        }
        return value.equals("true");
    }

    private static String explain(ParameterException e, String[] args) {
        String text = e.getMessage();
        Matcher about = Pattern.compile("for option '(--[a-z0-9-]+)'").matcher(text);
        if (about.find() && isFromEnvironment(about.group(1), args)) {
            text += ", which is from " + EnvironmentDefaults.variable(about.group(1));
        }
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            text += "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
        }
        return text + " (see --help)";
    }

    private static boolean isFromEnvironment(String option, String[] args) {
        return System.getenv(EnvironmentDefaults.variable(option)) != null
                && Arrays.stream(args).noneMatch(arg -> arg.equals(option) || arg.startsWith(option + "="));
    }
}
