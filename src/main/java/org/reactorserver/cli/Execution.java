package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.reactorserver.option.Figures;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
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
    private Sources sources;

    private Execution(Callable<Integer> command, String[] arguments, Environment environment) {
        this.command = command;
        this.arguments = arguments;
        this.environment = environment;
        this.sources = new Sources(arguments, environment, null);
    }

    /** Runs the command with these options. Returns the exit code. */
    static int of(Callable<Integer> command, String[] arguments, Environment environment) {
        return new Execution(command, arguments, environment).run();
    }

    /**
     * The parser's part ends before the command begins: a server whose jar has been replaced must not need
     * any more of the parser at its end.
     */
    private int run() {
        try {
            CommandLine line = parse();
            if (line.isUsageHelpRequested()) {
                System.out.print(HelpText.of(line));
                return 0;
            }
            if (line.isVersionHelpRequested()) {
                System.out.println(Version.line());
                return 0;
            }
            if (command instanceof ServeCommand serve) {
                serve.chooseLogFormat();
                serve.reread = this::reread;
            }
            warnOfTheEnvironment(line.getCommandSpec());
            return command.call();
        } catch (ParameterException e) {
            return Failure.print(2, explain(e) + " (see --help)");
        } catch (ConfigFile.Problem e) {
            return Failure.print(
                    2, "Invalid value for option '" + OptionNames.CONFIG + "': " + e.getMessage() + " (see --help)");
        } catch (Exception e) {
            if (Verbosity.isVerbose()) {
                e.printStackTrace();
            }
            return Failure.print(1, Failure.message(e));
        }
    }

    private Figures reread() throws ConfigFile.Problem {
        ServeCommand again = new ServeCommand();
        new Execution(again, arguments, environment).parse();
        return again.figures();
    }

    private CommandLine parse() throws ConfigFile.Problem {
        CommandLine line = CommandLines.of(command).setDefaultValueProvider(sources);
        line.parseArgs(arguments);
        OptionSpec config = line.getCommandSpec().findOption(OptionNames.CONFIG);
        if (config == null
                || config.getValue() == null
                || line.isUsageHelpRequested()
                || line.isVersionHelpRequested()) {
            return line;
        }
        ConfigFile file = ConfigFile.read(
                path(config.getValue()),
                OptionNames.settable(line.getCommandSpec()).stream()
                        .map(option -> Environment.key(option.longestName()))
                        .toList());
        sources = new Sources(arguments, environment, file);
        line.setDefaultValueProvider(sources);
        line.parseArgs(arguments); // anew, now that what is missing can be found
        return line;
    }

    private static Path path(String text) throws ConfigFile.Problem {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigFile.Problem("'" + text + "' is no path");
        }
    }

    private void warnOfTheEnvironment(CommandSpec spec) {
        if (environment.isEmpty()) {
            return;
        }
        List<String> foreign = environment.ofKubernetes();
        if (!foreign.isEmpty()) {
            LOG.warn(
                    "Kubernetes sets {} for its Service of that name: that is no option and is ignored"
                            + " (enableServiceLinks: false in the pod keeps it away)",
                    String.join(", ", foreign));
        }
        if (!environment.unknown(OptionNames.ofVariables(spec)).isEmpty()) {
            List<String> known = Commands.specs().stream() // a variable counts for all that have the option
                    .flatMap(each -> OptionNames.ofVariables(each).stream())
                    .toList();
            List<String> variables =
                    known.stream().map(Environment::variable).distinct().toList();
            for (String unknown : environment.unknown(known)) {
                LOG.warn(
                        "{} is the variable of no option and is ignored{}",
                        unknown,
                        Nearest.question(Nearest.to(unknown, variables)));
            }
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
        if (e.getArgSpec() instanceof OptionSpec option) {
            return switch (sources.level(option)) {
                case COMMAND_LINE, NONE -> e.getMessage();
                case ENVIRONMENT, FILE ->
                    e.getMessage()
                            + (e.getMessage().endsWith("?") ? " It is from " : ", which is from ")
                            + sources.origin(option);
            };
        }
        return e.getMessage();
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
