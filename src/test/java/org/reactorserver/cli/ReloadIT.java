package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.IgnoredSignals;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.helper.TlsSockets;

/** SIGHUP, and files that change without one. */
class ReloadIT {

    @BeforeEach
    void theSignalMustReachTheServer() {
        assumeFalse(IgnoredSignals.contain(1), "skipped: SIGHUP is ignored in this environment");
    }

    private static final int SIGHUP = 128 + 1;
    private static final String LISTS_READ = "new connections are let in as --allow and --deny say now";
    private static final String LISTS_KEPT = "the access list stays as it was: ";
    private static final String KEYS_READ =
            "new connections use the certificates and keys as they are in the files now";
    private static final String KEYS_KEPT = "the certificates and keys stay as they were: ";

    @TempDir
    private Path directory;

    @Test
    void whereNothingCanBeReadAgainItEndsTheServer() {
        try (JarProcess server = JarProcess.serve()) {
            server.signal("HUP");
            assertThat(server.exitCode()).as("%s", server).isEqualTo(SIGHUP);
            assertThat(server.err()).anyMatch(line -> line.contains("drained 0 sessions"));
        }
    }

    @Test
    void theAccessListIsReadAgainAndWhoIsInStays() throws IOException {
        Path config = Files.writeString(directory.resolve("server.conf"), "echo=true\nframing=line\n");
        try (JarProcess server = JarProcess.serve("--config", config.toString());
                Peer inside = new Peer(server)) {
            assertThat(inside.send("one\n").receiveLine()).as("%s", server).isEqualTo("one");

            Files.writeString(config, "echo=true\nframing=line\ndeny=127.0.0.0/8\n");
            server.signal("HUP");
            server.awaitErr(line -> line.endsWith(LISTS_READ));
            assertIsTurnedAway(server);
            assertThat(inside.send("two\n").receiveLine()).as("%s", server).isEqualTo("two");

            Files.writeString(config, "echo=true\nframing=line\nallow=here\n");
            server.signal("HUP");
            assertThat(server.awaitErr(line -> line.contains(LISTS_KEPT)))
                    .contains("WARN", "'--allow'", "'here' is no IP address");
            assertIsTurnedAway(server);

            Files.writeString(config, "echo=true\nframing=line\nallow=127.0.0.1\n");
            server.signal("HUP");
            server.awaitErr(2, line -> line.endsWith(LISTS_READ));
            try (Peer again = new Peer(server)) {
                assertThat(again.send("three\n").receiveLine()).as("%s", server).isEqualTo("three");
            }
            assertThat(server.terminate().exitCode()).as("%s", server).isEqualTo(128 + 15);
        }
    }

    private static void assertIsTurnedAway(JarProcess server) throws IOException {
        try (Socket socket = new Socket(server.address().getAddress(), server.port())) {
            String name = "127.0.0.1:" + socket.getLocalPort();
            server.awaitOut(line -> line.equals("! " + name + " turned away: access denied"));
        }
    }

    @Test
    void certificatesAreReadAgainOnTheSignalAndWithoutIt() throws IOException {
        Path certificate = directory.resolve("tls.pem");
        Path key = directory.resolve("tls.key");
        copy("server", certificate, key);
        try (JarProcess server = JarProcess.serve(
                        "--framing",
                        "line",
                        "--echo",
                        "--tls-cert",
                        certificate.toString(),
                        "--tls-key",
                        key.toString());
                SSLSocket inside = TlsSockets.trustful(server.port())) {
            assertThat(nameOf(inside)).isEqualTo("CN=test server");

            copy("other", certificate, key);
            server.signal("HUP");
            server.awaitErr(line -> line.endsWith(KEYS_READ));
            assertThat(nameAt(server)).isEqualTo("CN=test other");

            Files.copy(TestKeys.key("sec1"), key, StandardCopyOption.REPLACE_EXISTING);
            server.signal("HUP");
            assertThat(server.awaitErr(line -> line.contains(KEYS_KEPT)))
                    .contains("WARN", key + " has a key of an older format", "openssl pkcs8 -topk8 -nocrypt");
            assertThat(nameAt(server)).isEqualTo("CN=test other");

            copy("server", certificate, key); // and no signal: within the look's ten seconds
            server.awaitErr(2, line -> line.endsWith(KEYS_READ));
            assertThat(nameAt(server)).isEqualTo("CN=test server");

            inside.getOutputStream().write("still here\n".getBytes(StandardCharsets.UTF_8));
            assertThat(inside.getInputStream().readNBytes(11)).asString().isEqualTo("still here\n");
        }
    }

    private static void copy(String name, Path certificate, Path key) throws IOException {
        Files.copy(TestKeys.certificate(name), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(TestKeys.key(name), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String nameAt(JarProcess server) throws IOException {
        try (SSLSocket socket = TlsSockets.trustful(server.port())) {
            return nameOf(socket);
        }
    }

    private static String nameOf(SSLSocket socket) throws IOException {
        return socket.getSession().getPeerPrincipal().getName();
    }
}
