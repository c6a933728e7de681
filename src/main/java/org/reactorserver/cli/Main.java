package org.reactorserver.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.reactorserver.option.Option;
import org.reactorserver.text.Log;

/**
 * The command line: picks the command, and turns whatever goes wrong into one line and an exit code.
 *
 * <p>A server starts without the parser if its options are written as usual, and only the command that was asked for is
 * made: both would cost start-up time.
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
        boolean named = !first.isEmpty() && !first.startsWith("-");
        String name = named ? first : Commands.DEFAULT;
        String[] options = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        Map<Option<?>, String> typed = null;
        if (name.equals(Commands.DEFAULT)) {
            new WarmUp().start();
            typed = PlainArguments.read(options);
        }
        return typed == null
                ? parse(name, options, environment)
                : ServeCommand.run(typed, environment, Commands.strays(environment));
    }

    private static int parse(String name, String[] options, Environment environment) {
        Callable<Integer> command = Commands.of(name, environment);
        return command == null ? Failure.print(2, Commands.unknown(name)) : Execution.of(command, options, environment);
    }
}
