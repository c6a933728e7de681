package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.HaProxy;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.helper.TlsSockets;

/** Behind a real HAProxy that says who its clients are, with the configuration of docs/operations.md. */
class HaProxyIT {
    private static final String CHECKED = "closed: connection lost";

    @BeforeEach
    void thereIsOne() {
        assumeTrue(HaProxy.isInstalled(), "skipped: haproxy is not installed");
    }

    private static JarProcess serve(String... more) {
        List<String> options = new ArrayList<>(List.of("--framing", "line", "--echo"));
        options.addAll(List.of(more));
        return JarProcess.serve(options.toArray(new String[0]));
    }

    private static JarProcess serveTls(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--listen",
                "127.0.0.1:0,tls,proxy",
                "--tls-cert",
                TestKeys.certificate("server").toString(),
                "--tls-key",
                TestKeys.key("server").toString(),
                "--tls-client-ca",
                TestKeys.certificate("ca").toString()));
        options.addAll(List.of(more));
        return serve(options.toArray(new String[0]));
    }

    private static HaProxy proxyTls(JarProcess server) throws IOException {
        String both = Files.readString(TestKeys.certificate("server")) + Files.readString(TestKeys.key("server"));
        String authority = Files.readString(TestKeys.certificate("ca"));
        return HaProxy.startWithTls(
                server.port(), text -> text, Map.of("balancer-both.pem", both, "ca.pem", authority));
    }

    private static void assertEcho(Socket socket) throws IOException {
        byte[] hello = "hello\n".getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(hello);
        assertThat(socket.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
    }

    private static void assertNothingButWhatIsInForce(JarProcess server) {
        assertThat(server.err()).as("%s", server).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
    }

    @Test
    void aClientWithACertificateIsServedByItsOwnAddressAndOneWithoutIsNot() throws IOException {
        try (JarProcess server = serveTls();
                HaProxy proxy = proxyTls(server)) {
            try (Socket socket = TlsSockets.withCertificate(proxy.port(), "client")) {
                String name = "127.0.0.1:" + socket.getLocalPort();
                assertEcho(socket);
                server.awaitOut(line -> line.endsWith(" " + name + " connected"));
                server.awaitOut(line -> line.endsWith(" " + name + " hello"));
            }
            try (Socket socket = TlsSockets.trustful(proxy.port())) {
                assertThatThrownBy(() -> assertEcho(socket)).isInstanceOf(IOException.class);
            }
            assertNothingButWhatIsInForce(server);
        }
    }

    @Test
    void onlyTheProxysCertificateOpensTheServer() throws IOException {
        try (JarProcess server = serveTls("--transcript", "off");
                Socket socket = TlsSockets.trustful(server.port())) {
            assertThatThrownBy(() -> assertEcho(socket)).isInstanceOf(IOException.class); // and sends no header
            server.awaitErr(line -> line.contains("no PROXY header: the connection begins with"));
        }
    }

    /** With TLS the check's end may come before the handshake's. */
    @Test
    void checksWithTlsAreNotLogged() throws IOException {
        try (JarProcess server = serveTls();
                HaProxy proxy = proxyTls(server)) {
            server.awaitOut(3, line -> line.endsWith(CHECKED) || line.endsWith("turned away: connection lost"));
            assertThat(proxy.status("one")).isEqualTo("UP");
            assertNothingButWhatIsInForce(server);
        }
    }

    @Test
    void checksWithoutTlsAreNotLoggedAndClientsAreServed() throws IOException {
        try (JarProcess server = serve("--listen", "127.0.0.1:0,proxy");
                HaProxy proxy = HaProxy.startWithTls(
                        server.port(), text -> text.replaceAll(" ssl crt .* verify required.*", ""), Map.of())) {
            server.awaitOut(3, line -> line.endsWith(CHECKED));
            assertThat(proxy.status("one")).isEqualTo("UP");
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                assertEcho(socket);
                server.awaitOut(line -> line.endsWith(" 127.0.0.1:" + socket.getLocalPort() + " connected"));
            }
            assertNothingButWhatIsInForce(server);
        }
    }

    @Test
    void checksPassAnAccessListThatKeepsTheProxyItselfOut() throws IOException {
        try (JarProcess server = serveTls("--allow", "192.0.2.0/24", "--max-connections-per-ip", "1");
                HaProxy proxy = proxyTls(server)) {
            server.awaitOut(3, line -> line.endsWith(CHECKED) || line.endsWith("turned away: connection lost"));
            assertThat(proxy.status("one")).isEqualTo("UP");
            assertThat(server.out()).noneMatch(line -> line.contains("access denied"));
            try (Socket socket = TlsSockets.withCertificate(proxy.port(), "client")) {
                assertThatThrownBy(() -> assertEcho(socket)).isInstanceOfAny(IOException.class, AssertionError.class);
                server.awaitOut(line -> line.endsWith("turned away: access denied"));
            }
            assertNothingButWhatIsInForce(server);
        }
    }

    /** So nothing is printed of them anywhere. */
    @Test
    void withoutATranscriptNothingIsPrinted() throws IOException {
        try (JarProcess server = serveTls("--transcript", "off");
                HaProxy proxy = proxyTls(server);
                Socket socket = TlsSockets.withCertificate(proxy.port(), "client")) {
            assertEcho(socket);
            assertThat(server.terminate().exitCode()).isEqualTo(143);
            assertThat(server.out()).hasSize(1); // the ready line
            assertNothingButWhatIsInForce(server);
        }
    }
}
