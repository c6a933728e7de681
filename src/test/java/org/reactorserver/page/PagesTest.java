package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.DeafExchange;
import org.reactorserver.helper.StagedServer;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PagesTest {
    private final HttpClient browser = HttpClient.newHttpClient();
    private StagedServer server;

    private void start(Brake brake) throws IOException {
        server = new StagedServer(
                ReactorServer.builder(Framing.lines()).handler((session, message) -> session.send("re: " + message)),
                brake);
    }

    @AfterEach
    void end() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.page() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static HttpRequest.Builder withToken(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + StagedServer.TOKEN);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    /** The data of the stream, line by line. */
    private BufferedReader stream(HttpRequest.Builder request) throws Exception {
        HttpResponse<InputStream> answer = browser.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String until(BufferedReader stream, String wanted) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(wanted) < 0) {
            String line = stream.readLine();
            if (line == null) {
                throw new AssertionError("the stream ended without " + wanted + ":\n" + all);
            }
            all.append(line).append('\n');
        }
        return all.toString();
    }

    @Test
    void thePageMayDoNothingButShowItsOwnFiles() throws Exception {
        start(null);
        HttpResponse<String> page = send(to("/").header("Accept", "text/html"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .startsWith("default-src 'none'; script-src 'self';")
                        .doesNotContain("unsafe"));
        for (String name : List.of("page.css", "texts.js", "model.js", "draw.js", "tour.js", "page.js")) {
            HttpResponse<String> file = send(to("/page/" + name));
            assertThat(file.statusCode()).as(name).isEqualTo(200);
            assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(page.body()).contains("\"/page/" + name + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page/nothing", "/page/page.html", "/page/../What.class", "/page/"})
    void nothingElseIsShown(String path) throws Exception {
        start(null);
        assertThat(send(to(path)).statusCode()).isEqualTo(404);
    }

    @Test
    void withoutTheTokenWhatClientsSayIsNotTold() throws Exception {
        start(null);
        BufferedReader discreet = stream(to("/page/events"));
        until(discreet, "\"snapshot\"");
        BufferedReader open = stream(withToken(to("/page/events")));
        until(open, "\"snapshot\"");
        try (Caller client = new Caller(server.server.address())) {
            client.send("secret \u202e<b>\n").line();
        }
        assertThat(until(open, "\"closed\"")).contains("\"text\":\"secret \\\\u202e<b>\"", "\"text\":\"re: secret");
        assertThat(until(discreet, "\"closed\""))
                .contains("\"received\"", "\"queued\"", "127.0.0.1:")
                .doesNotContain("secret");
        assertThat(send(to("/page/recording")).body()).contains("\"received\"").doesNotContain("secret");
        assertThat(send(withToken(to("/page/recording"))).body()).contains("secret \\\\u202e\\u003cb>");
    }

    @Test
    void aWrongTokenIsRefused() throws Exception {
        start(null);
        for (String path : List.of("/page/events", "/page/recording")) {
            assertThat(send(to(path).header("Authorization", "Bearer guess")).statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
    }

    @Test
    void theLoopIsHeldAndLetGoByWhoHasTheToken() throws Exception {
        Brake brake = new Brake(System::nanoTime, 0, false);
        start(brake);
        HttpRequest.Builder stop = to("/page/hold?do=stop").POST(HttpRequest.BodyPublishers.noBody());
        assertThat(send(stop).statusCode()).isEqualTo(401);
        assertThat(brake.state().isStopped()).isFalse();
        assertThat(send(withToken(stop)).statusCode()).isEqualTo(200);
        try (Caller client = new Caller(server.server.address())) { // a client ends the sleep
            Await.until("held", Duration.ofSeconds(30), () -> brake.state().at() != null);
            BufferedReader stream = stream(to("/page/events"));
            until(stream, "\"brake\":{\"held\":true,\"stopped\":true,\"pace\":0}");
            assertThat(hold("?do=resume")).isEqualTo(200);
            assertThat(client.send("x\n").line()).isEqualTo("re: x");
        }
        assertThat(hold("?pace=250")).isEqualTo(200);
        assertThat(brake.state().paceMillis()).isEqualTo(250);
        assertThat(hold("?do=everything")).isEqualTo(400);
        assertThat(hold("")).isEqualTo(400);
        assertThat(send(withToken(to("/page/hold?do=stop"))).statusCode()).isEqualTo(405);
    }

    private int hold(String query) throws Exception {
        return send(withToken(to("/page/hold" + query)).POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode();
    }

    @Test
    void aServerWithoutABrakeCannotBeHeld() throws Exception {
        start(null);
        HttpResponse<String> answer =
                send(withToken(to("/page/hold?do=stop")).POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("--slow", "--step");
    }

    @Test
    void whoLooksIsToldThatTheServerHasEnded() throws Exception {
        start(null);
        BufferedReader stream = stream(to("/page/events"));
        until(stream, "\"snapshot\"");
        server.server.drain(Duration.ofSeconds(5));
        until(stream, "event: drained");
    }

    @Test
    void whoDoesNotReadHoldsUpNobody() throws Exception {
        start(null);
        List<Socket> deaf = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket("127.0.0.1", server.page());
            deaf.add(socket);
            socket.getOutputStream().write("GET /page/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
        }
        BufferedReader stream = stream(to("/page/events"));
        until(stream, "\"snapshot\"");
        try (Caller client = new Caller(server.server.address())) {
            for (int frame = 1; frame < 20; frame++) {
                client.send("x\n").line();
                until(stream, "\"frame\":" + frame);
            }
        }
        for (Socket socket : deaf) {
            socket.close();
        }
    }

    @Test
    void whoNeverReadsLosesItsPlace() throws Exception {
        Pages pages = new Pages(new Stage(System::nanoTime), authorization -> "there is no token", 100);
        List<DeafExchange> deaf = new ArrayList<>();
        for (int i = 0; i < Pages.MOST_READERS; i++) {
            deaf.add(new DeafExchange("/page/events"));
            pages.answer(deaf.get(i));
        }
        for (DeafExchange each : deaf) {
            Await.until("its connection is closed", Duration.ofSeconds(60), each::isClosed);
        }
        Await.until("the places are free", Duration.ofSeconds(60), () -> pages.readers() == 0);
    }
}
