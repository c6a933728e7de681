package org.reactorserver.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.reactorserver.text.Log;

/**
 * The command line: picks the command, and turns whatever goes wrong into one line and an exit code.
 *
 * <p>Only the command that was asked for is made, and options are parsed only if there are any: both
 * cost start-up time.
 */
public final class Main {

    /** How long the end waits for what is still to be logged. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        Output.choose();
        int code = run(args);
        Log.flush(LAST_WORDS);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Runs a command. Returns the exit code. */
    static int run(String... args) {
        return run(new Environment(System.getenv()), args);
    }

    /** The same in an environment that need not be the process's. */
    static int run(Environment environment, String... args) {
        Language.choose(args, environment);
        String first = args.length == 0 ? "" : args[0];
        if (first.equals("help") && args.length > 1) {
            return run(environment, args[1], "--help");
        }
        if (first.equals("--help") || first.equals("-h") || first.equals("help")) {
            System.out.print(Overview.text());
            return 0;
        }
        if (first.equals("--version") || first.equals("-V")) {
            System.out.println(Version.line());
            return 0;
        }
        if (String.join("", args).indexOf('\uFFFD') >= 0) {
            return Failure.print(2, "an argument cannot be read in this locale; LC_ALL=C.UTF-8 would read it");
        }
        if (args.length == 0 && environment.isEmpty()) {
            return serveWithDefaults();
        }
        boolean named = !first.isEmpty() && !first.startsWith("-");
        String name = named ? first : Commands.DEFAULT;
        Callable<Integer> command = Commands.of(name);
        if (command == null) {
            return Failure.print(2, unknown(name));
        }
        if (command instanceof ServeCommand) {
            new WarmUp().start();
        }
        String[] options = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        return Execution.of(command, options, environment);
    }

    /** An option without its dashes, or a port alone, is offered as an option. */
    private static String unknown(String name) {
        List<String> options =
                OptionNames.all(CommandLines.of(new ServeCommand()).getCommandSpec());
        String option = name.matches("[0-9]{1,5}") ? "--port " + name : "--" + name;
        return options.contains(option.split(" ")[0])
                ? "unknown command '" + name + "'" + Nearest.question(List.of(option))
                : Usage.unknown("command", name, Commands.NAMES);
    }

    /** Without an option there is nothing to parse, and parsing is what takes longest at the start. */
    private static int serveWithDefaults() {
        try {
            return Serving.withDefaults();
        } catch (IOException e) {
            return Failure.print(1, Failure.message(e));
        }
    }
}
