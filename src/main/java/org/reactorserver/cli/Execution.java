package org.reactorserver.cli;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command's options and runs it; whatever goes wrong becomes one line and an exit code. */
final class Execution {
    private final Callable<Integer> command;
    private final String[] arguments;
    private final Environment environment;

    private Execution(Callable<Integer> command, String[] arguments, Environment environment) {
        this.command = command;
        this.arguments = arguments;
        this.environment = environment;
    }

    /** Runs the command with these options. Returns the exit code. */
    static int of(Callable<Integer> command, String[] arguments, Environment environment) {
        return new Execution(command, arguments, environment).run();
    }

    private int run() {
        try {
            CommandLine line = CommandLines.of(command).setDefaultValueProvider(new FromEnvironment());
            line.parseArgs(arguments);
            if (line.isUsageHelpRequested()) {
                System.out.print(HelpText.of(line));
                return 0;
            }
            if (line.isVersionHelpRequested()) {
                System.out.println(Version.line());
                return 0;
            }
            if (!(command instanceof ParsedServe)) { // which does so itself, when it knows how
                Commands.strays(environment).warn(OptionNames.ofVariables(line.getCommandSpec()));
            }
            return command.call();
        } catch (ParameterException e) {
            return Failure.ofUsage(explain(e));
        } catch (Exception e) {
            return Failure.print(e);
        }
    }

    /** What is not on the command line is taken from the environment, else it has its default. */
    private final class FromEnvironment implements IDefaultValueProvider {
        @Override
        public String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option ? fromEnvironment(option) : null;
        }
    }

    private String explain(ParameterException e) {
        if (e instanceof MissingParameterException missing
                && missing.getMissing().get(0).isPositional()) {
            return tooFew(e.getCommandLine().getCommandSpec());
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream()
                    .filter(argument -> argument.startsWith("-"))
                    .findFirst()
                    .map(option -> unknown(
                            option.replaceFirst("=.*", ""), e.getCommandLine().getCommandSpec()))
                    .orElseGet(() -> leftOver(
                            unmatched.getUnmatched(), e.getCommandLine().getCommandSpec()));
        }
        if (e.getArgSpec() instanceof PositionalParamSpec word) {
            return e.getMessage()
                    .replaceFirst("^Invalid value for positional parameter at index .*?: ", word.paramLabel() + ": ");
        }
        if (e.getArgSpec() instanceof OptionSpec option && fromEnvironment(option) != null) {
            return Sources.from(e.getMessage(), Environment.variable(option.longestName()));
        }
        return e.getMessage().replaceFirst("(?<=^[^:]{1,80}') at index \\d+(?= \\()", ""); // of those that take several
    }

    /** What counts of it: nothing if the option is on the command line, or cannot be told here. */
    private String fromEnvironment(OptionSpec option) {
        boolean isElsewhere = OptionNames.isTypedOnly(option)
                || Arrays.stream(arguments).anyMatch(argument -> isOf(option, argument));
        return isElsewhere ? null : environment.get(option.longestName());
    }

    /** {@code --port}, {@code --port=1}; {@code -p}, {@code -p1}, {@code -vp1}. */
    private static boolean isOf(OptionSpec option, String argument) {
        return Arrays.stream(option.names())
                .anyMatch(name -> name.startsWith("--")
                        ? argument.equals(name) || argument.startsWith(name + "=")
                        : argument.matches("-v*" + name.charAt(1) + ".*"));
    }

    /** Such as {@code client localhost 8888}. */
    private static String leftOver(List<String> words, CommandSpec spec) {
        List<PositionalParamSpec> taken = spec.positionalParameters();
        String options = spec.findOption("--port") == null ? "options only" : "options only, such as --port 8888";
        return "'%s' is not expected: %s takes %s"
                .formatted(
                        String.join(" ", words),
                        spec.name(),
                        taken.isEmpty()
                                ? options
                                : "no more than " + taken.get(0).paramLabel());
    }

    /** Such as {@code compare a.json}. */
    private String tooFew(CommandSpec spec) {
        PositionalParamSpec word = spec.positionalParameters().get(0);
        int least = word.arity().min();
        return "'%s' has too few arguments: expected %s"
                .formatted(
                        (spec.name() + " " + String.join(" ", arguments)).strip(),
                        least == 1 ? word.paramLabel() : "at least " + least + " of " + word.paramLabel());
    }

    private static String unknown(String name, CommandSpec spec) {
        List<String> meant = meant(name, spec);
        List<String> others = meant.isEmpty() ? commandsWith(name) : List.of();
        return "Unknown option: '" + name + "'"
                + (others.isEmpty() ? Nearest.question(meant) : ": it is one of " + String.join(", ", others));
    }

    /** The commands that have an option of that name. */
    private static List<String> commandsWith(String name) {
        return Commands.specs().stream()
                .filter(spec -> spec.findOption(name) != null)
                .map(CommandSpec::name)
                .toList();
    }

    /** What is on unless one says otherwise is turned off by its value, and not by a name of its own. */
    private static List<String> meant(String name, CommandSpec spec) {
        String denied = "--no-";
        OptionSpec positive = name.startsWith(denied) ? spec.findOption("--" + name.substring(denied.length())) : null;
        return positive != null && OptionNames.isFlag(positive)
                ? List.of(positive.longestName() + "=false")
                : Nearest.to(name, OptionNames.all(spec));
    }
}
