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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port abc                | --port | 'abc' is not a whole number
            --port 99999              | --port | must be from 0 to 65535, not 99999
            --port -1                 | --port | must be from 0 to 65535, not -1
            --backlog 0               | --backlog | must be from 1 to 2147483647, not 0
            --announce here           | --announce | 'here': expected HOST:PORT, such as 255.255.255.255:8888
            --announce 127.0.0.1:99999 | --announce | expected HOST:PORT, such as 255.255.255.255:8888
            --announce no:such:host:1 | --announce | the host cannot be resolved
            --framing json            | --framing | 'json' is not a framing: expected chunk, line, line:crlf, length, length:2le, nul, delimiter:0d0a or octets
            --handler no.such.Handler | --handler | 'no.such.Handler': there is no such class on the class path
            --handler java.lang.String | --handler | it does not implement org.reactorserver.MessageHandler
            --handler java.lang.Math  | --handler | it needs to be public, with a constructor without arguments
            --workers many            | --workers | 'many': expected a number or virtual
            --workers -1              | --workers | must be from 0 to 10000, or virtual, not -1
            --work 5x                 | --work | '5x' is not a duration such as 500ms, 10s or 2m
            --invalid-utf8 keep       | --invalid-utf8 | 'keep': expected reject or replace
            --max-message 64kb        | --max-message | '64kb' is not a size such as 64, 16KiB or 1MiB; did you mean 64KiB?
            -p x                      | --port | 'x' is not a whole number
            --max-message 1TB         | --max-message | '1TB' is not a size such as 64, 16KiB or 1MiB
            --max-message 3GiB        | --max-message | must be from 4 to 2147483583, not 3GiB
            --max-message 17179869185GiB | --max-message | must be from 4 to 2147483583, not 17179869185GiB
            --send-buffer 4GiB        | --send-buffer | must be from 0 to 2147483647, not 4GiB
            --port 99999999999        | --port | must be from 0 to 65535, not 99999999999
            --high-water 2 --outbox-limit 1 | --high-water | must be at most --outbox-limit, which is 1, not 2
            --config no/such/file     | --config | 'no/such/file': there is no such file
            --max-message 3           | --max-message | must be from 4 to 2147483583, not 3
            --max-connections 0       | --max-connections | must be from 1 to 2147483647, not 0
            --max-connections few     | --max-connections | 'few' is not a whole number
            --max-connections-per-ip 0 | --max-connections-per-ip | must be from 1 to 2147483647, not 0
            --active-sessions 0       | --active-sessions | must be from 1 to 2147483647, not 0
            --session-gap 1           | --session-gap | '1' is not a duration such as 500ms, 10s or 2m; did you mean 1s?
            --high-water 0            | --high-water | must be from 1 to 2147483647, not 0
            --outbox-limit 0          | --outbox-limit | must be from 1 to 9223372036854775807, not 0
            --reply-memory 0          | --reply-memory | must be from 1 to 9223372036854775807, not 0
            --request-memory 0        | --request-memory | must be from 1 to 9223372036854775807, not 0
            --idle-timeout -1s        | --idle-timeout | '-1s' is not a duration such as 500ms, 10s or 2m
            --message-timeout soon    | --message-timeout | 'soon' is not a duration such as 500ms, 10s or 2m
            --drain-timeout 10        | --drain-timeout | '10' is not a duration such as 500ms, 10s or 2m
            --keep-alive=maybe        | --keep-alive | 'maybe' is neither true nor false
            --send-buffer big         | --send-buffer | 'big' is not a size such as 64, 16KiB or 1MiB
            --transcript some         | --transcript | 'some': expected auto, all or off
            --listen 8888             | --listen | '8888' is no place to listen at: expected HOST:PORT
            --listen inherit --port 1 | --port | cannot be given beside --listen, which says where it listens
            --listen inherit --listen inherit | --listen | must be one inherit at most, since there is one file 0
            --allow ::1 --allow 127.1 | --allow | '127.1' is no IP address
            --deny ::1,192.0.2.3/24  | --deny | has bits behind its prefix: expected 192.0.2.0/24, or 192.0.2.3
            --proxy-protocol auto     | --proxy-protocol | 'auto': expected off or require
            --proxy-trust localhost   | --proxy-trust | names are not looked up
            --socket-mode 888         | --socket-mode | '888' is no mode such as 0660 or 600
            --keep-idle 1500ms        | --keep-idle | must be whole seconds, from 1s to 32767s, not 1500ms
            --keep-cnt 1 --keep-alive=false | --keep-cnt | cannot be given beside --keep-alive, which is off
            """)
    void anUnreadableValue(String arguments, String option, String whatWouldBeRight) {
        assertThat(failureOf(2, arguments.trim().split(" ")))
                .contains("'" + option + "'")
                .contains(whatWouldBeRight);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --bogus                   | Unknown option: '--bogus'
            --max-mesage 1            | did you mean --max-message
            --port                    | Missing required parameter for option '--port'
            --port 1 --port 2         | option '--port' (N) should be specified only once
            serve here                | 'here' is not expected: serve takes options only, such as --port 8888
            client localhost 8888     | 'localhost 8888' is not expected: client takes options only, such as --port 8888
            demo accept more          | 'more' is not expected: demo takes no more than NAME
            exercise three            | NUMBER: 'three' is not a whole number
            serve --framing lin       | 'lin' is not a framing: expected chunk, line, line:crlf, length, length:2le, nul
            client --framing cunk     | or octets; did you mean chunk?
            --echo --reply x          | --reply, --echo, --handler and --no-reply exclude each other: give one of them
            --no-reply --echo         | --reply, --echo, --handler and --no-reply exclude each other: give one of them
            --no-reply --handler X    | --reply, --echo, --handler and --no-reply exclude each other: give one of them
            start                     | unknown command 'start': expected one of serve, client, load, compare, merge, demo, exercise, completion, man
            cleint                    | unknown command 'cleint'; did you mean client?
            --prot 1                  | Unknown option: '--prot'; did you mean --port? (see --help)
            --no-keep-alive           | did you mean --keep-alive=false?
            --no-echo                 | did you mean --echo=false?
            --port 1 --hots=1         | did you mean --host?
            client --cuont 3          | did you mean --count?
            completion fish           | unknown shell 'fish': expected bash or zsh
            load --messages x         | '--messages': 'x' is not a whole number
            load --seed 1.5           | '--seed': '1.5' is not a whole number
            load --rate x             | --rate must be a number, or two as in 1000-5000, not 'x'
            compare --noise x a b     | '--noise': 'x' is not a number
            compare none.json b.json  | cannot read 'none.json': there is no such file
            load --host 127.0.0.1:1   | '127.0.0.1:1' cannot be resolved; the port is another option: --host 127.0.0.1 --port 1
            client --bogus            | Unknown option: '--bogus'
            client --count 0          | '--count': must be at least 1, not 0
            client --port 0           | '--port': must be from 1 to 65535, not 0
            client --port 70000       | '--port': must be from 1 to 65535, not 70000
            client --timeout 0        | '--timeout': must be more than 0
            client --timeout soon     | '--timeout': 'soon' is not a duration such as 500ms, 10s or 2m
            client --gap 1s           | --gap needs --one-at-a-time
            client --together --one-at-a-time | --one-at-a-time and --together exclude each other
            client --framing json     | '--framing': 'json' is not a framing: expected chunk, line, line:crlf, length, length:2le, nul, delimiter:0d0a or octets
            client --discover here    | '--discover': 'here' is not a whole number
            client --discover 99999   | '--discover': must be from 1 to 65535, not 99999
            demo select               | unknown demo 'select': expected one of accept, threads-vs-reactor, slow-handler,
            demo aceptt               | unknown demo 'aceptt'; did you mean accept?
            demo accept --lang de     | '--lang': 'de': expected en or zh
            """)
    void wrongUsage(String arguments, String message) {
        assertThat(failureOf(2, arguments.trim().split(" "))).contains(message);
    }

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port=99999                   | '--port': must be from 0 to 65535, not 99999, which is from FILE, line 1, column 6
            # ports;port = 99999         | '--port': must be from 0 to 65535, not 99999, which is from FILE, line 2, column 8
            port: 1;;max-message=3GiB    | '--max-message': must be from 4 to 2147483583, not 3GiB, which is from FILE, line 3, column 13
            work=0;framing=json          | 'json' is not a framing: expected chunk, line, line:crlf, length, length:2le, nul, delimiter:0d0a or octets, which is from FILE, line 2, column 9
            transcript=some              | '--transcript': 'some': expected auto, all or off, which is from FILE, line 1, column 12
            max-mesage=1MiB              | '--config': FILE, line 1, column 1: 'max-mesage' is no option; did you mean max-message?
            idle-timeout=30              | 10s or 2m; did you mean 30s? It is from FILE, line 1, column 14 (see --help)
            no-delay=true; prot=1             | '--config': FILE, line 2, column 2: 'prot' is no option; did you mean port?
            no-delay                     | '--no-delay': '' is neither true nor false, which is from FILE, line 1, column 9
            port=1; port=2               | '--config': FILE, line 2, column 2: 'port' is in line 1 already
            bogus=1                      | '--config': FILE, line 1, column 1: 'bogus' is no option: expected one of verbose,
            config=other                 | '--config': FILE, line 1, column 1: 'config' is no option
            help=true                    | '--config': FILE, line 1, column 1: 'help' is no option
            print-config=true            | '--config': FILE, line 1, column 1: 'print-config' is no option
            echo=true;no-reply=true      | exclude each other
            reply=\\uXYZ                 | '--config': FILE, line 1, column 7: 'reply=\\uXYZ' cannot be read
            framing=line;reply=a\\;\\\\u \\u12g4 | '--config': FILE, line 3, column 5:
            port = \\;  \\; 1x            | '1x' is not a whole number, which is from FILE, line 3, column 2
            """)
    void anOptionInAFile(String lines, String message) throws IOException {
        Path file = directory.resolve("server.properties");
        Files.writeString(file, lines.replace(';', '\n'));
        assertThat(failureOf(2, "--config", file.toString())).contains(message.replace("FILE", file.toString()));
    }

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
        --allow                  | everybody
        --deny                   | nobody
        --ip6-prefix             | 64
        --connect-rate-per-ip    | no limit
        --max-messages-per-second | no limit
        --keep-idle              | as the system has it
        --high-water             | 64KiB
        --outbox-limit           | half of --reply-memory
        --reply-memory           | a quarter of the heap
        --request-memory         | a quarter of the heap
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
        for (OptionSpec option :
                CommandLines.of(new ServeCommand()).getCommandSpec().options()) {
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
        assertThat(out()).contains("accept", "half-close", "半关闭").hasLineCount(8);
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
