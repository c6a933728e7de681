package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.reactorserver.option.Figures;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command's options and runs it; whatever goes wrong becomes one line and an exit code. */
final class Execution {
    private static final String CONFIG = "--config";

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
                line.usage(System.out);
                return 0;
            }
            warnOfTheEnvironment(line.getCommandSpec());
            if (command instanceof ServeCommand serve) {
                serve.reread = this::reread;
            }
            return command.call();
        } catch (ParameterException e) {
            return Failure.print(2, explain(e));
        } catch (ConfigFile.Problem e) {
            return Failure.print(2, "Invalid value for option '" + CONFIG + "': " + e.getMessage() + " (see --help)");
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
        CommandLine line = commandLine(command).setDefaultValueProvider(sources);
        line.parseArgs(arguments);
        OptionSpec config = line.getCommandSpec().findOption(CONFIG);
        if (config == null || config.getValue() == null || line.isUsageHelpRequested()) {
            return line;
        }
        sources = new Sources(arguments, environment, ConfigFile.read(path(config.getValue()), keys(line)));
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

    private static List<String> keys(CommandLine line) {
        return options(line.getCommandSpec()).stream()
                .filter(option -> !option.equals(CONFIG))
                .map(Environment::key)
                .toList();
    }

    /** The command's options as they are typed, but for {@code --help}. */
    private static List<String> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.usageHelp())
                .map(OptionSpec::longestName)
                .toList();
    }

    /** A command with all its options. */
    static CommandLine commandLine(Callable<Integer> command) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        if (command instanceof ServeCommand) {
            ServerOptions.addTo(spec);
        }
        spec.interpolateVariables(false); // a value is what was given, and no text with variables of the parser's
        return new CommandLine(spec)
                .setExpandAtFiles(false)
                .registerConverter(int.class, Execution::toInt)
                .registerConverter(Integer.class, Execution::toInt)
                .registerConverter(boolean.class, Execution::toBoolean);
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
        if (!environment.unknown(options(spec)).isEmpty()) {
            List<String> known = new ArrayList<>(); // of every command: a variable counts for all that have the option
            Commands.all()
                    .forEach(each -> known.addAll(options(commandLine(each).getCommandSpec())));
            for (String unknown : environment.unknown(known)) {
                LOG.warn(
                        "{} is the variable of no option and is ignored{}",
                        unknown,
                        Nearest.to(
                                        unknown,
                                        known.stream()
                                                .map(Environment::variable)
                                                .toList())
                                .map(nearest -> "; did you mean " + nearest + "?")
                                .orElse(""));
            }
        }
    }

    private String explain(ParameterException e) {
        String text = e.getMessage();
        if (e.getArgSpec() instanceof OptionSpec option) {
            text += sources.origin(option.longestName());
        }
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            text += "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
        }
        return text + " (see --help)";
    }
}
