package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.helper.TestKeys;

/** Endpoints, certificates and access lists that cannot be used: one line that names the option and what helps. */
@Timeout(60)
class BadEdgeTest {
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path directory;

    @BeforeEach
    void listenIn() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "edge"); // paths of sockets are short
        System.setErr(new PrintStream(err, true, UTF_8));
    }

    @AfterEach
    void listenNoMore() throws IOException {
        System.setErr(realErr);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** KEYS is where the keys are, DIR an empty directory. */
    private String failureOf(int code, String arguments) {
        String keys = TestKeys.file("ca.pem").getParent().toString();
        String[] words = arguments
                .replace("KEYS", keys)
                .replace("DIR", directory.toString())
                .split(" +");
        assertThat(Main.run(words)).as(() -> "exit code; " + err).isEqualTo(code);
        assertThat(err.toString(UTF_8).lines()).hasSize(1);
        return err.toString(UTF_8).strip().replace(keys, "KEYS").replace(directory.toString(), "DIR");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --listen 127.0.0.1:0 --host 127.0.0.1    | --host | cannot be given beside --listen, which says where it listens
            --listen 127.0.0.1:0 --port 0            | --port | cannot be given beside --listen, which says where it listens
            --listen 127.0.0.1:0,tls                 | --listen | needs --tls-cert, for the TLS that it asks for
            --port 0 --tls-key KEYS/server.key       | --tls-key | needs --tls-cert, for the server's certificate
            --port 0 --tls-client-ca KEYS/ca.pem     | --tls-client-ca | needs --tls-cert, for the server's certificate
            --port 0 --tls-password-file none        | --tls-password-file | needs --tls-cert, for the server's certificate
            --port 0 --tls-cert KEYS/server.pem      | --tls-cert | needs --tls-key, for the key of each PEM certificate
            --port 0 --tls-cert KEYS/server.pem,KEYS/other.pem --tls-key KEYS/server.key | --tls-key | must be a key for each PEM certificate, of which there are 2, not KEYS/server.key
            --port 0 --tls-cert KEYS/server.pem --tls-key KEYS/other.key | --tls-key | KEYS/other.key is not the key of the first certificate in KEYS/server.pem
            --port 0 --tls-cert KEYS/server.pem --tls-key KEYS/sec1.key | --tls-key | KEYS/sec1.key has a key of an older format (EC PRIVATE KEY), and PKCS#8 without a password is expected; convert it: openssl pkcs8 -topk8 -nocrypt -in KEYS/sec1.key
            --port 0 --tls-cert KEYS/server.pem --tls-key KEYS/encrypted.key | --tls-key | KEYS/encrypted.key has an encrypted key (ENCRYPTED PRIVATE KEY), and PKCS#8 without a password is expected; convert it: openssl pkcs8
            --port 0 --tls-cert KEYS/none.pem --tls-key KEYS/server.key | --tls-cert | KEYS/none.pem does not exist
            --port 0 --tls-cert KEYS/server.key --tls-key KEYS/server.key | --tls-cert | KEYS/server.key has no certificate; a PEM file with
            --port 0 --tls-cert KEYS/server.pem --tls-key KEYS/server.key --tls-client-ca KEYS/none | --tls-client-ca | KEYS/none does not exist
            --port 0 --tls-cert KEYS/server.p12      | --tls-cert | KEYS/server.p12 is no PKCS#12 file, or the password is wrong
            --allow 192.0.2.0/99                      | --allow | '192.0.2.0/99' has no prefix from 0 to 32
            --deny here                              | --deny | 'here' is no IP address: expected an address or a block
            --proxy-trust 1.2.3                      | --proxy-trust | '1.2.3' is no IP address: expected an address or a block
            --socket-mode 999                        | --socket-mode | '999' is no mode such as 0660 or 600
            --listen 127.0.0.1:1x                    | --listen | '127.0.0.1:1x' is no place to listen at: expected HOST:PORT
            --listen unix:DIR/none/s                 | --listen | cannot listen on unix:DIR/none/s: there is no such directory; choose another path
            """)
    void isAWrongValueOfItsOption(String arguments, String option, String problem) {
        assertThat(failureOf(2, arguments))
                .startsWith("reactor-server: Invalid value for option '" + option + "': ")
                .contains(problem)
                .doesNotContain("Exception");
    }

    @Test
    void aSocketsPathMayBeTooLong() {
        assertThat(failureOf(2, "--listen unix:DIR/" + "x".repeat(120)))
                .startsWith("reactor-server: Invalid value for option '--listen': cannot listen on unix:DIR/xxx")
                .contains("the path is too long: it has ", " bytes of at most 106,", "; choose another path (see");
    }

    @Test
    void aSocketsPathMayBeAnothers() throws IOException {
        Path socket = directory.resolve("s");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            assertThat(failureOf(2, "--listen unix:DIR/s"))
                    .isEqualTo(
                            "reactor-server: Invalid value for option '--listen': cannot listen on unix:DIR/s: another"
                                    + " program listens there; choose another path, or end what is there (see --help)");
        }
    }

    @Test
    void aFileIsNotOverwritten() throws IOException {
        Files.writeString(directory.resolve("file"), "mine");
        assertThat(failureOf(2, "--listen unix:DIR/file")).contains("no socket, and it is left alone; choose another");
        assertThat(directory.resolve("file")).hasContent("mine");
    }

    /** As with --port, it is no wrong usage: a moment later it may be free. */
    @Test
    void aPortMayBeAnothers() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(failureOf(1, "--listen 127.0.0.1:" + other.getLocalPort()))
                    .endsWith("another program listens there, or did a moment ago: choose another port for --listen"
                            + " (0 for any)");
        }
    }

    @Test
    void anAddressMayBeAnotherMachines() {
        assertThat(failureOf(1, "--listen 192.0.2.1:1"))
                .endsWith("; the host of --listen must be an address of this machine or a name for one, or 0.0.0.0 for"
                        + " all");
        err.reset();
        assertThat(failureOf(1, "--host 192.0.2.1"))
                .endsWith("; --host must be an address of this machine or a name for one, or 0.0.0.0 for all");
    }

    @Test
    void noSocketMayBeInherited() {
        assertThat(failureOf(1, "--listen inherit"))
                .contains("cannot listen on inherit: file 0 is ", "; without such a launcher, --listen HOST:PORT");
    }
}
