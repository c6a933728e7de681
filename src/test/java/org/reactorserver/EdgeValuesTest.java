package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** What zero, the largest number, nothing and half a character mean. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EdgeValuesTest {
    private static final Duration LONG = Duration.ofDays(400);

    // ---- zero switches off the deadlines on peers

    @Test
    void noMessageTimeoutIsNone() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().messageTimeout(Duration.ZERO));
                TestClient client = server.connect();
                TestClient silent = server.connect()) {
            client.send("ha");
            server.until("read", () -> server.witness.bytesRead == 2);
            server.settle();
            server.advance(LONG);
            assertThat(client.available()).as("refused").isZero();
            assertThat(server.line(client.send("lf\n"))).isEqualTo("half");
            assertThat(server.line(silent.send("at last\n"))).isEqualTo("at last");
        }
    }

    /** A deadline that is over as soon as it is set makes the loop spin. */
    @Test
    void noTimeoutCostsNoPass() throws Exception {
        ReactorServer.Builder builder = HandRun.echo()
                .messageTimeout(Duration.ZERO)
                .idleTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO);
        try (HandRun server = new HandRun(builder);
                TestClient silent = server.connect();
                TestClient client = server.connect()) {
            assertThat(server.line(client.send("hello\n"))).isEqualTo("hello");
            server.settle();
            assertThat(server.wouldSleep()).as("between two messages").isTrue();
            client.send("ha");
            server.until("read", () -> server.witness.bytesRead == 8);
            server.settle();
            assertThat(server.wouldSleep()).as("within a message").isTrue();
            assertThat(silent.available()).isZero();
        }
    }

    @Test
    void noWriteTimeoutIsNone() throws Exception {
        String large = "x".repeat(500_000);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send(large))
                .writeTimeout(Duration.ZERO)
                .sendBuffer(16 * 1_024);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            client.send("large\n");
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            for (int i = 0; i < 10; i++) {
                server.advance(LONG);
            }
            assertThat(server.reason(1)).isNull();
            int[] taken = new int[1];
            server.until("all is taken", () -> {
                taken[0] += readAvailable(client);
                return taken[0] == large.length() + 1;
            });
        }
    }

    private static int readAvailable(TestClient client) {
        try {
            return client.read(client.available()).length();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noLingerIsNone() throws Exception {
        MessageHandler handler = (session, message) -> {
            session.send("bye");
            session.close();
        };
        try (HandRun server = new HandRun(HandRun.lines(handler).lingerTimeout(Duration.ZERO));
                TestClient client = server.connect()) {
            client.send("close\n");
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(client.rest()).isEqualTo("bye\n");
        }
    }

    // ---- the largest numbers

    @Test
    void theLongestBacklogIsServedAtADrain() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().acceptsPerPass(1).backlog(Integer.MAX_VALUE))) {
            List<TestClient> pending = TestClient.several(5, server.port());
            for (TestClient client : pending) {
                client.send("knock knock\n");
            }
            server.drain(Duration.ofSeconds(10));
            for (TestClient client : pending) {
                assertThat(server.line(client)).isEqualTo("knock knock");
                client.leave();
            }
        }
    }

    @Test
    void theLongestTimesAreLong() throws Exception {
        Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
        ReactorServer.Builder builder = HandRun.echo()
                .messageTimeout(ever)
                .idleTimeout(ever)
                .writeTimeout(ever)
                .lingerTimeout(ever);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            client.send("ha");
            server.until("read", () -> server.witness.bytesRead == 2);
            server.settle();
            server.advance(LONG);
            assertThat(server.line(client.send("lf\n"))).isEqualTo("half");
        }
    }

    // ---- what can be no message

    private static Stream<Framing> framings() {
        return Stream.of(Framing.lines(), Framing.chunks(), Framing.lengthPrefixed());
    }

    private static Stream<Arguments> textsThatAreNone() {
        List<String> halves =
                List.of("\uD83D", "a\uD83D", "\uDE00", "\uDE00a", "a\uD83Db", "\uDE00\uD83D", "\uD83D\uD83D\uDE00");
        Stream<Arguments> ofAll =
                framings().flatMap(framing -> halves.stream().map(text -> Arguments.of(framing, text)));
        Stream<Arguments> ofLines = Stream.of("\n", "a\nb", "a\n", "\r", "a\r", "a\r\r", "a\r\n")
                .map(text -> Arguments.of(Framing.lines(), text));
        return Stream.concat(ofAll, ofLines);
    }

    /** What the receiver would take for something else. */
    @ParameterizedTest(name = "{index}") // the texts cannot stand in a report
    @MethodSource("textsThatAreNone")
    void aTextThatCanBeNoMessageIsRefused(Framing framing, String text) throws Exception {
        Throwable thrown = trySend(framing, text);
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        assertThat(thrown.getMessage()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("framings")
    void nothingIsNoText(Framing framing) throws Exception {
        assertThat(trySend(framing, null)).isInstanceOf(NullPointerException.class);
    }

    private static Stream<Arguments> textsThatAreSome() {
        List<String> all = List.of("", "\uD83D\uDE00", "a\uD83D\uDE00\uD83D\uDE00b", "a\rb", "\ra", "\uFFFD", "\0");
        return framings().flatMap(framing -> all.stream().map(text -> Arguments.of(framing, text)));
    }

    @ParameterizedTest(name = "{index}") // the texts cannot stand in a report
    @MethodSource("textsThatAreSome")
    void otherTextsArriveAsTheyAre(Framing framing, String text) throws Exception {
        assertThat(trySend(framing, text)).isNull();
    }

    /**
     * Has a handler send a text, and then another one, which must arrive whatever became of the first: behind
     * it, or alone. Returns what was thrown.
     */
    private static Throwable trySend(Framing framing, String text) throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        ReactorServer.Builder builder = ReactorServer.builder(framing).handler((session, message) -> {
            thrown.add(catchThrowable(() -> session.send(text)));
            session.send("next");
        });
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            client.send(framed(framing, List.of("go")));
            server.until("handled", () -> server.stats().messagesHandled() == 1);
            server.settle();
            assertThat(thrown).hasSize(1);
            byte[] expected = framed(framing, thrown.get(0) == null ? List.of(text, "next") : List.of("next"));
            assertThat(client.read(expected.length)).isEqualTo(new String(expected, StandardCharsets.UTF_8));
            assertThat(client.available()).isZero();
            assertThat(server.reason(1)).isNull();
        }
        return thrown.get(0);
    }

    private static byte[] framed(Framing framing, List<String> texts) {
        ByteBuffer buffer = ByteBuffer.allocate(1_000);
        for (String text : texts) {
            framing.put(text.getBytes(StandardCharsets.UTF_8), 0, buffer);
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
