package org.reactorserver.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.wire.Endpoint;

/** What is answered by HTTP, also when something is wrong with the server, and whom asking harms: nobody. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "a token of more than sixteen";

    @TempDir
    Path directory;

    private final HttpClient browser = HttpClient.newHttpClient();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Admin admin = Admin.at(Endpoint.tcp("127.0.0.1", 0));
    private ReactorServer server;

    private static ReactorServer.Builder echo() {
        return lines((session, message) -> session.send(message));
    }

    private static ReactorServer.Builder lines(MessageHandler handler) {
        return ReactorServer.builder(Framing.lines()).handler(handler).port(0).workers(2);
    }

    /** A handler that does not come back as long as the test lasts. */
    private ReactorServer.Builder stuck(int workers) {
        return lines((session, message) -> {
                    if (message.equals("stay")) {
                        waitUntilReleased();
                    }
                    session.send(message);
                })
                .workers(workers);
    }

    private void waitUntilReleased() throws InterruptedException {
        release.await();
    }

    private void start(ReactorServer.Builder builder) throws IOException {
        server = builder.with(admin).start();
        Await.until("the admin endpoint listens", PATIENCE, () -> admin.address() != null);
    }

    @AfterEach
    void end() {
        release.countDown();
        if (server != null) {
            server.drain(Duration.ZERO);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + admin.address().getPort() + path));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Caller connect() throws IOException {
        return new Caller(server.address());
    }

    private void awaitDoctor(String sentence) {
        Await.until(sentence, PATIENCE, () -> get("/doctor").body().matches("(?s).*" + sentence + ".*"));
    }

    @Test
    void aServerThatIsWell() throws Exception {
        start(echo());
        try (Caller caller = connect()) {
            assertThat(caller.send("x\n").line()).isEqualTo("x");
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            assertThat(get("/readyz").statusCode()).isEqualTo(200);
            Await.until(
                    "it is well",
                    PATIENCE,
                    () -> get("/doctor")
                            .body()
                            .equals("nothing is wrong: 1 session open, 1 message handled, 1 reply written\n"));
            assertThat(get("/ring").body()).contains("  ready 1:r  hand-off  ", "  over after 0.");
            assertThat(get("/nothing").statusCode()).isEqualTo(404);
            assertThat(post("/metrics").statusCode()).isEqualTo(405);
            HttpResponse<String> metrics = get("/metrics");
            assertThat(metrics.headers().firstValue("Content-Type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(metrics.body().lines())
                    .contains(
                            "reactor_messages_handled_total 1",
                            "reactor_handler_seconds_count 1",
                            "reactor_ready_to_handled_seconds_count 1",
                            "reactor_sessions{state=\"open\"} 1",
                            "reactor_connections_closed_total{reason=\"end_of_stream\"} 0",
                            "reactor_stopping 0");
            HttpResponse<String> open = get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
            assertThat(open.headers().firstValue("Content-Type"))
                    .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(open.body()).endsWith("# EOF\n");
        }
    }

    @Test
    void sessionsComeInPages() throws Exception {
        start(echo());
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            callers.add(connect());
            assertThat(callers.get(i).send("x\n").line()).isEqualTo("x");
        }
        String first = get("/sessions?most=2").body();
        assertThat(first)
                .contains(
                        "{\"id\": 1, \"address\": \"127.0.0.1:",
                        "{\"id\": 2, ",
                        "\"state\": \"OPEN\", \"paused\": null")
                .doesNotContain("{\"id\": 3")
                .endsWith("], \"of\": 5, \"next\": \"/sessions?after=2&most=2\"}\n");
        assertThat(get("/sessions?after=4").body()).contains("{\"id\": 5").endsWith("\"next\": null}\n");
        assertThat(get("/sessions?after=5&most=0").body()).startsWith("{\"sessions\": [], ");
        for (Caller caller : callers) {
            caller.close();
        }
    }

    @Test
    void aStuckHandlerIsNamedWithWhereItIs() throws Exception {
        start(stuck(1));
        try (Caller caller = connect()) {
            caller.send("stay\n");
            awaitDoctor("worker-1 has been in session 1 for \\d+\\.\\d s at "
                    + "org.reactorserver.admin.AdminTest.waitUntilReleased\\(AdminTest.java:\\d+\\), in [\\w.$]+\n"
                    + "no worker is free \\(--workers 1\\)");
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            release.countDown();
            assertThat(caller.line()).isEqualTo("stay");
        }
    }

    @Test
    void aStuckLoopIsUnhealthyAndEverythingElseIsAnswered() throws Exception {
        start(stuck(0));
        try (Caller caller = connect()) {
            caller.send("stay\n");
            Await.until("it is unhealthy", PATIENCE, () -> get("/healthz").statusCode() == 503);
            assertThat(get("/doctor").body())
                    .startsWith("the selector thread has not answered for ")
                    .contains("and nobody is served; it is at org.reactorserver.admin.AdminTest.waitUntilReleased(");
            assertThat(get("/metrics").body()).contains("reactor_sessions{state=\"open\"} NaN", "reactor_stopping 0\n");
            assertThat(get("/sessions").statusCode()).isEqualTo(503);
            assertThat(get("/readyz").statusCode()).isEqualTo(200);
            release.countDown();
            assertThat(caller.line()).isEqualTo("stay");
            Await.until("it is healthy", PATIENCE, () -> get("/healthz").statusCode() == 200);
            assertThat(get("/doctor").body())
                    .contains("the handler took ", " for a message of session 1 in the last minute\n")
                    .containsPattern(
                            "the loop spent \\d+ % of the last minute in passes over 10 ms; the longest, \\d+ ms, "
                                    + "(let 1 connection in, )?read 1 session, handled 1 message itself .*\n");
        }
    }

    @Test
    void whoIsTurnedAwayIsToldWithTheOption() throws Exception {
        start(echo().maxConnectionsPerIp(1));
        try (Caller first = connect();
                Caller second = connect()) {
            assertThat(first.send("x\n").line()).isEqualTo("x");
            assertThat(second.line()).isEqualTo("error: too many connections from this address");
            awaitDoctor("in the last minute 1 connection could not come in: too many connections from this address"
                    + " \\(--max-connections-per-ip 1\\); one of them from 127.0.0.1:\\d+\n");
        }
    }

    @Test
    void aPeerThatDoesNotReadIsNamed() throws Exception {
        String large = "x".repeat(8 << 20);
        start(lines((session, message) -> session.send(large)).highWater(1_000).outboxLimit(64 << 20));
        try (Caller caller = connect()) {
            caller.send("x\n");
            awaitDoctor("1 session is paused because its peer does not read; session 1 has taken nothing for \\d");
            assertThat(get("/sessions").body()).contains("\"paused\": \"REPLIES_WAITING\"");
            assertThat(get("/metrics").body()).contains("reactor_write_backlog_bytes_count ");
        }
    }

    @Test
    void aBudgetThatIsFullIsNamedWithItsOption() throws Exception {
        String large = "x".repeat(8 << 20);
        start(lines((session, message) -> session.send(large))
                .replyMemory(8 << 20)
                .outboxLimit(64 << 20));
        try (Caller caller = connect()) {
            caller.send("x\n");
            awaitDoctor("the memory for replies is full to \\d+ %: \\d+ of 8388608 \\(--reply-memory\\)");
        }
    }

    @Test
    void itSaysThatItIsNotReadyFromTheFirstMomentAndServesOn() throws Exception {
        start(echo().drainDelay(Duration.ofHours(1)));
        try (Caller before = connect()) {
            CompletableFuture<Void> drain = CompletableFuture.runAsync(server::drain);
            Await.until("it is not ready", PATIENCE, () -> get("/readyz").statusCode() == 503);
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            assertThat(get("/metrics").body()).contains("reactor_stopping 1\n");
            assertThat(before.send("x\n").line()).isEqualTo("x");
            try (Caller after = connect()) {
                assertThat(after.send("y\n").line()).isEqualTo("y");
            }
            server.drain(Duration.ZERO);
            drain.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoKnowsTheTokenMayEndASessionAndNobodyElse() throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, TOKEN + "\n");
        admin.tokenFile(file);
        start(echo());
        try (Caller caller = connect()) {
            assertThat(caller.send("x\n").line()).isEqualTo("x");
            assertThat(post("/sessions/1/close").statusCode()).isEqualTo(401);
            assertThat(post("/sessions/1/close", "Authorization", "Bearer " + TOKEN + "!")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(get("/sessions/1/close", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(405);
            assertThat(post("/sessions/2/close", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(caller.send("y\n").line()).isEqualTo("y");
            assertThat(post("/sessions/1/close", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(202);
            assertThat(caller.rest()).isEmpty();
            Files.writeString(file, "another token of some length");
            assertThat(post("/sessions/2/close", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .as("with the token of before")
                    .isEqualTo(401);
        }
    }

    @Test
    void withoutATokenNothingCanBeChanged() throws Exception {
        start(echo());
        assertThat(post("/sessions/1/close", "Authorization", "Bearer ").statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatIsWrongAtTheStartIsToldThen() throws IOException {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> start(admin.tokenFile(directory.resolve("none"))))
                .withMessageMatching("the token in .*none cannot be read: .*NoSuchFile.*");
        Path file = directory.resolve("short");
        Files.writeString(file, "secret");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> start(admin.tokenFile(file)))
                .withMessageMatching("the token in .*short has 6 characters, of at least 16: .*");
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> start(Admin.at(Endpoint.tcp("127.0.0.1", taken.getLocalPort()))))
                    .withMessageMatching("the admin endpoint cannot listen on 127.0.0.1:\\d+: Address already in use.*"
                            + "; choose another --admin");
        }
    }

    private static void start(Admin admin) throws IOException {
        echo().with(admin).start();
    }

    @Test
    void whereOthersReachItHasToBeSaid() {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1", "reactor.example")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Admin.at(Endpoint.tcp(host, 9100)))
                    .withMessageEndingWith(
                            "other machines could read everything: expected 127.0.0.1, ::1 or localhost, or atRemote");
            Admin.atRemote(Endpoint.tcp(host, 9100));
        }
        for (String host : List.of("127.9.9.9", "::1", "localhost")) {
            Admin.at(Endpoint.tcp(host, 9100));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Admin.at(Endpoint.unix(Path.of("/tmp/admin"))))
                .withMessageEndingWith(": expected a TCP endpoint");
    }

    /** As a page from elsewhere would have the browser ask, if its name is made to point here. */
    @Test
    void itAnswersToItsOwnNamesOnly() throws Exception {
        admin.hosts("Reactor.example");
        start(echo());
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: reactor.example\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: 192.0.2.7\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("GET /healthz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    /** Returns the answer's first line. */
    private String raw(String request) throws IOException {
        try (Caller caller = new Caller(admin.address())) {
            return caller.send(request).line();
        }
    }

    @Test
    void hundredsThatAskSlowlyHoldUpNobody() throws Exception {
        start(echo());
        List<Caller> slow = new ArrayList<>();
        try (Caller caller = connect()) {
            for (int i = 0; i < 100; i++) {
                Caller each = new Caller(admin.address());
                slow.add(each);
                if (i % 2 == 0) {
                    each.send("GET /metr");
                } else {
                    each.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(20)); // and reads nothing
                }
            }
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            assertThat(caller.send("x\n").line()).isEqualTo("x");
        } finally {
            for (Caller each : slow) {
                each.close();
            }
        }
    }

    @Test
    void aHundredScrapersAreAllAnswered() throws Exception {
        start(echo());
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(browser.sendAsync(request("/metrics").build(), HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
            HttpResponse<byte[]> response = answer.get(60, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("reactor_stopping 0\n");
        }
    }

    @Test
    void itEndsWithTheServer() throws Exception {
        start(echo());
        server.drain(Duration.ZERO);
        Await.until("it has ended", PATIENCE, () -> admin.address() == null);
    }
}
