package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.Console;
import org.reactorserver.option.Option;
import org.reactorserver.text.Log;
import org.slf4j.LoggerFactory;

/** Without the parser all comes to the same as with it. */
@Timeout(60)
class PlainArgumentsTest {
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("CHARSET", "GBK"),
            Map.entry("CIDR,...", "127.0.0.0/8,::1"),
            Map.entry("CLASS", "org.reactorserver.helper.BadHandlers"),
            Map.entry("DURATION", "20s"),
            Map.entry("FILE", "a file"),
            Map.entry("FILE,...", "a.pem,b.pem"),
            Map.entry("FRAMING", "length:2le"),
            Map.entry("HOST", "0.0.0.0"),
            Map.entry("HOST:PORT", "127.0.0.1:9"),
            Map.entry("MODE", "600"),
            Map.entry("N", "7"),
            Map.entry("NAME,...", "a,b"),
            Map.entry("SIZE", "128k"),
            Map.entry("TEXT", "a = b"),
            Map.entry("URL", "nats://127.0.0.1:1"),
            Map.entry("WHERE", "127.0.0.1:0 unix:/a"));

    @RegisterExtension
    private final Console console = new Console();

    @TempDir
    Path directory;

    /** The level of the log is read when its first logger is made, and -v would set it for all tests to come. */
    @BeforeAll
    static void makeALogger() {
        LoggerFactory.getLogger(PlainArgumentsTest.class);
    }

    @AfterEach
    void logAsBefore() {
        Log.to(null);
        System.clearProperty("org.slf4j.simpleLogger.defaultLogLevel");
    }

    /** Of an option, which may have others beside it that it needs, or not. */
    private static String value(Option<?> option) {
        String label = option.kind().label();
        String value = ServeOptions.isFlag(option) ? "true" : VALUES.getOrDefault(label, label.split("\\|")[0]);
        assertThat(VALUES.containsKey(label) || label.contains("|") || label.isEmpty())
                .as("give %s a value here", option)
                .isTrue();
        return value;
    }

    static List<Option<?>> options() {
        return ServeOptions.OF_VARIABLES; // and --print-config, which all lines have
    }

    @ParameterizedTest
    @MethodSource("options")
    void eachOptionIsTakenAsTheParserTakesIt(Option<?> option) {
        for (String name : ServeOptions.names(option)) {
            if (ServeOptions.isFlag(option)) {
                assertSame(Map.of(), name);
                assertSame(Map.of(), name + "=false");
                assertSame(Map.of(), name, "--port", "0");
            } else {
                assertSame(Map.of(), name, value(option));
            }
            assertSame(Map.of(), name + "=" + value(option));
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void soIsWhatTheEnvironmentSays(Option<?> option) {
        Map<String, String> environment = Map.of(Environment.variable(option.toString()), value(option));
        assertSame(environment);
        assertSame(environment, option + "=" + value(option));
    }

    @ParameterizedTest
    @MethodSource("options")
    void andWhatTheFileSays(Option<?> option) throws IOException {
        Path file = Files.writeString(
                directory.resolve("server.conf"), option.name() + " = " + value(option) + "\nidle-timeout=1m\n");
        assertSame(Map.of(), "--config", file.toString());
        assertSame(Map.of(), "--config=" + file, "--port=0", "--idle-timeout", "2m");
        assertSame(Map.of("REACTOR_CONFIG", file.toString(), "REACTOR_WORK", "1s"), "--no-reply");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--framing line --echo --port 0 --workers 2 --max-connections 1000 --transcript off",
                "-p 0 --keep-alive --reply=a=b -v",
                "--listen 127.0.0.1:0,proxy --proxy-trust 10.0.0.0/8 --last-line=false",
                "--workers virtual --charset ISO-8859-1 --invalid-utf8 replace",
                "--port x --framing line",
                "--framing lin --port 99999",
                "--echo --reply hello",
                "--lang zh --transcript non",
                "--max-message 1 --log-format json",
                "--idle-timeout 30",
                "--config /dev/null/none",
                "--high-water 2 --outbox-limit 1",
            })
    void soAreSeveral(String line) {
        assertSame(Map.of(), line.split(" "));
        assertSame(Map.of("REACTOR_ECHO", "true", "REACTOR_PORT", "1", "REACTOR_PROT", "2"), line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "--",
                "-",
                "-x",
                "-p0",
                "-vp 0",
                "--prot 0",
                "--por 0",
                "--port",
                "--port=",
                "--port --echo",
                "--port 0 --port 1",
                "--deny 127.0.0.1 --deny 127.0.0.2",
                "--echo true",
                "--keep-alive false",
                "-v -v",
                "--verbose -v",
                "--reply -x",
                "--reply=-x",
                "--help",
                "-h",
                "--version",
                "-V",
                "--no-keep-alive",
                "@file"
            })
    void whatIsUnusualIsLeftToTheParser(String line) {
        assertThat(PlainArguments.read(line.split(" "))).isNull();
    }

    @Test
    void aFlagThatTheEnvironmentHasTooIsNotTakenBack() {
        for (String[] arguments : new String[][] {{"--echo"}, {"--echo", "-p0"}}) { // which the parser reads
            console.clear();
            Main.run(new Environment(Map.of("REACTOR_ECHO", "true")), with(arguments, "--print-config"));
            assertThat(console.out()).startsWith("# from the command line\n").contains("\necho=true\n");
        }
    }

    private void assertSame(Map<String, String> variables, String... arguments) {
        Environment environment = new Environment(variables);
        Strays strays = new Strays(environment, List::of);
        String[] line = with(arguments, "--print-config");
        Map<Option<?>, String> typed = PlainArguments.read(line);
        assertThat(typed).as("%s", List.of(line)).isNotNull();
        ParsedServe parsed = new ParsedServe(environment, strays);
        CommandLines.of(parsed).parseArgs(line);
        assertThat(parsed.typed()).isEqualTo(typed);
        String printed = printed(() -> ServeCommand.run(typed, environment, strays));
        assertThat(printed(() -> Execution.of(new ParsedServe(environment, strays), line, environment)))
                .isEqualTo(printed);
    }

    private static String[] with(String[] arguments, String more) {
        return Stream.concat(Arrays.stream(arguments), Stream.of(more)).toArray(String[]::new);
    }

    /** What is printed, but for the log, whose lines have a time, and how it ends. */
    private String printed(IntSupplier command) {
        console.clear();
        int code = command.getAsInt();
        String problem = console.err()
                .lines()
                .filter(line -> line.startsWith("reactor-server: "))
                .collect(Collectors.joining("\n"));
        return console.out() + "\n" + problem + "\n" + code;
    }
}
