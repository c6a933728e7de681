package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Console;

/** The commands load and compare, from arguments to exit code. */
@Timeout(60)
class LoadCommandTest {
    @RegisterExtension
    private final Console console = new Console();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            load --port 0               | port must be from 1 to 65535, not 0
            load --connections 0        | connections must be from 1 to 1000000, not 0
            load --rate 0               | rate must be above 0
            load --depth 0              | depth must be from 1 to 65536, not 0
            load --size 0               | size must be from 1 to 16777216, not 0
            load --size 5 --message x   | --size 5 and --message exclude each other
            load --messages 5 --duration 1s | --messages 5 and --duration exclude each other
            load --rate 5 --depth 1     | exclude each other
            load --rate 5-              | '--rate': must be a number, or two as in 1000-5000, not '5-'
            load --rate 5-9 --messages 9 | rate that rises needs a time
            load --arrivals sometimes   | '--arrivals': 'sometimes': expected constant or poisson
            load --arrivals poisson     | goes with a rate; give --rate
            load --rate 5 --think 1s    | think goes with the closed model
            load --expect any           | chunk framing does not tell where a reply ends
            load --expect any --reply-end xml | 'xml' does not say where a reply ends
            load --expect Echo          | --expect Echo would be a text
            load --expect {nope}        | --expect: '{nope}' stands for nothing
            load --message {nope}       | --message: '{nope}' stands for nothing
            load --send \\q             | --send: '\\q' is no escape
            load --misbehave byte-at-a-time | each piece may be a message
            load --connections 100000 --depth 100 | more than 4000000 messages under way
            load --discover 70000       | --discover must be from 1 to 65535, not 70000
            load --json x --html ./x    | is named for two outputs
            load --html -               | only --json can go to standard output
            load --abort-on answered/s>5 | --abort-on answered/s>5 cannot be told before the end
            load --find-max p99<5ms --rate 5 | exclude each other
            load --find-max p99         | --find-max 'p99' is no objective
            load --steps 5,6 --json x   | there is --html, and no other file
            load --scenario /no/such    | there is no such file, and none of that name is built in: those are redis,
            load --scenario redis --script x | --scenario and --script exclude each other
            load --scenario redis --depth 3 | so leave out --depth; in it stands: pipeline N
            load --scenario syslog      | flow 1 has neither a reply nor a time to think
            load --scenario smtp --rate 5 | flow 1 has a time to think, which goes with the closed model
            load --scenario redis --think 1s | leave out think,
            load --script sned          | --script 1:1: 'sned' is no statement
            load --slo p99              | 'p99' is no objective
            load --misbehave nicely     | '--misbehave': 'nicely': expected none, slow-reader, byte-at-a-time
            load --source-ip no:such:host | --source-ip must be local addresses
            load --source-ip 192.0.2.1  | --source-ip 192.0.2.1 is no address of this machine
            load --host no:such:host    | --host: 'no:such:host' cannot be resolved
            load --json /no/such/file   | there is no directory /no/such
            load --html /               | '--html': '/' is a directory
            load --prometheus /dev/null | is replaced once a second, and is no plain file; name another
            load --connections 999999   | file descriptors
            compare /no/a /no/b | cannot read '/no/a': there is no such file
            compare only-one            | 'compare only-one' has too few arguments: expected at least 2 of FILE
            compare a vs b vs c         | several of each kind with 'vs' in between
            compare a b c               | several of each kind with 'vs' in between
            compare a vs                | several of each kind with 'vs' in between
            compare a b --noise -1      | '--noise': must be from 0 to 1000 percent, not -1
            """)
    void wrongUsageIsOneLineThatSaysWhatIsRight(String arguments, String message) {
        assertThat(Main.run(arguments.trim().split(" "))).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err().lines())
                .singleElement()
                .satisfies(
                        line -> assertThat(line).startsWith("reactor-server: ").contains(message));
    }

    private static int load(ReactorServer server, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("load", "--port", Integer.toString(server.port()), "--messages", "300"));
        arguments.addAll(Arrays.asList(more));
        return Main.run(arguments.toArray(String[]::new));
    }

    @Test
    void aScenarioOfTheCommandLine() throws IOException {
        Path json = directory.resolve("a.json");
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .handler((session, message) -> session.send(message))
                .start()) {
            String script = "send \"it's {seq}\\n\"; expect line is \"it's {seq}\\n\"";
            assertThat(load(server, "--script", script, "--json", json.toString()))
                    .isZero();
        }
        assertThat(console.out())
                .contains("300 sent = 300 matched")
                .contains(" --script 'send \"it'\\''s {seq}\\n\"; expect line is \"it'\\''s {seq}\\n\"' ")
                .doesNotContain("framing");
        assertThat(Files.readString(json)).contains("\"scenario\": \"send \\\"it's {seq}\\\\n\\\"; expect");
    }

    @Test
    void theDefaultsSuitTheDefaultServer() throws IOException {
        try (ReactorServer server = ReactorServer.builder(Framing.chunks())
                .port(0)
                .handler((session, message) -> session.send("收到客户端信息"))
                .start()) {
            assertThat(load(server)).isZero();
            assertThat(console.out()).startsWith("PASS\n").contains("300 sent = 300 matched");
        }
    }

    @Test
    void resultsAreWrittenAndCompared() throws IOException {
        Path json = directory.resolve("a.json");
        Path html = directory.resolve("b.html");
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .handler((session, message) -> session.send(message))
                .start()) {
            assertThat(load(
                            server,
                            "--framing",
                            "line",
                            "--expect",
                            "echo",
                            "--json",
                            json.toString(),
                            "--html",
                            html.toString(),
                            "--csv",
                            directory.resolve("e.csv").toString(),
                            "--junit",
                            directory.resolve("f.xml").toString(),
                            "--summary",
                            directory.resolve("g.md").toString(),
                            "--hlog",
                            directory.resolve("c.hlog").toString(),
                            "--hgrm",
                            directory.resolve("d.hgrm").toString()))
                    .isZero();
        }
        assertThat(Files.readString(json)).contains("\"verdict\": \"PASS\"");
        assertThat(directory.resolve("e.csv")).isNotEmptyFile();
        assertThat(directory.resolve("f.xml")).isNotEmptyFile();
        assertThat(directory.resolve("g.md")).isNotEmptyFile();
        assertThat(directory).isDirectoryContaining("glob:**c.hlog").isDirectoryContaining("glob:**d.hgrm");
        Path page = directory.resolve("c.html");
        assertThat(Main.run("compare", json.toString(), html.toString(), "--html", page.toString()))
                .isZero();
        assertThat(Files.readString(page))
                .contains("No difference", "Answered a second, over time", "line response")
                .contains("beyond the noise\n  A ")
                .doesNotContain("\ufffd");
        assertThat(console.out()).contains("No difference beyond the noise");
        assertThat(Main.run("merge", json.toString(), html.toString())).isEqualTo(2);
        assertThat(console.err()).contains("a.json and ", "b.html are of one run, which would count twice");
    }

    @Test
    void theJsonCanGoToStandardOutput() throws IOException {
        try (ReactorServer server = ReactorServer.builder(Framing.chunks())
                .port(0)
                .handler((session, message) -> session.send("收到客户端信息"))
                .start()) {
            assertThat(load(server, "--json", "-")).isZero();
            assertThat(console.out()).startsWith("{\n  \"verdict\": \"PASS\"");
            assertThat(console.err()).contains("300 sent = 300 matched");
            assertThat(Path.of("-")).doesNotExist();
        }
    }

    @Test
    void aReportThatCannotBeWrittenIsAFailure() throws IOException {
        try (ReactorServer server = ReactorServer.builder(Framing.chunks())
                .port(0)
                .handler((session, message) -> session.send("收到客户端信息"))
                .start()) {
            String json = directory.resolve("a.json").toString();
            load(server, "--json", json);
            System.setOut(new PrintStream(new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    throw new IOException("No space left on device");
                }
            }));
            assertThat(load(server)).isEqualTo(1);
            assertThat(Main.run("compare", json, json)).isEqualTo(1);
            assertThat(console.err().split("the report could not be written to standard output", -1))
                    .as("once for each")
                    .hasSize(3);
        }
    }

    @Test
    void aHistogramThatCannotBeWrittenCostsNoReport() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        try (ReactorServer server = ReactorServer.builder(Framing.chunks())
                .port(0)
                .handler((session, message) -> session.send("收到客户端信息"))
                .start()) {
            assertThat(load(server, "--hlog", full.toString())).isEqualTo(1);
            assertThat(console.out()).contains("300 sent = 300 matched");
            assertThat(console.err()).contains("error: --hlog /dev/full could not be written");
        }
    }

    private static int load(ReactorServer server, Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--port", Integer.toString(server.port()), "--framing", "line"));
        all.addAll(Arrays.asList(arguments));
        return Execution.of(new LoadCommand(), all.toArray(String[]::new), new Environment(environment));
    }

    @Test
    void theCommandLineCountsMoreThanTheEnvironmentBetweenOptionsToo() throws IOException {
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .handler((session, message) -> session.send(message))
                .start()) {
            Map<String, String> rate = Map.of("REACTOR_RATE", "5", "REACTOR_DURATION", "1h", "REACTOR_MESSAGE", "x");
            load(server, rate, "--depth", "2", "--messages", "50", "--size", "30", "--expect", "echo");
            assertThat(console.out())
                    .contains(
                            "closed: 2 messages outstanding",
                            "30 bytes, reply expected: the same",
                            "50 sent = 50 matched");
            assertThat(load(server, Map.of("REACTOR_RATE", "5", "REACTOR_DEPTH", "1"), "--messages", "5"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aTextIsWhatWasGivenWhateverItLooksLikeToTheParser() throws IOException {
        Path file = Files.writeString(directory.resolve("words"), "--port 1");
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .handler((session, message) -> session.send(message))
                .start()) {
            Map<String, String> expect = Map.of("REACTOR_EXPECT", "${env:HOME} @" + file);
            load(server, expect, "--messages", "20", "--message", "${env:HOME} @" + file);
            assertThat(console.out()).contains("20 sent = 20 matched");
            load(server, Map.of(), "--messages", "20", "--expect", "echo", "--message", "@" + file);
            assertThat(console.out()).contains("'@" + file + "', reply expected: the same");
        }
    }

    @Test
    void aWrongReplyIsExitCode1() throws IOException {
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .handler((session, message) -> session.send("something else"))
                .start()) {
            assertThat(load(server, "--framing", "line", "--expect", "echo")).isEqualTo(1);
            assertThat(console.out()).startsWith("FAIL\n  300 replies wrong\n");
        }
    }
}
