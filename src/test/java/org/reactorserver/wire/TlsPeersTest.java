package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Shell;
import org.reactorserver.helper.TestKeys;

/** Other people's TLS, over sockets. */
@Timeout(300)
class TlsPeersTest {
    private static TlsEcho echo;
    private static TlsEcho demanding;

    @BeforeAll
    static void start() throws IOException {
        Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"))
                .andPem(TestKeys.certificate("server-rsa"), TestKeys.key("server-rsa"))
                .andPem(TestKeys.certificate("other"), TestKeys.key("other"))
                .alpn("echo", "http/1.1");
        echo = new TlsEcho(keys);
        demanding = new TlsEcho(keys.clientCa(TestKeys.certificate("ca")));
    }

    @AfterAll
    static void stop() throws IOException {
        echo.close();
        demanding.close();
    }

    private static String ca() {
        return TestKeys.certificate("ca").toString();
    }

    // ---- the JDK's sockets

    private static SSLSocket connect(TlsEcho server, String name, String protocol, Identity identity)
            throws IOException {
        TlsFiles files = new TlsFiles(List.of(TestKeys.certificate("ca")));
        TrustManager[] trusted = files.trust(TestKeys.certificate("ca"));
        Identities keys = identity == null ? null : new Identities(List.of(identity));
        SSLContext context = TlsContext.jdk(keys, trusted);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setProtocols(new String[] {protocol});
        parameters.setApplicationProtocols(new String[] {"other", "echo"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, localhost, CN=test server",
        "TLSv1.2, localhost, CN=test server",
        "TLSv1.3, other.test, CN=test other",
        "TLSv1.2, other.test, CN=test other",
        "TLSv1.3, a.wild.test, CN=test other",
        "TLSv1.3, A.WILD.TEST, CN=test other",
        "TLSv1.3, a.b.wild.test, CN=test server",
        "TLSv1.3, unknown.test, CN=test server"
    })
    void aJdkClientIsAnsweredByTheRightServer(String protocol, String name, String subject) throws IOException {
        try (SSLSocket socket = connect(echo, name, protocol, null)) {
            byte[] sent = new byte[100_000];
            Arrays.fill(sent, (byte) 'x');
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(sent);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            writer.start();
            assertThat(socket.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo(subject);
            TlsSession session = echo.awaitSession();
            assertThat(session.serverName()).isEqualToIgnoringCase(name);
            assertThat(session.applicationProtocol()).isEqualTo("echo");
            assertThat(session.protocol()).isEqualTo(protocol);
        }
        assertThat(echo.awaitEnd()).isEqualTo(protocol.equals("TLSv1.3") ? "ORDERLY" : "BOTH_WAYS");
    }

    @Test
    void aClientThatIsKnownResumes() throws IOException {
        TlsContext client = new TlsContext(
                TlsContext.jdk(
                        null, new TlsFiles(List.of(TestKeys.certificate("ca"))).trust(TestKeys.certificate("ca"))),
                List.of());
        List<Long> created = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), echo.port());
                    SSLSocket socket = (SSLSocket)
                            client.context().getSocketFactory().createSocket(plain, "localhost", echo.port(), true)) {
                socket.getOutputStream().write('x');
                assertThat(socket.getInputStream().read()).isEqualTo('x');
                created.add(socket.getSession().getCreationTime());
            }
            assertThat(echo.awaitSession().serverName()).isNull();
            echo.awaitEnd();
        }
        assertThat(created.get(1)).isEqualTo(created.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientsCertificateIsTold(String protocol) throws IOException {
        TlsFiles files = new TlsFiles(List.of(TestKeys.certificate("client"), TestKeys.key("client")));
        Identity identity = files.pem(TestKeys.certificate("client"), TestKeys.key("client"));
        try (SSLSocket socket = connect(demanding, "localhost", protocol, identity)) {
            socket.getOutputStream().write('x');
            assertThat(socket.getInputStream().read()).isEqualTo('x');
        }
        assertThat(demanding.awaitSession().peerCertificate()).isEqualTo(identity.certificate());
        demanding.awaitEnd();
    }

    @Test
    void halfCloseOfAJdkClientIsAnsweredInFull() throws IOException {
        try (SSLSocket socket = connect(echo, "localhost", "TLSv1.3", null)) {
            socket.getOutputStream().write("all of it".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("all of it");
        }
        echo.awaitSession();
        assertThat(echo.awaitEnd()).isEqualTo("ORDERLY");
    }

    @Test
    void plainTextIsAnsweredWithNothing() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), echo.port())) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(echo.awaitEnd()).startsWith("NOT_TLS what the peer sends is not TLS; ");
    }

    @Test
    void whoComesAndGoesHarmsNobody() throws IOException {
        for (int i = 0; i < 20; i++) {
            new Socket(InetAddress.getLoopbackAddress(), echo.port()).close();
            assertThat(echo.awaitEnd()).isEqualTo("ORDERLY");
        }
    }

    // ---- other programs

    /** What s_client says to its commands; one that is typed too early is lost, with the line behind it. */
    private static final Map<String, String> ANSWERS =
            Map.of("K", "KEYUPDATE", "k", "KEYUPDATE", "R", "RENEGOTIATING", "Q", "DONE");

    private static void assume(String... command) {
        assumeTrue(Shell.has(command), "no " + command[0] + " here");
    }

    /** Runs s_client; what is typed is waited for before the next is typed. Returns everything that it said. */
    private static String openssl(TlsEcho server, List<String> options, String... typed) throws Exception {
        assume("openssl", "version");
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + server.port(),
                "-CAfile",
                ca(),
                "-verify_return_error"));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder said = new StringBuilder();
        try (OutputStream in = process.getOutputStream()) {
            for (String line : typed) {
                in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                in.flush();
                awaitText(process.getInputStream(), said, ANSWERS.getOrDefault(line, line));
            }
        }
        said.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said.toString();
    }

    private static void awaitText(InputStream from, StringBuilder said, String text) throws IOException {
        int start = said.length();
        int c;
        while (said.indexOf(text, start) < 0 && (c = from.read()) >= 0) {
            said.append((char) c);
        }
    }

    @ParameterizedTest
    @CsvSource({"-tls1_3, ORDERLY", "-tls1_2, BOTH_WAYS"})
    void opensslIsAnswered(String version, String end) throws Exception {
        String said = openssl(echo, List.of(version, "-servername", "localhost", "-alpn", "echo"), "hello echo", "Q");
        assertThat(said)
                .contains("hello echo")
                .contains("Verify return code: 0 (ok)")
                .contains("ALPN protocol: echo");
        TlsSession session = echo.awaitSession();
        assertThat(session.serverName()).isEqualTo("localhost");
        assertThat(session.applicationProtocol()).isEqualTo("echo");
        assertThat(echo.awaitEnd()).isEqualTo(end);
    }

    @Test
    void opensslMayUpdateItsKeys() throws Exception {
        String said = openssl(echo, List.of("-tls1_3"), "before it", "K", "after it", "k", "and again", "Q");
        assertThat(said).contains("KEYUPDATE").contains("after it").contains("and again");
        echo.awaitSession();
        assertThat(echo.awaitEnd()).isEqualTo("ORDERLY");
    }

    @Test
    void opensslMayNotRenegotiate() throws Exception {
        openssl(echo, List.of("-tls1_2"), "before it", "R");
        echo.awaitSession();
        assertThat(echo.awaitEnd()).startsWith("RENEGOTIATION ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-tls1_1 -cipher ALL:@SECLEVEL=0",
                "-tls1 -cipher ALL:@SECLEVEL=0",
                "-tls1_2 -cipher AES128-GCM-SHA256",
                "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256",
                "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA",
                "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256",
                "-alpn nothing-that-is-known"
            })
    void whatIsWeakOrUnknownIsRefused(String options) throws Exception {
        String said = openssl(echo, List.of(options.split(" ")));
        assertThat(said).containsPattern("alert|no protocols available");
        assertThat(echo.awaitEnd()).startsWith("HANDSHAKE TLS handshake failed: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256",
                "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305",
                "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256",
                "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256 -sigalgs rsa_pss_rsae_sha256"
            })
    void whatIsStrongIsSpoken(String options) throws Exception {
        String said = openssl(echo, List.of(options.split(" ")), "hello echo", "Q");
        assertThat(said).contains("Verify return code: 0 (ok)");
        echo.awaitSession();
        echo.awaitEnd();
    }

    @ParameterizedTest
    @CsvSource({"client, true", "strange-client, false"})
    void opensslsCertificateIsChecked(String name, boolean isTrusted) throws Exception {
        List<String> options = List.of(
                "-cert",
                TestKeys.certificate(name).toString(),
                "-key",
                TestKeys.key(name).toString());
        String said = openssl(demanding, options, isTrusted ? new String[] {"hello echo", "Q"} : new String[] {});
        if (isTrusted) {
            assertThat(said).contains("hello echo");
            assertThat(demanding
                            .awaitSession()
                            .peerCertificate()
                            .getSubjectX500Principal()
                            .getName())
                    .isEqualTo("CN=test client");
            assertThat(demanding.awaitEnd()).isEqualTo("ORDERLY");
        } else {
            assertThat(demanding.awaitEnd()).startsWith("HANDSHAKE TLS handshake failed: ");
        }
    }

    @Test
    void pythonIsAnsweredAndItsMannersAreTold() {
        assume("python3", "-c", "import ssl");
        String script = """
                import socket, ssl, sys
                context = ssl.create_default_context(cafile=sys.argv[2])
                for polite in (True, False):
                    raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                    tls = context.wrap_socket(raw, server_hostname="localhost")
                    sent = b"x" * 50000
                    tls.sendall(sent)
                    got = b""
                    while len(got) < len(sent):
                        got += tls.recv(65536)
                    assert got == sent
                    if polite:
                        tls.unwrap()
                    tls.close()
                """;
        Shell.run("python3", "-c", script, Integer.toString(echo.port()), ca());
        for (String end : List.of("ORDERLY", "TRUNCATED")) {
            echo.awaitSession();
            assertThat(echo.awaitEnd()).isEqualTo(end);
        }
    }

    @Test
    void curlIsAnswered() {
        assume("curl", "--version");
        String said = Shell.run(
                "curl",
                "-sS",
                "--noproxy",
                "*",
                "--http1.1",
                "--cacert",
                ca(),
                "https://localhost:" + echo.port() + "/",
                "--resolve",
                "localhost:" + echo.port() + ":127.0.0.1");
        assertThat(said).isEqualTo("ok\n");
        assertThat(echo.awaitSession().applicationProtocol()).isEqualTo("http/1.1");
        assertThat(echo.awaitEnd()).isIn("ORDERLY", "TRUNCATED");
    }

    /** The other way round: this client, and OpenSSL's server. */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void anOpensslServerIsSpokenWith(String version) throws Exception {
        assume("openssl", "version");
        try (ChildProcess server = ChildProcess.start(
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:0",
                version,
                "-rev",
                "-cert",
                TestKeys.certificate("server").toString(),
                "-key",
                TestKeys.key("server").toString())) {
            String ready = server.awaitOut(line -> line.startsWith("ACCEPT"));
            int port =
                    Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1).trim());
            ClientTls client =
                    ClientTls.builder().cacert(TestKeys.certificate("ca")).build();
            try (TlsCaller caller = new TlsCaller(client, port)) {
                caller.send("hello echo\n");
                assertThat(caller.await("ohce olleh")).contains("ohce olleh");
                assertThat(caller.session().protocol()).isEqualTo(version.equals("-tls1_3") ? "TLSv1.3" : "TLSv1.2");
            }
        }
    }
}
