package org.reactorserver.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
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

    private static final String OVERVIEW = """
            Usage: java -jar reactor-server.jar [COMMAND] [OPTIONS]

            A TCP message server with one selector thread, its clients and its load client.

              serve     the server; this is what runs if no command is named
              client    clients that each send one message and print the reply
              load      drives many connections and reports what it measured
              compare   two results of load, side by side
              demo      "demo accept" shows accept() blocking and non-blocking

            COMMAND --help tells its options. Any option can be given as an environment
            variable too: --max-message as REACTOR_MAX_MESSAGE. Those of serve can be in
            a file: --config FILE with lines like max-message=64KiB. The command line
            counts more than the environment, and that more than the file.

            Exit codes: 0 success, 1 failed at run time, 2 wrong usage, 3 load: the run is invalid,
            70 the selector thread died; 130 or 143 serve: ended by Ctrl-C or SIGTERM.
            """;

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        printUtf8IfOnlyAsciiIsKnown();
        int code = run(args);
        Log.flush(LAST_WORDS);
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
        if (String.join("", args).indexOf('\uFFFD') >= 0) {
            return Failure.print(2, "an argument cannot be read in this locale; LC_ALL=C.UTF-8 would read it");
        }
        Environment environment = new Environment(System.getenv());
        if (args.length == 0 && environment.isEmpty()) {
            return serveWithDefaults();
        }
        boolean named = !first.isEmpty() && !first.startsWith("-");
        String name = named ? first : Commands.DEFAULT;
        Callable<Integer> command = Commands.of(name);
        if (command == null) {
            return Failure.print(
                    2, "unknown command '%s': expected serve, client, load, compare, merge or demo".formatted(name));
        }
        if (command instanceof ServeCommand) {
            new WarmUp().start();
        }
        String[] options = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        return Execution.of(command, options, environment);
    }

    /** Without an option there is nothing to parse, and parsing is what takes longest at the start. */
    private static int serveWithDefaults() {
        try {
            return Serving.withDefaults();
        } catch (IOException e) {
            return Failure.print(1, Failure.message(e));
        }
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
