package org.reactorserver.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.CloseReason;
import org.reactorserver.ReactorServer;
import org.reactorserver.ServerObserver;
import org.reactorserver.Session;
import org.reactorserver.client.ClientListener;
import org.reactorserver.client.ClientPlan;
import org.reactorserver.client.ClientPlan.Order;
import org.reactorserver.client.Clients;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Text;
import org.reactorserver.helper.FakeServer;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;
import org.reactorserver.load.run.LoadRun;

/** The clients and the load client, by every way to a server of ours. */
@Timeout(120)
class RoutesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private ReactorServer echo(Way way) throws IOException {
        return way.server(directory)
                .handler((session, message) -> session.send(message))
                .start();
    }

    private static int port(Way way, ReactorServer server) {
        return way.isUnix() ? 1 : server.port();
    }

    // -- clients
    // ------------------------------------------------------------------------------------

    private static final class Outcome implements ClientListener {
        final Map<Integer, String> told = new TreeMap<>();

        @Override
        public void replied(int id, String reply) {
            told.put(id, reply);
        }

        @Override
        public void failed(int id, String reason) {
            told.put(id, "failed: " + reason);
        }
    }

    private Map<Integer, String> clients(Way way, ReactorServer server, String message, Order order)
            throws IOException {
        Route route = way.route(directory);
        SocketAddress address = route.resolve("localhost", port(way, server));
        Outcome outcome = new Outcome();
        Clients.run(
                new ClientPlan(address, route, Framing.lines(), Text.UTF_8, 3, message, order, Duration.ZERO, PATIENCE),
                outcome);
        return outcome.told;
    }

    @ParameterizedTest
    @EnumSource
    void clientsAreAnswered(Way way) throws IOException {
        try (ReactorServer server = way.server(directory)
                .handler((session, message) -> session.send(message + " " + session.peer() + " "
                        + (session.tls() == null ? "in clear" : session.tls().protocol()) + " "
                        + (way.isMutual() ? session.tls().peerCertificate().getSubjectX500Principal() : "")))
                .start()) {
            String how = way.isTls() ? "TLSv1.3" : "in clear";
            String who = way.isMutual() ? "CN=test client" : "";
            clients(way, server, "客户端{id}", Order.AT_ONCE)
                    .forEach((id, reply) -> assertThat(reply)
                            .startsWith("客户端" + id
                                    + (way.isProxied()
                                            ? " /192.0.2.7:4711 "
                                            : way.isUnix() ? " null " : " /127.0.0.1:"))
                            .endsWith(" " + how + " " + who));
        }
    }

    @ParameterizedTest
    @CsvSource({"TLS, TOGETHER", "TLS, ONE_AT_A_TIME", "UNIX, TOGETHER", "UNIX_TLS, TOGETHER"})
    void clientsKeepStep(Way way, Order order) throws IOException {
        try (ReactorServer server = echo(way)) {
            assertThat(clients(way, server, "{id}", order)).isEqualTo(Map.of(1, "1", 2, "2", 3, "3"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "UNIX_TLS"})
    void whatIsLargerThanAnyBufferComesAndGoes(Way way) throws IOException {
        String large = "大".repeat(300_000);
        try (ReactorServer server = way.server(directory)
                .maxMessage(1_000_000)
                .handler((session, message) -> session.send(message))
                .start()) {
            assertThat(clients(way, server, large, Order.AT_ONCE)).isEqualTo(Map.of(1, large, 2, large, 3, large));
        }
    }

    /** Nobody takes what a client says for cut off. */
    @ParameterizedTest
    @EnumSource
    void everyEndIsInOrder(Way way) throws Exception {
        List<CloseReason> reasons = new CopyOnWriteArrayList<>();
        ReactorServer server = way.server(directory)
                .handler((session, message) -> session.send(message))
                .observer(new ServerObserver() {
                    @Override
                    public void closed(Session session, CloseReason reason) {
                        reasons.add(reason);
                    }
                })
                .start();
        try (server) {
            clients(way, server, "{id}", Order.AT_ONCE);
            load(way, server, plan -> {});
            server.drain(PATIENCE);
        }
        assertThat(reasons).hasSize(7).containsOnly(CloseReason.END_OF_STREAM);
    }

    // -- TLS with somebody else
    // ---------------------------------------------------------------------

    private static FakeServer tls(String protocol, FakeServer.Behaviour behaviour) throws Exception {
        char[] password = TestKeys.PASSWORD.toCharArray();
        KeyStore store = KeyStore.getInstance(TestKeys.file("server.p12").toFile(), password);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new FakeServer(client -> {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(client, null, false);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            behaviour.serve(socket);
        });
    }

    private Map<Integer, String> clientsOf(FakeServer server) throws IOException {
        Outcome outcome = new Outcome();
        Clients.run(
                new ClientPlan(
                        server.address(),
                        Way.TLS.route(directory),
                        Framing.lines(),
                        Text.UTF_8,
                        5,
                        "{id}",
                        Order.AT_ONCE,
                        Duration.ZERO,
                        PATIENCE),
                outcome);
        return outcome.told;
    }

    /** In TLS 1.2 it may come in one piece with the end of the handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void whatAServerSaysFirstIsNotLost(String protocol) throws Exception {
        try (FakeServer server = tls(protocol, client -> {
            FakeServer.send(client, "welcome\n");
            client.getInputStream().readAllBytes();
        })) {
            assertThat(clientsOf(server).values()).hasSize(5).containsOnly("welcome");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aStreamThatIsCutOffIsTold(String protocol) throws Exception {
        try (FakeServer server = tls(protocol, FakeServer::receive)) { // only the TCP connection is closed behind it
            assertThat(clientsOf(server).values())
                    .hasSize(5)
                    .containsOnly("failed: the server closed the connection (sent, waiting for the reply,"
                            + " without the end that TLS demands)");
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .route(Way.TLS.route(directory))
                    .connections(1)
                    .messages(1)
                    .misbehaviour(Misbehaviour.HALF_CLOSE)
                    .build();
            Report report = new LoadRun(plan, List.of()).run();
            assertThat(report.errors()).singleElement().satisfies(error -> {
                assertThat(error.kind()).isEqualTo(ErrorKind.END_OF_STREAM);
                assertThat(error.sample()).endsWith(", without the end that TLS demands");
            });
        }
    }

    // -- load
    // ---------------------------------------------------------------------------------------

    private Report load(Way way, ReactorServer server, Consumer<LoadPlan.Builder> changes) throws Exception {
        LoadPlan.Builder plan = LoadPlan.builder()
                .host("localhost")
                .port(port(way, server))
                .route(way.route(directory))
                .framing(Framing.lines())
                .connections(4)
                .messages(400)
                .depth(8)
                .timeout(PATIENCE)
                .expectEcho();
        changes.accept(plan);
        Report report = new LoadRun(plan.build(), List.of()).run();
        assertThat(report.messages().addUp())
                .as("the ledger: %s", report.messages())
                .isTrue();
        return report;
    }

    private static void assertAllMatched(Report report, int connections) {
        assertThat(report.verdict())
                .as("%s %s", report.reasons(), report.errors())
                .isNotEqualTo(Verdict.FAIL); // it may be too slow
        assertThat(report.messages().matched()).isEqualTo(400);
        assertThat(report.connections().opened()).isEqualTo(connections);
        assertThat(report.connections().lost()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void loadIsAnswered(Way way) throws Exception {
        try (ReactorServer server = echo(way)) {
            Report report = load(way, server, plan -> {});
            assertAllMatched(report, 4);
            assertThat(report.target())
                    .isEqualTo(way.isUnix() ? "unix:" + Way.socket(directory) : "127.0.0.1:" + server.port());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "UNIX", "UNIX_TLS"})
    void largeMessagesAreMatched(Way way) throws Exception {
        try (ReactorServer server = way.server(directory)
                .maxMessage(1_000_000)
                .handler((session, message) -> session.send(message))
                .start()) {
            assertAllMatched(load(way, server, plan -> plan.size(300_000).depth(2)), 4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLS, SLOW_READER",
        "TLS, BYTE_AT_A_TIME",
        "TLS, HALF_CLOSE",
        "UNIX, SLOW_READER",
        "UNIX, BYTE_AT_A_TIME",
        "UNIX, HALF_CLOSE",
        "UNIX_TLS, HALF_CLOSE"
    })
    void badClientsAreAnsweredToo(Way way, Misbehaviour how) throws Exception {
        try (ReactorServer server = echo(way)) {
            assertAllMatched(load(way, server, plan -> plan.misbehaviour(how)), 4);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "UNIX", "UNIX_TLS"})
    void connectionsAreBrokenOff(Way way) throws Exception {
        try (ReactorServer server = echo(way)) {
            Report report = load(way, server, plan -> plan.misbehaviour(Misbehaviour.RESET));
            assertThat(report.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "UNIX"})
    void theTimetableIsKept(Way way) throws Exception {
        try (ReactorServer server = echo(way)) {
            assertThat(load(way, server, plan -> plan.rate(2_000)).messages().matched())
                    .isEqualTo(400);
        }
    }

    /** The backlog of the socket is shorter than that, and nobody can wait in it to be connected. */
    @Test
    void manyConnectToAUnixSocketAtOnce() throws Exception {
        try (ReactorServer server = way(Way.UNIX).backlog(2).start()) {
            assertAllMatched(load(Way.UNIX, server, plan -> plan.connections(200)), 200);
        }
    }

    private ReactorServer.Builder way(Way way) {
        return way.server(directory).handler((session, message) -> session.send(message));
    }

    @Test
    void aRouteThatIsRefusedIsToldForEachConnection() throws Exception {
        try (ReactorServer server = echo(Way.MTLS)) {
            Report report = load(Way.TLS, server, plan -> plan.connections(2));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.errors()).isNotEmpty().allMatch(error -> error.kind() == ErrorKind.TLS);
        }
    }

    @Test
    void anAddressOfThisMachineGoesWithTcpOnly() throws Exception {
        LoadPlan.Builder plan =
                LoadPlan.builder().route(Way.UNIX.route(directory)).sources(List.of(InetAddress.getLoopbackAddress()));
        assertThat(catchThrowable(plan::build)).hasMessageContaining("source-ip");
    }
}
