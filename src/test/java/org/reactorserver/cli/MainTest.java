package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.demo.Demos;
import org.reactorserver.helper.Console;
import org.reactorserver.helper.FakeServer;
import org.reactorserver.helper.Ports;
import org.reactorserver.option.Option;
import picocli.CommandLine.Model.OptionSpec;

/** Exit codes and messages of whatever ends by itself; no process is needed for that. */
@Timeout(60)
class MainTest {
    @RegisterExtension
    private final Console console = new Console();

    @TempDir
    Path directory;

    private String out() {
        return console.out();
    }

    private List<String> err() {
        return console.err().lines().toList();
    }

    /** The command line must end with this code, and say nothing but one line on stderr. */
    private String failureOf(int code, String... arguments) {
        assertThat(Main.run(arguments)).as(() -> "exit code; " + err()).isEqualTo(code);
        assertThat(out()).isEmpty();
        assertThat(err()).hasSize(1);
        assertThat(err().get(0)).startsWith("reactor-server: ").doesNotContain("Exception");
        return err().get(0);
    }

    // -- wrong usage: 2
    // ----------------------------------------------------------------------------

    @Test
    void aTextThatTheFramingCannotCarry() {
        assertThat(failureOf(2, "--framing", "line", "--reply", "two\nlines")).contains("'--reply'", "one line");
    }

    @Test
    void aMessageThatTheFramingCannotCarry() {
        assertThat(failureOf(2, "client", "--framing", "line", "--message", "two\nlines"))
                .contains("'--message'", "one line");
    }

    @Test
    void virtualThreadsBeforeTheyWereInvented() {
        assumeTrue(Runtime.version().feature() < 21, "this Java has virtual threads");
        assertThat(failureOf(2, "--port", "0", "--workers", "virtual"))
                .contains("'--workers'", "virtual threads need Java 21 or newer; this is Java 17");
    }

    // -- options in a file
    // ---------------------------------------------------------------------------------------

    /** The port that is in the file would be refused. */
    @Test
    void theCommandLineCountsMoreThanTheFile() throws IOException {
        Path file = directory.resolve("server.properties");
        Files.writeString(file, "port=99999\nreply=two\\nlines\nframing=li\\\n   ne\n");
        assertThat(failureOf(2, "--port=0", "--config", file.toString()))
                .contains("'--reply'", "'two lines': a message of line framing is one line", ", line 2, column 7");
        console.clear();
        assertThat(failureOf(2, "--port=0", "--echo", "--backlog=0", "--config", file.toString()))
                .contains("'--backlog': must be from 1 to 2147483647, not 0 (see --help)");
    }

    @Test
    void aFileThatIsNoText() throws IOException {
        Path file = directory.resolve("server.properties");
        Files.write(file, new byte[] {(byte) 0xFF});
        assertThat(failureOf(2, "--config", file.toString())).contains("'--config': '" + file + "' is not UTF-8");
    }

    // -- what fails at run time: 1
    // -----------------------------------------------------------------

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            assertThat(failureOf(1, "--port", port)).contains("cannot listen on 127.0.0.1:" + port, "in use", "--port");
        }
    }

    @Test
    void aHostThatDoesNotExist() {
        assertThat(failureOf(1, "--host", "no:such:host", "--port", "0"))
                .contains("no:such:host", "no such host", "--host must be");
        console.clear();
        assertThat(failureOf(1, "client", "--host", "no:such:host"))
                .contains("--host", "'no:such:host'", "cannot be resolved");
    }

    @Test
    void aHostThatIsAnotherMachine() {
        assertThat(failureOf(1, "--host", "203.0.113.1", "--port", "0"))
                .contains("203.0.113.1", "--host must be an address of this machine");
    }

    @Test
    void nobodyToDiscover() throws IOException {
        String port = Integer.toString(Ports.freeUdp());
        assertThat(failureOf(1, "client", "--timeout", "50ms", "--discover", port))
                .contains("--discover", "no server announced itself on UDP port " + port)
                .contains("within 50ms");
    }

    // -- the client
    // --------------------------------------------------------------------------------

    @Test
    void clientsThatGetTheirReply() throws IOException {
        try (FakeServer server = new FakeServer(FakeServer.answering("收到客户端信息"))) {
            assertThat(Main.run("client", "--port", Integer.toString(server.port()), "--one-at-a-time"))
                    .isZero();
            assertThat(out()).isEqualTo("""
                client 1 received: 收到客户端信息
                client 2 received: 收到客户端信息
                client 3 received: 收到客户端信息
                3 clients: 3 replied, 0 failed
                """);
            assertThat(err()).isEmpty();
        }
    }

    @Test
    void aReplyThatIsMeantForTheTerminal() throws IOException {
        try (FakeServer server = new FakeServer(FakeServer.answering("a\u001b[2J\r\nb"))) {
            assertThat(Main.run("client", "--port", Integer.toString(server.port()), "--count", "1"))
                    .isZero();
            assertThat(out()).startsWith("client 1 received: a\\u001b[2J\\r\\nb\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count=2", "--together", "--one-at-a-time"})
    void clientsThatAreRefused(String option) throws IOException {
        try (Socket bound = new Socket()) { // bound and not listening
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String port = Integer.toString(bound.getLocalPort());
            assertThat(Main.run("client", "--port", port, option)).isEqualTo(1);
            int count = option.equals("--count=2") ? 2 : 3;
            assertThat(out().lines())
                    .hasSize(count + 1)
                    .startsWith("client 1 failed: connection refused")
                    .endsWith("%d clients: 0 replied, %d failed".formatted(count, count));
            assertThat(err()).isEmpty();
        }
    }

    // -- help
    // --------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void theOverviewNamesEveryCommand(String option) {
        assertThat(Main.run(option)).isZero();
        assertThat(out()).contains(Commands.NAMES).contains("Where it listens:", "--port=N", "Exit codes:");
        assertThat(out().lines()).allMatch(line -> line.length() <= 100).hasSizeLessThan(65);
        assertThat(err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --host                   | 127.0.0.1
        --port                   | 8888
        --backlog                | 1024
        --announce               | not announced
        --framing                | chunk
        --reply                  | 收到客户端信息
        --workers                | the number of processors
        --work                   | 0
        --max-message            | 64KiB
        --max-connections        | the limit of open files less 32
        --max-connections-per-ip | no limit
        --listen                 | --host and --port
        --socket-mode            | 0660
        --proxy-protocol         | off
        --proxy-trust            | 127.0.0.0/8,::1
        --allow                  | all
        --deny                   | none
        --ip6-prefix             | 64
        --connect-rate-per-ip    | no limit
        --max-messages-per-second | no limit
        --keep-idle              | as the system has it
        --high-water             | 64KiB
        --outbox-limit           | half of --reply-memory
        --reply-memory           | a sixth of the heap
        --request-memory         | a sixth of the heap
        --idle-timeout           | 0
        --write-timeout          | 30s
        --linger-timeout         | 2s
        --message-timeout        | 30s
        --active-sessions        | all
        --session-gap            | 0
        --drain-timeout          | 10s
        --invalid-utf8           | reject
        --transcript             | auto
        --keep-alive             | false
        --no-delay               | true
        --reuse-address          | true
        --reuse-port             | false
        --send-buffer            | 0
        --receive-buffer         | 0
        """)
    void theServersHelpShowsEveryDefault(String option, String value) {
        assertThat(Main.run("serve", "--help-all")).isZero();
        assertHelpShows(option, value);
    }

    /** Ten, besides the help itself, under their headings: as many as can be read at a glance. */
    @Test
    void theServersHelpHasTheEverydayOptions() {
        assertThat(Main.run("help", "serve")).isZero();
        assertThat(out()).contains("--help-all").doesNotContain("--lane-limit", "Sockets:");
        Pattern entry = Pattern.compile("^ {2}(-., |    )--", Pattern.MULTILINE);
        assertThat(entry.matcher(out()).results().count()).isEqualTo(1 + 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "client", "load", "compare", "demo", "completion", "man"})
    void everyCommandTellsItsVersionAndItsHelp(String command) {
        for (String option : List.of("--version", "-V")) {
            assertThat(Main.run(command, option)).isZero();
        }
        assertThat(out()).isEqualTo((Version.line() + "\n").repeat(2));
        console.clear();
        for (String option : List.of("--help", "-h", "--help-all")) {
            assertThat(Main.run(command, option)).isZero();
            assertThat(out()).startsWith("Usage: reactor-server " + command + " [OPTIONS]");
            console.clear();
        }
        assertThat(err()).isEmpty();
    }

    /** Each option once, also those of the command line alone. */
    @Test
    void theServersHelpHasEveryOptionUnderAHeading() {
        assertThat(Main.run("serve", "--help-all")).isZero();
        String list = out().substring(out().indexOf("Command line:"));
        for (OptionSpec option : Commands.specs().get(0).options()) {
            Pattern entry = Pattern.compile(
                    "^ +(-., )?" + option.names()[option.names().length > 1 ? 1 : 0] + "\\b(?!-)", Pattern.MULTILINE);
            assertThat(entry.matcher(list).results().count()).as("%s", option).isEqualTo(1);
        }
        assertThat(list.lines().filter(line -> line.endsWith(":") && !line.startsWith(" ")))
                .hasSize(1 + Option.Topic.values().length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --host     | 127.0.0.1
        --port     | 8888
        --discover | --host and --port say where it is
        --framing  | chunk
        --count    | 3
        --message  | 客户端{id}正在连接
        --gap      | 0
        --timeout  | 5s
        """)
    void theClientsHelpShowsEveryDefault(String option, String value) {
        assertThat(Main.run("client", "--help")).isZero();
        assertHelpShows(option, value);
    }

    private void assertHelpShows(String option, String value) {
        String help = out().replaceAll("\\s+", " ");
        Matcher entry = Pattern.compile(" %s(=|\\[=).*?( --[a-z-]+(=|\\[=)|$)".formatted(option))
                .matcher(help.substring(help.indexOf("--help")));
        assertThat(entry.find()).as("%s in %s", option, help).isTrue();
        assertThat(entry.group()).containsIgnoringCase("Default: " + value);
    }

    // -- demo, exercise
    // --------------------------------------------------------------------------------------

    @Test
    void withoutANameTheDemosAreListedInTheLanguageAskedFor() {
        assertThat(Main.run("demo", "--lang", "zh")).isZero();
        assertThat(out()).contains("accept", "half-close", "半关闭").hasLineCount(Demos.NAMES.size());
    }

    @Test
    void anExerciseIsAFileToBeCompiledAndItsCheckHasAnExitCode() throws IOException {
        assertThat(Main.run("exercise", "1")).isZero();
        assertThat(out()).startsWith("// Exercise 1: ").contains("\nclass Server {\n");
        Path file = Files.writeString(directory.resolve("Server.java"), out());
        console.clear();
        assertThat(Main.run("exercise", "1", "--check", file.toString())).isEqualTo(1);
        assertThat(out()).startsWith("Exercise 1: not right yet.").contains("NullPointerException");
        assertThat(Main.run("exercise")).isZero();
    }

    @Test
    void anExercisesExitCodeTellsWhatIsWrongFromWhatWasNotRun() throws IOException {
        Path empty = Files.createFile(directory.resolve("Empty.java"));
        assertThat(Main.run("exercise", "1", "--check", empty.toString())).isEqualTo(3);
        String missing = directory.resolve("missing.java").toString();
        assertThat(Main.run("exercise", "1", "--check", missing)).isEqualTo(3);
        console.clear();
        assertThat(Main.run("exercise", "1", "--check", empty.toString(), missing))
                .isEqualTo(1);
        assertThat(out())
                .startsWith("wrong  " + empty + ": The file is empty: ")
                .hasLineCount(2);
    }

    @Test
    void theDemoShowsTheThreeKindsOfAccept() {
        assertThat(Main.run("demo", "accept")).isZero();
        assertThat(out().lines().filter(line -> line.startsWith("   accept() →")))
                .satisfiesExactly(
                        line -> assertThat(line).matches(".* → 127.0.0.1:\\d+, after \\d+.\\d+ ms"),
                        line -> assertThat(line).matches(".* → null, after \\d+.\\d+ ms"),
                        line -> assertThat(line).matches(".* → 127.0.0.1:\\d+, after \\d+.\\d+ ms"),
                        line -> assertThat(line).matches(".* → null, after \\d+.\\d+ ms"));
    }
}
