package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** A reason that promises that every reply arrived is not given when one was dropped. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrueReasonsTest {
    private static final String LARGE = "x".repeat(500_000);
    private static final int MOST = 1_000;

    /** Why a session ends, with a reply that has not left. */
    private enum End {
        END_OF_STREAM(client -> client.endOutput()),
        TRUNCATED_MESSAGE(client -> client.send((byte) 0, (byte) 0).endOutput()),
        INVALID_UTF8(client -> client.send((byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0xFF)),
        MESSAGE_TOO_LARGE(
                client -> client.send(ByteBuffer.allocate(4).putInt(MOST + 1).array())),
        NEGATIVE_LENGTH(client -> client.send(ByteBuffer.allocate(4).putInt(-1).array())),
        MESSAGE_TIMEOUT(client -> client.send((byte) 0, (byte) 0)),
        CLOSED_BY_APPLICATION(client -> client.sendWithLength("close")),
        HANDLER_FAILED(client -> client.sendWithLength("fail")),
        SERVER_SHUTDOWN(client -> {});

        private interface Action {
            void by(TestClient client) throws IOException;
        }

        private final Action action;

        End(Action action) {
            this.action = action;
        }
    }

    /** What makes that reply be lost. */
    private enum Loss {
        WRITE_TIMEOUT {
            @Override
            void happen(HandRun server, TestClient client) throws IOException {
                for (int i = 0; i < 10 && server.reason(1) == null; i++) {
                    server.advance(Duration.ofSeconds(30));
                }
            }
        },
        CONNECTION_LOST {
            @Override
            void happen(HandRun server, TestClient client) throws IOException {
                client.reset();
            }
        },
        DRAIN_TIMEOUT {
            @Override
            void happen(HandRun server, TestClient client) throws IOException {
                server.drain(Duration.ofSeconds(5));
                server.advance(Duration.ofHours(1));
            }
        };

        abstract void happen(HandRun server, TestClient client) throws IOException;
    }

    private static Stream<Arguments> endsAndLosses() {
        return Stream.of(End.values()).flatMap(end -> Stream.of(Loss.values()).map(loss -> Arguments.of(end, loss)));
    }

    @ParameterizedTest
    @MethodSource("endsAndLosses")
    void theReasonIsWhatMadeTheReplyBeLost(End end, Loss loss) throws Exception {
        List<CloseReason> told = new ArrayList<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {
                switch (message) {
                    case "close" -> session.close();
                    case "fail" -> throw new IllegalStateException("told to");
                    default -> session.send(LARGE);
                }
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                told.add(reason);
            }
        };
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lengthPrefixed())
                .handler(handler)
                .maxMessage(MOST)
                .highWater(LARGE.length() * 2) // it goes on with the next message
                .writeTimeout(Duration.ofSeconds(30))
                .sendBuffer(16 * 1_024);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            server.workersWork = false;
            client.sendWithLength("go");
            end.action.by(client);
            server.until("read", () -> server.witness.received.contains("go"));
            server.settle();
            if (end == End.MESSAGE_TIMEOUT) {
                server.advance(Duration.ofSeconds(30));
            } else if (end == End.SERVER_SHUTDOWN) {
                server.drain(Duration.ofHours(loss == Loss.DRAIN_TIMEOUT ? 1 : 24));
            }
            server.workersWork = true;
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            assertThat(server.reason(1)).isNull();
            loss.happen(server, client);
            CloseReason reason = server.untilClosed(1);
            server.settle();
            CloseReason expected = CloseReason.valueOf(loss.name());
            assertThat(server.stats().repliesDropped()).isPositive();
            assertThat(reason).isEqualTo(expected);
            assertThat(told).containsExactly(expected);
            assertThat(server.stats().closed()).containsEntry(expected, 1L);
        }
    }

    /** The reverse: a slow peer gets its error, and the reason stays what it was. */
    @ParameterizedTest
    @MethodSource("ends")
    void theReasonStaysIfTheReplyArrivesAfterAll(End end) throws Exception {
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lengthPrefixed())
                .handler((session, message) -> {
                    switch (message) {
                        case "close" -> session.close();
                        case "fail" -> throw new IllegalStateException("told to");
                        default -> session.send(LARGE);
                    }
                })
                .maxMessage(MOST)
                .highWater(LARGE.length() * 2)
                .lingerTimeout(Duration.ofHours(1))
                .sendBuffer(16 * 1_024);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            server.workersWork = false;
            client.sendWithLength("go");
            end.action.by(client);
            server.until("read", () -> server.witness.received.contains("go"));
            server.settle();
            if (end == End.MESSAGE_TIMEOUT) {
                server.advance(Duration.ofSeconds(30));
            } else if (end == End.SERVER_SHUTDOWN) {
                server.drain(Duration.ofHours(24));
            }
            server.workersWork = true;
            int wanted = 4 + LARGE.length();
            StringBuilder heard = new StringBuilder();
            server.until("the reply", () -> {
                heard.append(read(client));
                return heard.length() >= wanted;
            });
            assertThat(heard.substring(4, wanted)).isEqualTo(LARGE);
            server.settle();
            client.rest();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.valueOf(end.name()));
            assertThat(server.stats().repliesDropped()).isZero();
        }
    }

    private static Stream<End> ends() {
        return Stream.of(End.values());
    }

    private static String read(TestClient client) {
        try {
            return client.read(client.available());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Lines, too: what is wrong may stand right behind what is right. */
    @ParameterizedTest
    @MethodSource("lossesOfLines")
    void theReasonIsSoForLinesAndChunks(Framing framing, Loss loss) throws Exception {
        ReactorServer.Builder builder = ReactorServer.builder(framing)
                .handler((session, message) -> session.send(LARGE))
                .sendBuffer(16 * 1_024);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            server.workersWork = false;
            client.send("go\n".getBytes(StandardCharsets.US_ASCII));
            server.until("read", () -> !server.witness.received.isEmpty());
            client.send((byte) 0xFF, (byte) '\n');
            server.settle();
            server.workersWork = true;
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            loss.happen(server, client);
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.valueOf(loss.name()));
        }
    }

    private static Stream<Arguments> lossesOfLines() {
        return Stream.of(Framing.lines(), Framing.chunks())
                .flatMap(framing -> Stream.of(Loss.values()).map(loss -> Arguments.of(framing, loss)));
    }
}
