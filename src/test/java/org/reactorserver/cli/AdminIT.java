package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;
import org.reactorserver.helper.Ports;
import org.reactorserver.helper.TestKeys;

/** The admin endpoint of the packaged jar, as who runs the server at night has it. */
@Timeout(120)
class AdminIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTENING = "admin endpoint listening on ";
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final int SIGTERM = 128 + 15;

    @TempDir
    Path directory;

    private final HttpClient browser = HttpClient.newHttpClient(); // keeps its connection

    private static URI admin(JarProcess server) {
        String line = server.awaitErr(each -> each.contains(LISTENING));
        return URI.create(line.substring(line.indexOf(LISTENING) + LISTENING.length()));
    }

    private HttpResponse<String> get(URI admin, String path) throws Exception {
        return browser.send(
                HttpRequest.newBuilder(admin.resolve(path)).build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    @Test
    void prometheusOwnCheckIsContent() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is in Debian's package prometheus");
        try (JarProcess server = JarProcess.serve("--admin", "127.0.0.1:0", "--echo");
                Peer peer = new Peer(server)) {
            assertThat(peer.send("x").receive()).isEqualTo("x");
            Path metrics = Files.writeString(
                    directory.resolve("metrics"), get(admin(server), "/metrics").body());
            Process check = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                    .redirectInput(metrics.toFile())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(check.getInputStream().readAllBytes(), UTF_8)).isEmpty();
            assertThat(check.waitFor()).isZero();
        }
    }

    @Test
    void atSigtermItIsNotReadyAndServesOnForTheDelay() throws Exception {
        try (JarProcess server = JarProcess.serve("--admin", "127.0.0.1:0", "--drain-delay", "3s", "--echo")) {
            URI admin = admin(server);
            assertThat(get(admin, "/readyz").statusCode()).isEqualTo(200);
            server.terminate();
            Await.until("it is not ready", PATIENCE, () -> get(admin, "/readyz").statusCode() == 503);
            assertThat(get(admin, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(admin, "/doctor").body()).contains("the server is shutting down\n");
            try (Peer late = new Peer(server)) {
                assertThat(late.send("x").receive()).as("%s", server).isEqualTo("x");
            }
            assertThat(server.exitCode()).isEqualTo(SIGTERM);
            assertThat(server.err()).anyMatch(line -> line.contains("drained "));
        }
    }

    @Test
    void anAddressThatOthersReachHasToBeMeant() {
        try (JarProcess server = JarProcess.start("serve", "--port", "0", "--admin", "0.0.0.0:0")) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.err())
                    .containsExactly(
                            "reactor-server: Invalid value for option '--admin': needs --admin-remote, for an address that other"
                                    + " machines may reach (see --help)");
        }
        try (JarProcess server = JarProcess.start("serve", "--port", "0", "--admin-token-file", "token")) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.err())
                    .containsExactly(
                            "reactor-server: Invalid value for option '--admin-token-file': needs --admin, for what it is about (see"
                                    + " --help)");
        }
    }

    @Test
    void aPortThatIsTakenEndsTheStart() {
        try (JarProcess first = JarProcess.serve("--admin", "127.0.0.1:0")) {
            URI taken = admin(first);
            try (JarProcess second = JarProcess.start("serve", "--port", "0", "--admin", taken.getAuthority())) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err())
                        .containsExactly("reactor-server: the admin endpoint cannot listen on " + taken.getAuthority()
                                + ": Address already in use; choose another --admin");
            }
        }
    }

    @Test
    void whereTheModuleIsMissingTheServerServesWithoutIt() {
        try (JarProcess server = JarProcess.command()
                        .jvm("--limit-modules", "java.base,java.logging,java.management,java.naming,jdk.unsupported")
                        .serve("--admin", "127.0.0.1:0", "--echo");
                Peer peer = new Peer(server)) {
            server.awaitErr(
                    line -> line.contains("ERROR there is no admin endpoint without the JDK's module jdk.httpserver"));
            assertThat(peer.send("x").receive()).isEqualTo("x");
        }
    }

    /** By a connection that is there: a new one competes with the listener for the file that is kept back. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutFilesForNewConnectionsTheDoctorSaysSo() throws Exception {
        try (JarProcess server = JarProcess.command()
                .withTestClasses()
                .fileLimit(120)
                .serve("--handler", "example.Handlers$FileHog", "--admin", "127.0.0.1:0")) {
            URI admin = admin(server);
            assertThat(get(admin, "/doctor").statusCode()).isEqualTo(200); // this connection stays
            List<Peer> peers = new ArrayList<>();
            try {
                for (int i = 0; i < 200; i++) {
                    peers.add(new Peer(server).send("message " + i));
                }
                server.awaitErr(line -> line.contains("accept failed"));
                assertThat(get(admin, "/doctor").body())
                        .contains("new connections wait, because accept() fails: Too many open files (")
                        .contains("what helps is a higher limit of open files (ulimit -n, LimitNOFILE=)");
            } finally {
                for (Peer peer : peers) {
                    peer.close();
                }
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theDoctorSeesThatTheProcessWasStopped() throws Exception {
        try (JarProcess server = JarProcess.serve("--admin", "127.0.0.1:0", "--echo")) {
            URI admin = admin(server);
            assertThat(get(admin, "/healthz").statusCode()).isEqualTo(200);
            server.signal("STOP");
            CompletableFuture<HttpResponse<String>> answer = browser.sendAsync(
                    HttpRequest.newBuilder(admin.resolve("/doctor")).build(),
                    HttpResponse.BodyHandlers.ofString(UTF_8));
            assertThatThrownBy(() -> answer.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            server.signal("CONT");
            answer.get();
            Await.until(
                    "it is told",
                    PATIENCE,
                    () -> get(admin, "/doctor")
                            .body()
                            .matches(
                                    "(?s).*the process did not run for \\d.*: it was stopped, or the machine had no processor.*"));
        }
    }

    @Test
    void theDoctorSeesThatTheCertificateHasExpired() throws Exception {
        try (JarProcess server = JarProcess.serve(
                "--admin",
                "127.0.0.1:0",
                "--echo",
                "--tls-cert",
                TestKeys.certificate("expired").toString(),
                "--tls-key",
                TestKeys.key("expired").toString())) {
            assertThat(get(admin(server), "/doctor").body())
                    .contains("has a certificate that has expired on ", "; clients will refuse it: renew it\n");
        }
    }

    /** Neither the log nor the transcript can be written. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskStopsNothing() throws Exception {
        int port = Ports.freeTcp();
        int adminPort = Ports.freeTcp();
        Path full = Path.of("/dev/full");
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        System.getProperty("reactor.jar"),
                        "--port",
                        Integer.toString(port),
                        "--admin",
                        "127.0.0.1:" + adminPort,
                        "--framing",
                        "line",
                        "--echo",
                        "--transcript",
                        "all",
                        "--trace")
                .redirectOutput(full.toFile())
                .redirectError(full.toFile())
                .start();
        try {
            URI admin = URI.create("http://127.0.0.1:" + adminPort);
            Await.until("it answers", PATIENCE, () -> answers(admin));
            try (Caller caller = new Caller(new InetSocketAddress("127.0.0.1", port))) {
                for (int i = 0; i < 100; i++) {
                    assertThat(caller.send("x\n").line()).isEqualTo("x");
                }
            }
            assertThat(get(admin, "/metrics").body()).contains("reactor_messages_handled_total 100\n");
            Await.until(
                    "the doctor says so",
                    PATIENCE,
                    () -> get(admin, "/doctor")
                            .body()
                            .contains(
                                    "the log cannot be written, and what it says is lost: No space left on device\n"));
            server.destroy();
            assertThat(server.waitFor()).isEqualTo(SIGTERM);
        } finally {
            server.destroyForcibly();
        }
    }

    private boolean answers(URI admin) throws Exception {
        try {
            return get(admin, "/healthz").statusCode() == 200;
        } catch (ConnectException e) {
            return false;
        }
    }
}
