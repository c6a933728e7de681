package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.TestKeys;

/** Who speaks what is not spoken there: one line of the log that says what helps, and a reason in the transcript. */
class StrangersIT {
    private static final byte[] TEXT = "hello\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLIENT_HELLO = {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3};

    private static JarProcess serve(String... more) {
        String[] options = {
            "--framing",
            "line",
            "--echo",
            "--tls-cert",
            TestKeys.certificate("server").toString(),
            "--tls-key",
            TestKeys.key("server").toString(),
            "--listen",
            "127.0.0.1:0,tls",
            "--listen",
            "127.0.0.1:0",
            "--listen",
            "127.0.0.1:0,proxy",
        };
        String[] all = Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return JarProcess.serve(all);
    }

    /** Sends this to the so-manieth endpoint, in their order. Returns how the server calls the sender. */
    private static String send(JarProcess server, int endpoint, byte[] bytes) throws IOException {
        List<String> ready = server.awaitOut(3, line -> line.startsWith("reactor-server listening on "));
        int port = Integer.parseInt(ready.get(endpoint).replaceFirst(".*:", ""));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) ChildProcess.PATIENCE.toMillis());
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            String name = "127.0.0.1:" + socket.getLocalPort();
            server.awaitOut(line -> line.contains(" " + name + " ") && !line.endsWith(" connected"));
            return name;
        }
    }

    private static void assertOneLine(JarProcess server, String name, String problem) {
        server.awaitErr(line -> line.contains("INFO " + name + ": " + problem));
        assertThat(server.err())
                .as("%s", server)
                .filteredOn(line -> line.contains(name))
                .hasSize(1);
        assertThat(server.err()).noneMatch(line -> line.contains("Exception"));
    }

    @Test
    void plainTextWhereTlsIsSpoken() throws IOException {
        try (JarProcess server = serve()) {
            String name = send(server, 0, TEXT);
            assertOneLine(server, name, "what the peer sends is not TLS; clients that speak none need a --listen");
            server.awaitOut(line -> line.equals("! " + name + " turned away: not TLS"));
        }
    }

    @Test
    void tlsWherePlainTextIsSpoken() throws IOException {
        try (JarProcess server = serve()) {
            String name = send(server, 1, CLIENT_HELLO);
            assertOneLine(
                    server, name, "the peer speaks TLS where none is spoken: --tls-cert, or a --listen with ,tls");
            server.awaitOut(line -> line.endsWith(name + " closed: TLS where none is spoken"));
        }
    }

    @Test
    void noHeaderWhereOneIsRequired() throws IOException {
        try (JarProcess server = serve()) {
            String name = send(server, 2, TEXT);
            assertOneLine(
                    server, name, "no PROXY header: the connection begins with 'hello\\n'; clients that send none");
            server.awaitOut(line -> line.equals("! " + name + " turned away: no PROXY header that is accepted"));
        }
    }

    @Test
    void aHeaderThatIsTooLong() throws IOException {
        try (JarProcess server = serve()) {
            String name = send(server, 2, ("PROXY TCP4 " + "1".repeat(200)).getBytes(StandardCharsets.UTF_8));
            assertOneLine(server, name, "PROXY header too long: ");
            server.awaitOut(line -> line.equals("! " + name + " turned away: no PROXY header that is accepted"));
        }
    }

    /** It is turned away before it has said anything, which may then be lost to a reset. */
    @Test
    void aHeaderOfSomebodyElse() throws IOException {
        try (JarProcess server = serve("--proxy-trust", "192.0.2.1")) {
            String name = send(server, 2, new byte[0]);
            assertOneLine(server, name, "no PROXY header is taken from 127.0.0.1: --proxy-trust names those that may");
            server.awaitOut(line -> line.equals("! " + name + " turned away: no PROXY header that is accepted"));
        }
    }
}
