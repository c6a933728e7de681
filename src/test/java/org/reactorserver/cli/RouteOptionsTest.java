package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Console;
import org.reactorserver.helper.FakeServer;
import org.reactorserver.helper.Shell;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Tls;

/** The commands client and load by TLS, PROXY headers and Unix sockets, from arguments to exit code. */
@Timeout(120)
class RouteOptionsTest {
    @RegisterExtension
    private final Console console = new Console();

    @TempDir
    Path directory;

    private static int run(String command, String... options) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(options));
        words.addAll(List.of("--framing", "line"));
        words.addAll(
                command.equals("client")
                        ? List.of("--count", "1", "--message", "hello")
                        : List.of("--connections", "2", "--messages", "20", "--expect", "echo"));
        return Main.run(words.toArray(String[]::new));
    }

    private static ReactorServer.Builder echo() {
        return ReactorServer.builder(Framing.lines()).port(0).handler((session, message) -> session.send(message));
    }

    private static Tls keys(String name) {
        return Tls.pem(TestKeys.certificate(name), TestKeys.key(name));
    }

    private static String ca() {
        return TestKeys.certificate("ca").toString();
    }

    // -- what is typed
    // ------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cacert x                   | --cacert goes with --tls: give both, or neither
            --insecure                   | --insecure goes with --tls: give both, or neither
            --tls --key x                | --key goes with --cert: give both, or neither
            --tls --cacert /no/file      | Invalid value for option '--cacert': /no/file does not exist
            --tls --cert /no/file        | Invalid value for option '--cert': /no/file does not exist
            --tls --cert CLIENT --key CA | Invalid value for option '--key':
            --unix /s --port 8           | --unix and --port exclude each other; give one
            --unix /s --host localhost   | --unix and --host exclude each other; give one
            --unix /s --discover         | --unix and --discover exclude each other; give one
            --proxy-header v3            | Invalid value for option '--proxy-header': 'v3': expected v1 or v2
            --proxy-source 1.2.3.4:5     | --proxy-source goes with --proxy-header: give both, or neither
            --proxy-header v1 --proxy-source 1.2.3.4   | expected an address and a port, as in 192.0.2.1:4711
            --proxy-header v1 --proxy-source ::1:5     | expected an address and a port, as in 192.0.2.1:4711
            --proxy-header v1 --proxy-source [1.2.3.4]:5 | expected an address and a port, as in 192.0.2.1:4711
            --proxy-header v1 --proxy-source 1.2.3.4:65536 | expected an address and a port, as in 192.0.2.1:4711
            """)
    void wrongUsageIsOneLineThatSaysWhatIsRight(String options, String message) {
        for (String command : List.of("client", "load")) {
            String[] words = Arrays.stream(options.trim().split(" +"))
                    .map(word -> word.equals("CA") ? ca() : word)
                    .map(word -> word.equals("CLIENT")
                            ? TestKeys.certificate("client").toString()
                            : word)
                    .toArray(String[]::new);
            console.clear();
            assertThat(run(command, words)).isEqualTo(2);
            assertThat(console.err().lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("reactor-server: ")
                            .contains(message)
                            .endsWith(" (see --help)"));
        }
    }

    // -- what goes well
    // -----------------------------------------------------------------------------

    @Test
    void theOptionsReachAServerThatDemandsACertificateBehindAProxy() throws IOException {
        Path both = directory.resolve("both.pem"); // the key behind the certificate, as curl takes it
        Files.writeString(
                both, Files.readString(TestKeys.certificate("client")) + Files.readString(TestKeys.key("client")));
        try (ReactorServer server = echo().tls(keys("server").clientCa(TestKeys.certificate("ca")))
                .proxyProtocol(true)
                .handler((session, message) -> session.send(message + " " + session.peer()))
                .start()) {
            String port = Integer.toString(server.port());
            String[] options = {
                "--port",
                port,
                "--tls",
                "--cacert",
                ca(),
                "--cert",
                both.toString(),
                "--proxy-header",
                "v2",
                "--proxy-source",
                "[2001:db8::7]:4711"
            };
            assertThat(run("client", options)).isZero();
            assertThat(console.out()).contains("received: hello /[2001:db8:0:0:0:0:0:7]:4711");
        }
    }

    /** What the report gives to do the same again. */
    @Test
    void aRunCanBeRepeated() throws IOException {
        Path socket = directory.resolve("a b");
        try (ReactorServer server =
                echo().listen(Endpoint.unix(socket)).tls(keys("server")).start()) {
            assertThat(server.listening()).hasSize(1);
            String[] options = {
                "--unix", socket.toString(), "--tls", "--cacert", ca(), "--sni", "localhost", "--insecure"
            };
            assertThat(run("load", options)).as("%s", console).isZero();
            assertThat(console.out())
                    .contains("unix:" + socket)
                    .contains(" load --unix '" + socket + "' --tls --cacert " + ca() + " --sni localhost --insecure ")
                    .contains(" --framing line ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void aHeaderOfItsOwnTellsNothingNewOfAUnixSocket(String version) throws IOException {
        Path socket = directory.resolve("s");
        try (ReactorServer server =
                echo().listen(Endpoint.unix(socket)).proxyProtocol(true).start()) {
            assertThat(server.listening()).hasSize(1);
            assertThat(run("client", "--unix", socket.toString(), "--proxy-header", version))
                    .as("%s", console)
                    .isZero();
        }
    }

    // -- what goes wrong
    // ----------------------------------------------------------------------------

    /** Both commands fail as for a refused connection, with this message. */
    private void assertFails(String text, String... options) {
        for (String command : List.of("client", "load")) {
            console.clear();
            assertThat(run(command, options)).as("%s: %s", command, console).isEqualTo(1);
            assertThat(console.out().lines().map(String::trim).collect(Collectors.joining(" ")))
                    .contains(text);
        }
    }

    private static String[] with(ReactorServer server, String... more) {
        List<String> options = new ArrayList<>(List.of("--port", Integer.toString(server.port())));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    @Test
    void anUnknownAuthority() throws IOException {
        try (ReactorServer server = echo().tls(keys("server")).start()) {
            assertFails(
                    "the server's certificate is signed by no authority that the JDK trusts: give a file with its"
                            + " authority's certificate by --cacert; --insecure takes any",
                    with(server, "--tls"));
            String stranger = TestKeys.certificate("stranger").toString();
            assertFails(
                    "signed by no authority that is in " + stranger + ": give a file with its authority's certificate",
                    with(server, "--tls", "--cacert", stranger));
            assertThat(run("client", with(server, "--tls", "--insecure"))).isZero();
        }
    }

    @Test
    void anotherName() throws IOException {
        try (ReactorServer server = echo().tls(keys("other")).start()) {
            String remedy = ": ask for a name that the server's certificate is for by --sni; --insecure takes any";
            assertFails(remedy, with(server, "--tls", "--cacert", ca()));
            assertFails(remedy, with(server, "--tls", "--cacert", ca(), "--host", "localhost"));
            assertFails(remedy, with(server, "--tls", "--cacert", ca(), "--sni", "a.b.wild.test"));
            assertThat(run("client", with(server, "--tls", "--cacert", ca(), "--sni", "a.wild.test")))
                    .isZero();
            assertThat(run("load", with(server, "--tls", "--cacert", ca(), "--insecure")))
                    .isZero();
        }
    }

    @Test
    void aCertificateThatHasExpired() throws IOException {
        try (ReactorServer server = echo().tls(keys("expired")).start()) {
            assertFails(
                    ": the server's certificate is not valid today; --insecure takes it nevertheless",
                    with(server, "--tls", "--cacert", ca()));
        }
    }

    @Test
    void aServerThatDemandsAnotherCertificateOrOne() throws IOException {
        try (ReactorServer server =
                echo().tls(keys("server").clientCa(TestKeys.certificate("ca"))).start()) {
            assertFails(
                    ": the server demands a certificate, give one by --cert and --key",
                    with(server, "--tls", "--cacert", ca()));
            String strange = TestKeys.certificate("strange-client").toString();
            String key = TestKeys.key("strange-client").toString();
            assertFails(
                    ": the server does not accept " + strange + " (--cert)",
                    with(server, "--tls", "--cacert", ca(), "--cert", strange, "--key", key));
        }
    }

    @Test
    void aServerThatSpeaksNoTls() throws IOException {
        try (FakeServer server = new FakeServer(FakeServer.answering("no TLS"))) {
            assertFails(
                    "what the server sends is not TLS: leave out --tls, or give the port at which it speaks TLS",
                    "--port",
                    Integer.toString(server.port()),
                    "--tls");
        }
    }

    @Test
    void aServerThatEndsTheConnection() throws IOException {
        try (FakeServer server = new FakeServer(FakeServer::receive)) {
            assertFails(
                    ": is it TLS that it speaks there, and does it demand a certificate, --cert and --key?",
                    "--port",
                    Integer.toString(server.port()),
                    "--tls");
        }
    }

    @Test
    void aServerThatShakesNoHands() throws IOException {
        try (FakeServer server =
                new FakeServer(client -> client.getInputStream().readAllBytes())) {
            String[] options = {"--port", Integer.toString(server.port()), "--tls", "--timeout", "200ms"};
            assertThat(run("client", options)).isEqualTo(1);
            assertThat(console.out()).contains("client 1 failed: no reply within 200 ms (shaking hands)");
            assertThat(run("load", options)).isEqualTo(1);
            assertThat(console.out()).contains("no end of the TLS handshake with 127.0.0.1:" + server.port());
        }
    }

    @Test
    void noSocket() throws IOException {
        Path none = directory.resolve("none");
        assertFails("there is no socket " + none + " (--unix)", "--unix", none.toString());
        Path file = Files.createFile(directory.resolve("file"));
        assertFails("connection refused: no process listens at " + file + " (--unix)", "--unix", file.toString());
        String tooLong = "/tmp/" + "x".repeat(200);
        assertFails("too long: " + tooLong + " (--unix)", "--unix", tooLong);
    }

    @Test
    void aProxyHeaderThatNobodyWaitsFor() throws IOException {
        try (ReactorServer server = echo().start()) {
            assertThat(run("client", with(server, "--proxy-header", "v1"))).isZero();
            assertThat(console.out()).contains("received: PROXY TCP4 127.0.0.1 127.0.0.1 ");
        }
    }

    // -- OpenSSL
    // ------------------------------------------------------------------------------------

    private static ChildProcess openssl(String... more) {
        assumeTrue(Shell.has("openssl", "version"), "no openssl here");
        List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", "127.0.0.1:0", "-rev"));
        command.addAll(List.of("-cert", TestKeys.certificate("server").toString()));
        command.addAll(List.of("-key", TestKeys.key("server").toString()));
        command.addAll(List.of(more));
        return ChildProcess.start(command.toArray(String[]::new));
    }

    private static String port(ChildProcess server) {
        String ready = server.awaitOut(line -> line.startsWith("ACCEPT"));
        return ready.substring(ready.lastIndexOf(':') + 1).trim();
    }

    /** It serves one client after the other, and says their messages backwards. */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void anOpensslServerAnswers(String version) {
        try (ChildProcess server = openssl(version)) {
            String port = port(server);
            String[] options = {"--port", port, "--tls", "--cacert", ca(), "--one-at-a-time"};
            assertThat(run("client", options)).as("%s %s", console, server).isZero();
            assertThat(console.out()).contains("client 1 received: olleh");
            String[] load = {
                "load",
                "--port",
                port,
                "--tls",
                "--cacert",
                ca(),
                "--framing",
                "line",
                "--message",
                "hello",
                "--expect",
                "olleh",
                "--connections",
                "1",
                "--messages",
                "100"
            };
            assertThat(Main.run(load)).as("%s %s", console, server).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void anOpensslServerDemandsACertificate(String version) {
        try (ChildProcess server = openssl(version, "-Verify", "1", "-verify_return_error", "-CAfile", ca())) {
            String port = port(server);
            assertFails(
                    ": the server demands a certificate, give one by --cert and --key",
                    "--port",
                    port,
                    "--tls",
                    "--cacert",
                    ca());
            String own = TestKeys.certificate("client").toString();
            String[] options = {
                "--port",
                port,
                "--tls",
                "--cacert",
                ca(),
                "--cert",
                own,
                "--key",
                TestKeys.key("client").toString()
            };
            assertThat(run("client", options)).as("%s %s", console, server).isZero();
        }
    }
}
