package org.reactorserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.Way;
import org.reactorserver.wire.UnixPeer;

/** What a session promises holds whatever way its client has come in by. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DoorsTest {
    private static final String LARGE = "x".repeat(50_000);
    private static final Duration SOON = Duration.ofMillis(50);

    @TempDir
    private Path directory;

    private final Witness witness = new Witness();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private ReactorServer server;

    private ReactorServer.Builder builder() {
        return ReactorServer.builder(Framing.lines())
                .workers(2)
                .maxMessage(2_000_000)
                .observer(witness)
                .handler(this::answer);
    }

    private void answer(Session session, String message) throws InterruptedException {
        switch (message) {
            case "wait" -> {
                mayAnswer.await();
                session.send("waited");
            }
            case "much" -> session.send(LARGE);
            case "bye" -> {
                session.send("bye");
                session.close();
            }
            default -> session.send(message);
        }
    }

    private void start(Way way) throws IOException {
        start(way, builder());
    }

    private void start(Way way, ReactorServer.Builder builder) throws IOException {
        server = way.open(builder, directory).start();
    }

    private Caller enter(Way way) throws IOException {
        return way.enter(server, directory);
    }

    @AfterEach
    void stop() {
        mayAnswer.countDown();
        server.close();
    }

    /** Sends while the caller reads. */
    private static CompletableFuture<Void> sendAside(Caller client, String text) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        client.send(text);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    private static void assertLarge(Caller client, int count) throws IOException {
        byte[] expected = (LARGE + "\n").getBytes(UTF_8);
        for (int i = 0; i < count; i++) {
            byte[] found = client.bytes(expected.length);
            assertThat(Arrays.equals(expected, found)).as("reply %d", i).isTrue();
        }
    }

    // ---- messages

    @ParameterizedTest
    @EnumSource
    void messagesAreAnsweredOneByOne(Way way) throws Exception {
        start(way);
        try (Caller client = enter(way)) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.send("message " + i + "\n").line()).isEqualTo("message " + i);
            }
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
        assertThat(server.stats().messagesHandled()).isEqualTo(200);
        assertThat(server.stats().closed()).containsEntry(CloseReason.END_OF_STREAM, 1L);
    }

    @ParameterizedTest
    @EnumSource
    void messagesAreLargeInBothDirections(Way way) throws Exception {
        start(way);
        String message = "收到".repeat(300_000);
        try (Caller client = enter(way)) {
            CompletableFuture<Void> sent = sendAside(client, (message + "\n").repeat(3));
            for (int i = 0; i < 3; i++) {
                assertThat(client.line().equals(message)).as("echo %d", i).isTrue();
            }
            sent.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesThatComeTogetherAreAnsweredInOrder(Way way) throws Exception {
        start(way);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            all.append(i).append('\n');
        }
        try (Caller client = enter(way)) {
            CompletableFuture<Void> sent = sendAside(client, all.toString());
            assertThat(new String(client.bytes(all.length()), UTF_8)).isEqualTo(all.toString());
            sent.get();
        }
    }

    // ---- flow

    @ParameterizedTest
    @EnumSource
    void aSlowReaderIsNotReadAndGetsEverything(Way way) throws Exception {
        int count = 600; // 30 MB, more than the kernel takes
        start(way, builder().writeTimeout(Duration.ofSeconds(100)));
        try (Caller client = enter(way)) {
            client.send("much\n".repeat(count));
            while (server.stats().replyBytesWaiting() == 0) {
                Thread.onSpinWait();
            }
            assertThat(server.stats().messagesHandled()).isLessThan(count);
            assertLarge(client, count);
            client.endOutput();
            assertThat(client.rest()).isEmpty();
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
        assertThat(server.stats().repliesDropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatTakesNothingHasItsTime(Way way) throws Exception {
        start(way, builder().writeTimeout(SOON));
        try (Caller client = enter(way)) {
            client.send("much\n".repeat(600));
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.WRITE_TIMEOUT);
            assertThat(client.untilGone()).hasSizeLessThan(600 * LARGE.length());
        }
    }

    // ---- ends

    /** In TLS 1.2 who ends its stream ends the connection: RFC 5246, 7.2.1. */
    @ParameterizedTest
    @EnumSource
    void aHalfCloseIsAnsweredInFull(Way way) throws Exception {
        start(way);
        try (Caller client = enter(way);
                Caller other = enter(way)) {
            client.send("much\n".repeat(20) + "wait\n" + "much\n".repeat(20)).endOutput();
            assertThat(other.send("x\n").line()).isEqualTo("x"); // by now the end has been read
            mayAnswer.countDown();
            if (way.endsBothWays()) {
                assertThat((LARGE + "\n").repeat(20)).startsWith(client.rest());
            } else {
                assertLarge(client, 20);
                assertThat(client.line()).isEqualTo("waited");
                assertLarge(client, 20);
                assertThat(client.rest()).isEmpty();
            }
            assertThat(witness.awaitClosed(1))
                    .isEqualTo(way.endsBothWays() ? CloseReason.REPLIES_REFUSED : CloseReason.END_OF_STREAM);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResetIsALostConnection(Way way) throws Exception {
        start(way);
        Caller client = enter(way);
        client.send("unread\n");
        while (server.stats().repliesWritten() == 0) {
            Thread.onSpinWait();
        }
        client.reset();
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.CONNECTION_LOST);
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationEndsASession(Way way) throws Exception {
        start(way);
        try (Caller client = enter(way)) {
            client.send("first\nbye\nnever\n");
            assertThat(client.rest()).isEqualTo("first\nbye\n");
            client.endOutput();
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
    }

    @ParameterizedTest
    @EnumSource
    void aDrainAnswersWhatHasArrived(Way way) throws Exception {
        start(way);
        try (Caller client = enter(way)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            client.send("much\n".repeat(50) + "wait\nlast\n");
            CompletableFuture<DrainReport> report = CompletableFuture.supplyAsync(
                    () -> server.drain(Duration.ofSeconds(60)), task -> new Thread(task).start());
            mayAnswer.countDown();
            assertLarge(client, 50);
            assertThat(client.rest()).isEqualTo("waited\nlast\n");
            client.endOutput();
            assertThat(report.get().messagesDropped()).isZero();
            assertThat(report.get().repliesDropped()).isZero();
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.SERVER_SHUTDOWN);
    }

    // ---- deadlines

    @ParameterizedTest
    @EnumSource
    void anIdleSessionIsEnded(Way way) throws Exception {
        start(way, builder().idleTimeout(SOON));
        try (Caller client = enter(way)) {
            assertThat(client.rest()).isEmpty();
            client.endOutput();
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.IDLE_TIMEOUT);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsNotCompletedIsTold(Way way) throws Exception {
        start(way, builder().messageTimeout(SOON));
        try (Caller client = enter(way)) {
            client.send("whole\nhal");
            assertThat(client.line()).isEqualTo("whole");
            assertThat(client.rest()).isEqualTo("error: the rest of the message did not arrive in time\n");
            client.endOutput();
        }
        assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.MESSAGE_TIMEOUT);
    }

    // ---- who may come in

    @ParameterizedTest
    @EnumSource
    void oneTooManyIsRefusedAndTheNextComesIn(Way way) throws Exception {
        start(way, builder().maxConnections(2));
        try (Caller one = enter(way);
                Caller two = enter(way)) {
            assertThat(one.send("one\n").line()).isEqualTo("one");
            assertThat(two.send("two\n").line()).isEqualTo("two");
            try (Caller three = way.connect(server, directory)) {
                three.send(way.header());
                String told = new String(three.untilGone(), UTF_8);
                assertThat(told).isEqualTo(way.isTls() ? "" : "error: too many connections\n");
            }
            witness.await("the third is refused", () -> witness.refused.contains(CloseReason.TOO_MANY_CONNECTIONS));
            assertThat(one.send("still\n").line()).isEqualTo("still");
            one.endOutput();
            witness.awaitClosed(1);
            try (Caller four = enter(way)) {
                assertThat(four.send("four\n").line()).isEqualTo("four");
            }
        }
        assertThat(server.stats().closed()).containsEntry(CloseReason.TOO_MANY_CONNECTIONS, 1L);
    }

    /** Who arrives takes up room, and goes when others need it. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PLAIN", "UNIX"})
    void whoArrivesCounts(Way way) throws Exception {
        start(way, builder().maxConnections(2));
        try (Caller one = enter(way)) {
            assertThat(one.send("one\n").line()).isEqualTo("one");
            try (Caller silent = way.connect(server, directory);
                    Caller two = enter(way)) {
                assertThat(two.send("two\n").line()).isEqualTo("two");
                assertThat(silent.untilGone()).isEmpty();
            }
            witness.await("it is refused", () -> witness.refused.contains(CloseReason.ARRIVAL_OVERTAKEN));
            assertThat(server.stats().closed()).containsEntry(CloseReason.ARRIVAL_OVERTAKEN, 1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSessionKnowsItsClient(Way way) throws Exception {
        start(way);
        try (Caller client = enter(way)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            Session session = witness.connected.get(0);
            if (way.isProxied()) {
                assertThat(session.remoteAddress()).isEqualTo(Way.CLIENT);
                assertThat(session.peer()).isEqualTo(Way.CLIENT);
            } else if (way.isUnix()) {
                assertThat(session.remoteAddress())
                        .isInstanceOfSatisfying(
                                UnixPeer.class,
                                peer -> assertThat(peer.user()).isEqualTo(System.getProperty("user.name")));
                assertThat(session.peer()).isNull();
            } else {
                assertThat(session.remoteAddress()).isEqualTo(client.address());
                assertThat(session.peer()).isEqualTo(client.address());
            }
            if (way.isTls()) {
                assertThat(session.tls().protocol()).isEqualTo(way.protocol());
                assertThat(session.tls().serverName()).isEqualTo("localhost");
            } else {
                assertThat(session.tls()).isNull();
            }
        }
    }
}
