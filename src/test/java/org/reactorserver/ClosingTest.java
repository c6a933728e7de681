package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;

/** However a session ends, what was answered arrives, and all get the same reason. */
@Timeout(120)
class ClosingTest {
    private final Witness witness = new Witness();

    private ReactorServer.Builder server(Framing framing, MessageHandler handler) {
        return ReactorServer.builder(framing).port(0).observer(witness).handler(handler);
    }

    private ReactorServer.Builder lines() {
        return server(Framing.lines(), Session::send);
    }

    @Test
    void whoEndsHisStreamStillGetsEveryReply() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        MessageHandler handler = (session, message) -> {
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
            session.send(message);
        };
        StringBuilder messages = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            messages.append("message ").append(i).append('\n');
        }
        try (ReactorServer server =
                        server(Framing.lines(), handler).laneLimit(1_000_000).start();
                TestClient client = TestClient.of(server)) {
            client.send(messages.toString()).endOutput();
            witness.await("all are read", () -> witness.received.size() == 1_000);
            release.countDown();
            assertThat(client.rest()).isEqualTo(messages.toString());
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            assertThat(server.stats().repliesWritten()).isEqualTo(1_000);
        }
    }

    @Test
    void aCloseAfterAnErrorLosesNoReplyThoughThePeerIsStillSending() throws Exception {
        String large = "x".repeat(20_000);
        MessageHandler handler = (session, message) -> session.send(message + large);
        try (ReactorServer server = server(Framing.lines(), handler)
                        .lingerTimeout(Duration.ofSeconds(30))
                        .start();
                TestClient client = new TestClient(server.port(), "127.0.0.1", 4_096)) {
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                client.send(i + "\n");
                expected.append(i).append(large).append('\n');
            }
            client.send((byte) 0xFF, (byte) '\n');
            expected.append("error: the message is not valid UTF-8\n");
            witness.await("ten are read", () -> witness.received.size() == 10);
            CompletableFuture<Void> heardTheEnd = new CompletableFuture<>();
            CompletableFuture<Long> sending = CompletableFuture.supplyAsync(() -> {
                long sent = 0;
                try {
                    while (!heardTheEnd.isDone() || sent < 100_000) {
                        client.send("still sending\n");
                        sent += 14;
                    }
                } catch (IOException e) {
                    throw new AssertionError("reset after " + sent + " bytes", e);
                }
                return sent;
            });
            assertThat(client.rest()).isEqualTo(expected.toString());
            heardTheEnd.complete(null);
            assertThat(sending.get(30, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(100_000);
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.INVALID_UTF8);
            assertThat(server.stats().repliesDropped()).isZero();
        }
    }

    @Test
    void aMessageThatTheEndOfTheStreamCutsOffIsNotHandled() throws Exception {
        try (ReactorServer server = lines().start();
                TestClient client = TestClient.of(server)) {
            client.send("whole\nhalf").endOutput();
            assertThat(client.rest()).isEqualTo("whole\n");
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.TRUNCATED_MESSAGE);
            assertThat(witness.received).containsExactly("whole");
        }
    }

    @Test
    void aLastLineWithoutItsEndIsTakenIfThatIsAskedFor() throws Exception {
        try (ReactorServer server = lines().lastLine(true).start();
                TestClient client = TestClient.of(server)) {
            client.send("whole\nhalf\r").endOutput();
            assertThat(client.rest()).isEqualTo("whole\nhalf\n");
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
        }
        try (ReactorServer server = lines().lastLine(true).start();
                TestClient client = TestClient.of(server)) {
            client.send("whole\nhalf").send((byte) 0xE6).endOutput();
            assertThat(client.rest()).isEqualTo("whole\nerror: the message is not valid UTF-8\n");
            assertThat(witness.awaitClosed(1)).isIn(CloseReason.INVALID_UTF8, CloseReason.END_OF_STREAM);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        server(Framing.chunks(), Session::send).lastLine(true).start())
                .withMessageContaining("lastLine must be false with chunk framing");
    }

    @Test
    void aCharacterThatTheEndOfTheStreamCutsOffIsNoChunk() throws Exception {
        try (ReactorServer server = server(Framing.chunks(), Session::send).start();
                TestClient client = TestClient.of(server)) {
            client.send((byte) 'a', (byte) 0xE6, (byte) 0x94).endOutput();
            assertThat(client.rest()).isEqualTo("a");
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.TRUNCATED_MESSAGE);
        }
    }

    @Test
    void invalidUtf8IsRefusedBehindTheRepliesToWhatWasValid() throws Exception {
        try (ReactorServer server = lines().start();
                TestClient client = TestClient.of(server)) {
            client.send("one\ntwo\n")
                    .send((byte) 0xC0, (byte) 0x80, (byte) '\n')
                    .send("three\n");
            assertThat(client.rest()).isEqualTo("one\ntwo\nerror: the message is not valid UTF-8\n");
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.INVALID_UTF8);
            assertThat(witness.received).containsExactly("one", "two");
        }
    }

    @Test
    void invalidUtf8IsReplacedIfAskedFor() throws Exception {
        try (ReactorServer server = lines().replaceInvalidUtf8(true).start();
                TestClient client = TestClient.of(server)) {
            client.send((byte) 'a', (byte) 0xFF, (byte) '\n').send("fine\n").endOutput();
            assertThat(client.rest()).isEqualTo("a\uFFFD\nfine\n");
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 101})
    void aLengthOutOfBoundsIsRefused(int length) throws Exception {
        CloseReason reason = length < 0 ? CloseReason.NEGATIVE_LENGTH : CloseReason.MESSAGE_TOO_LARGE;
        try (ReactorServer server = server(Framing.lengthPrefixed(), Session::send)
                        .maxMessage(100)
                        .start();
                TestClient client = TestClient.of(server)) {
            client.sendWithLength("x".repeat(100));
            client.send(ByteBuffer.allocate(4).putInt(length).array());
            assertThat(client.readWithLength()).isEqualTo("x".repeat(100));
            assertThat(client.readWithLength())
                    .isEqualTo(
                            length < 0
                                    ? "error: the message length is negative: " + length
                                    : "error: the message is longer than 100 bytes");
            assertThat(client.rest()).isEmpty();
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(reason);
        }
    }

    @Test
    void aLineOverTheLimitIsRefusedBeforeItEnds() throws Exception {
        try (ReactorServer server = lines().maxMessage(100).start();
                TestClient client = TestClient.of(server)) {
            client.send("x".repeat(100) + "\n" + "x".repeat(101));
            assertThat(client.line()).isEqualTo("x".repeat(100));
            assertThat(client.rest()).isEqualTo("error: the message is longer than 100 bytes\n");
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.MESSAGE_TOO_LARGE);
        }
    }

    @Test
    void aResetByThePeerIsALostConnection() throws Exception {
        try (ReactorServer server = lines().start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            client.reset();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.CONNECTION_LOST);
        }
    }

    @Test
    void fileDescriptorsAreFreedAtOnce() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            server.settle();
            try (TestClient client = server.connect()) {
                client.send("bye\n").endOutput();
                assertThat(server.untilClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
                server.pass();
                assertThat(server.registered()).as("channels of the selector").isOne();
            }
        }
    }

    /** The ways for a session to end, and what the client does to that end. */
    private enum End {
        END_OF_STREAM(client -> client.endOutput()),
        TRUNCATED_MESSAGE(client -> client.send("half").endOutput()),
        CONNECTION_LOST(client -> client.reset()),
        INVALID_UTF8(client -> client.send((byte) 0xFF, (byte) '\n')),
        MESSAGE_TOO_LARGE(client -> client.send("x".repeat(101))),
        HANDLER_FAILED(client -> client.send("fail\n")),
        CLOSED_BY_APPLICATION(client -> client.send("close\n")),
        OUTBOX_FULL(client -> client.send("flood\n"));

        private interface Action {
            void by(TestClient client) throws IOException;
        }

        private final Action action;

        End(Action action) {
            this.action = action;
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void theReasonIsTheSameForHandlerObserverAndCounters(End end) throws Exception {
        CloseReason reason = CloseReason.valueOf(end.name());
        CompletableFuture<CloseReason> told = new CompletableFuture<>();
        Map<String, Consumer<Session>> commands = Map.of(
                "fail",
                session -> {
                    throw new IllegalStateException("as asked");
                },
                "close",
                Session::close,
                "flood",
                session -> {
                    while (session.send("x".repeat(1_000))) {
                        Thread.onSpinWait();
                    }
                });
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {
                commands.getOrDefault(message, s -> s.send(message)).accept(session);
            }

            @Override
            public void onClose(Session session, CloseReason why) {
                told.complete(why);
            }
        };
        ReactorServer.Builder builder = server(Framing.lines(), handler)
                .workers(0) // the replies of a flood are not written while the handler runs
                .maxMessage(100)
                .outboxLimit(10_000);
        try (ReactorServer server = builder.start()) {
            try (TestClient client = TestClient.of(server)) {
                assertThat(client.send("hello\n").line()).isEqualTo("hello");
                end.action.by(client);
                if (end != End.CONNECTION_LOST && end != End.OUTBOX_FULL) {
                    client.rest();
                }
            }
            assertThat(witness.awaitClosed(1)).isEqualTo(reason);
            assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(reason);
            Map<CloseReason, Long> expected = new EnumMap<>(CloseReason.class);
            for (CloseReason each : CloseReason.values()) {
                expected.put(each, each == reason ? 1L : 0L);
            }
            assertThat(server.stats().closed()).isEqualTo(expected);
        }
    }

    @Test
    void theCountersAddUp() throws Exception {
        ReactorServer.Builder builder = server(Framing.lines(), (session, message) -> {
                    if (message.equals("close")) {
                        session.close();
                    } else {
                        session.send(message);
                    }
                })
                .maxConnections(4);
        try (ReactorServer server = builder.start()) {
            TestClient normal = TestClient.of(server).send("1\n2\n3\n");
            TestClient closing = TestClient.of(server).send("4\nclose\ndropped\ndropped\n");
            TestClient cut = TestClient.of(server).send("5\nhalf");
            TestClient silent = TestClient.of(server);
            witness.await("four are in", () -> witness.connected.size() == 4);
            TestClient refused = TestClient.of(server);
            assertThat(refused.rest()).isEqualTo("error: too many connections\n");
            refused.leave();
            normal.endOutput();
            cut.endOutput();
            silent.endOutput();
            assertThat(normal.rest()).isEqualTo("1\n2\n3\n");
            assertThat(closing.rest()).isEqualTo("4\n");
            assertThat(cut.rest()).isEqualTo("5\n");
            assertThat(silent.rest()).isEmpty();
            closing.leave();
            for (int i = 1; i <= 4; i++) {
                witness.awaitClosed(i);
            }
            DrainReport report = server.drain(Duration.ofSeconds(30));
            assertThat(report.sessions()).isZero();
            TestClient.closeAll(List.of(normal, closing, cut, silent, refused));

            ServerStats stats = server.stats();
            assertThat(stats.accepted()).isEqualTo(4);
            assertThat(stats.refused()).isOne();
            assertThat(stats.open()).isZero();
            assertThat(stats.waiting()).isZero();
            assertThat(stats.bytesRead()).isEqualTo(6 + 24 + 6);
            assertThat(stats.bytesWritten()).isEqualTo(5 * 2 + "error: too many connections\n".length());
            assertThat(stats.messagesRead()).isEqualTo(3 + 4 + 1);
            assertThat(stats.messagesHandled()).isEqualTo(3 + 2 + 1);
            assertThat(stats.messagesDropped()).isEqualTo(2);
            assertThat(stats.repliesWritten()).isEqualTo(5 + 1);
            assertThat(stats.repliesDropped()).isZero();
            assertThat(stats.replyBytesWaiting()).isZero();
            assertThat(stats.acceptFailures()).isZero();
            assertThat(stats.closed())
                    .containsEntry(CloseReason.END_OF_STREAM, 2L)
                    .containsEntry(CloseReason.TRUNCATED_MESSAGE, 1L)
                    .containsEntry(CloseReason.CLOSED_BY_APPLICATION, 1L)
                    .containsEntry(CloseReason.TOO_MANY_CONNECTIONS, 1L);
            assertThat(stats.closed().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(5);
        }
    }
}
