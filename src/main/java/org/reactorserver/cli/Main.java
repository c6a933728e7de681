package org.reactorserver.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: picks the command, and turns whatever goes wrong into one line and an exit code.
 *
 * <p>Only the command that was asked for is made: each costs start-up time.
 */
public final class Main {
    private static final String DEFAULT = "serve";

    private static final String OVERVIEW = """
            Usage: java -jar reactor-server.jar [COMMAND] [OPTIONS]

            A TCP message server with one selector thread, its clients and its load client.

              serve     the server; this is what runs if no command is named
              client    clients that each send one message and print the reply
              load      drives many connections and reports what it measured
              compare   two results of load, side by side
              demo      "demo accept" shows accept() blocking and non-blocking

            COMMAND --help tells its options. Any option can be given as an environment
            variable too: --max-message as REACTOR_MAX_MESSAGE.

            Exit codes: 0 success, 1 failed at run time, 2 wrong usage, 3 load: the run is invalid,
            70 the selector thread died; 130 or 143 serve: ended by Ctrl-C or SIGTERM.
            """;

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        printUtf8IfOnlyAsciiIsKnown();
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Where no locale is set, as in a container, Java would print every other character as "?". */
    private static void printUtf8IfOnlyAsciiIsKnown() {
        String encoding = System.getProperty("native.encoding");
        if (encoding != null && Charset.forName(encoding).equals(StandardCharsets.US_ASCII)) {
            System.setOut(utf8(FileDescriptor.out));
            System.setErr(utf8(FileDescriptor.err));
        }
    }

    private static PrintStream utf8(FileDescriptor target) {
        OutputStream stream = new BufferedOutputStream(new FileOutputStream(target));
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /** Runs a command. Returns the exit code. */
    static int run(String... args) {
        String first = args.length == 0 ? "" : args[0];
        if (first.equals("--help") || first.equals("-h") || first.equals("help")) {
            System.out.print(OVERVIEW);
            return 0;
        }
        if (first.equals("--version") || first.equals("-V")) {
            System.out.println("reactor-server " + version());
            return 0;
        }
        boolean named = !first.isEmpty() && !first.startsWith("-");
        String name = named ? first : DEFAULT;
        Object command = command(name);
        if (command == null) {
            return fail(
                    2,
                    "unknown command '%s': expected serve, client, load, compare or demo"
                            .formatted(name));
        }
        return execute(command, named ? Arrays.copyOfRange(args, 1, args.length) : args);
    }

    private static Object command(String name) {
        switch (name) {
            case "serve":
                new WarmUp().start();
                return new ServeCommand();
            case "client":
                return new ClientCommand();
            case "load":
                return new LoadCommand();
            case "compare":
                return new CompareCommand();
            case "demo":
                return new DemoCommand();
            default:
                return null;
        }
    }

    private static int execute(Object command, String[] args) {
        return new CommandLine(command)
                .setDefaultValueProvider(new EnvironmentDefaults())
                .registerConverter(int.class, Main::toInt)
                .registerConverter(Integer.class, Main::toInt)
                .registerConverter(boolean.class, Main::toBoolean)
                .setParameterExceptionHandler((e, given) -> fail(2, explain(e, args)))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    if (e instanceof ParameterException usage) {
                        return fail(2, explain(usage, args));
                    }
                    if (Verbosity.isVerbose()) {
                        e.printStackTrace();
                    }
                    return fail(1, message(e));
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
                && Arrays.stream(args)
                        .noneMatch(arg -> arg.equals(option) || arg.startsWith(option + "="));
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static int fail(int code, String message) {
        System.err.println("reactor-server: " + message.replaceAll("\\R", " "));
        return code;
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
