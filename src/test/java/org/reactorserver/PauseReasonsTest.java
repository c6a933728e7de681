package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;

/** Why a session is not read, as it is told to who asks. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PauseReasonsTest {

    private static SessionFacts facts(HandRun server, int index) throws Exception {
        CompletableFuture<List<SessionFacts>> answer = server.inspection().sessions();
        server.until("it is answered", answer::isDone);
        return answer.get().stream()
                .filter(each -> each.session().id() == index + 1)
                .findFirst()
                .orElseThrow();
    }

    private static PauseReason pause(HandRun server, int index) throws Exception {
        return facts(server, index).pause();
    }

    private static void read(HandRun server, TestClient client, String text) throws IOException {
        server.read(client, text);
        server.settle();
    }

    @Test
    void whoIsReadHasNone() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            assertThat(pause(server, 0)).isNull();
            read(server, client, "half");
            assertThat(pause(server, 0)).isNull();
        }
    }

    @Test
    void messagesThatComeTooFast() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().maxMessagesPerSecond(1));
                TestClient client = server.connect()) {
            read(server, client, "a\nb\nc\n");
            assertThat(pause(server, 0)).isEqualTo(PauseReason.PACE);
            server.advance(Duration.ofSeconds(3));
            server.advance(Duration.ofSeconds(3));
            assertThat(pause(server, 0)).isNull();
        }
    }

    @Test
    void asManyMessagesAsMayWait() throws Exception {
        long weight;
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.workersWork = false;
            read(server, client, "x\n");
            weight = server.stats().messageBytesWaiting();
            server.workersWork = true;
        }
        try (HandRun server = new HandRun(HandRun.echo().laneLimit((int) (2 * weight)));
                TestClient client = server.connect()) {
            server.workersWork = false;
            read(server, client, "x\n");
            assertThat(pause(server, 0)).isNull();
            read(server, client, "x\n");
            assertThat(pause(server, 0)).isEqualTo(PauseReason.MESSAGES_WAITING);
            server.workersWork = true;
        }
    }

    @Test
    void memoryForMessages() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().messageMemory(100_000).laneLimit(90_000));
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            server.workersWork = false;
            read(server, first, ("x".repeat(99) + "\n").repeat(300));
            assertThat(pause(server, 0)).as("there is room in all respects").isNull();
            for (int i = 0; i < 50 && pause(server, 0) == null; i++) {
                read(server, second, ("x".repeat(99) + "\n").repeat(10));
            }
            assertThat(pause(server, 0)).isEqualTo(PauseReason.MESSAGE_MEMORY);
            server.workersWork = true;
            server.settle();
            assertThat(pause(server, 0)).isNull();
        }
    }

    @Test
    void memoryForInput() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().requestMemory(60_000));
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            read(server, first, "x".repeat(30_000));
            assertThat(pause(server, 0)).isNull();
            read(server, second, "x".repeat(40_000));
            assertThat(pause(server, 0)).isEqualTo(PauseReason.REQUEST_MEMORY);
            server.advance(Duration.ofSeconds(1));
            assertThat(facts(server, 1).ending()).isEqualTo(CloseReason.REQUEST_MEMORY_EXHAUSTED);
            assertThat(pause(server, 0)).as("there is room again").isNull();
            server.read(first, "\n");
            assertThat(server.line(first)).hasSize(30_000);
        }
    }

    @Test
    void whoseTurnHasNotComeAndWhoseBufferIsFull() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(1));
                TestClient first = server.connect();
                TestClient waiting = server.connect()) {
            assertThat(facts(server, 1).state()).isEqualTo(SessionState.WAITING);
            assertThat(pause(server, 1)).isNull();
            waiting.send("x\n".repeat(200_000));
            server.until("it is full", () -> server.witness.bytesRead >= 64 * 1024);
            server.settle();
            assertThat(pause(server, 1)).isEqualTo(PauseReason.BUFFER_FULL);
            first.endOutput();
            server.untilClosed(1);
            server.until("it is served", () -> server.witness.received.size() == 200_000);
            assertThat(pause(server, 1)).isNull();
        }
    }

    @Test
    void whoIsAboutToEnd() throws Exception {
        String large = "x".repeat(4_000_000);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    session.send(large);
                    session.close();
                })
                .sendBuffer(4_096);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            read(server, client, "x\n");
            assertThat(facts(server, 0).state()).isEqualTo(SessionState.DRAINING);
            assertThat(facts(server, 0).ending()).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(pause(server, 0)).isEqualTo(PauseReason.ENDING);
            server.advance(Duration.ofMillis(5));
            assertThat(facts(server, 0).blockedNanos()).isBetween(1L, 5_000_000L);
            for (int left = large.length() + 1; left > 0; ) {
                server.until("some is there", () -> client.available() > 0);
                left -= client.read(Math.min(left, client.available())).length();
            }
            server.until("it lingers", () -> stateOf(server) == SessionState.LINGERING);
            assertThat(pause(server, 0)).as("it is read to its end").isNull();
        }
    }

    private static SessionState stateOf(HandRun server) {
        try {
            return facts(server, 0).state();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoHasYetToSayForWhomItComes() throws Exception {
        Listen listen = new Listen(Endpoint.tcp("127.0.0.1", 0), false, true);
        try (HandRun server = new HandRun(HandRun.echo().listen(listen));
                TestClient client = new TestClient(server.port())) {
            server.until("it is there", () -> server.registered() == 2);
            CompletableFuture<List<SessionFacts>> answer = server.inspection().sessions();
            server.until("it is answered", answer::isDone);
            assertThat(answer.get()).hasSize(1);
            assertThat(answer.get().get(0).state()).isEqualTo(SessionState.ARRIVING);
            assertThat(answer.get().get(0).pause()).isNull();
            assertThat(client).isNotNull();
        }
    }
}
