package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Framing.Length;

/** Messages that are bytes, whatever they mean. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BinaryHandlerTest {
    private static final byte[] NOT_UTF8 = {(byte) 0xFF, 0, '\n', (byte) 0xC0};

    private static ReactorServer.Builder bytes(BinaryHandler handler) {
        return ReactorServer.builder(Framing.lengthPrefixed(2, Length.LITTLE_ENDIAN))
                .binaryHandler(handler);
    }

    private static byte[] framed(byte... payload) {
        byte[] framed = new byte[2 + payload.length];
        framed[0] = (byte) payload.length;
        System.arraycopy(payload, 0, framed, 2, payload.length);
        return framed;
    }

    @Test
    void areHandledAndAnsweredAsTheyAre() throws Exception {
        try (HandRun server = new HandRun(bytes(Session::send));
                TestClient client = server.connect()) {
            client.send(framed(NOT_UTF8)).send(framed()).endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            byte[] expected = {4, 0, (byte) 0xFF, 0, '\n', (byte) 0xC0, 0, 0};
            assertThat(client.bytes()).isEqualTo(expected);
            assertThat(server.stats().messagesRead()).isEqualTo(2);
        }
    }

    @Test
    void areToldOfAsBytes() throws Exception {
        List<byte[]> told = new ArrayList<>();
        try (HandRun server = new HandRun(bytes(Session::send));
                TestClient client = server.connect()) {
            server.engine().observe(new ServerObserver() {
                @Override
                public void received(Session session, byte[] message) {
                    told.add(message);
                }
            });
            client.send(framed(NOT_UTF8));
            server.until("it is handled", () -> server.stats().messagesHandled() == 1);
            assertThat(told).containsExactly(NOT_UTF8);
        }
    }

    @Test
    void mayBeAnsweredLate() throws Exception {
        List<CompletableFuture<byte[]>> stages = new ArrayList<>();
        AsyncBinaryHandler handler = (session, message) -> {
            stages.add(new CompletableFuture<>());
            return stages.get(stages.size() - 1);
        };
        ReactorServer.Builder builder =
                ReactorServer.builder(Framing.lengthPrefixed()).asyncBinaryHandler(handler);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            client.sendWithLength("a").sendWithLength("b").endOutput();
            server.until("both are asked", () -> stages.size() == 2);
            stages.get(1).complete(new byte[] {2});
            stages.get(0).complete(new byte[] {1});
            server.untilClosed(1);
            byte[] expected = {0, 0, 0, 1, 1, 0, 0, 0, 1, 2};
            assertThat(client.bytes()).isEqualTo(expected);
        }
    }

    /** What was sent may be changed at once. */
    @Test
    void areCopiedWhenTheyAreSent() throws Exception {
        BinaryHandler handler = (session, message) -> {
            byte[] reply = {1, 2, 3};
            session.send(reply);
            reply[0] = 9;
        };
        try (HandRun server = new HandRun(bytes(handler));
                TestClient client = server.connect()) {
            client.send(framed(NOT_UTF8)).endOutput();
            server.untilClosed(1);
            assertThat(client.bytes()).isEqualTo(new byte[] {3, 0, 1, 2, 3});
        }
    }

    @Test
    void aTextMayBeSentToAPeerOfBytesAndBytesToOneOfTexts() throws Exception {
        try (HandRun server = new HandRun(bytes((session, message) -> session.send("é")));
                TestClient client = server.connect()) {
            client.send(framed(NOT_UTF8)).endOutput();
            server.untilClosed(1);
            assertThat(client.bytes()).isEqualTo(new byte[] {2, 0, (byte) 0xC3, (byte) 0xA9});
        }
        try (HandRun server = new HandRun(HandRun.lines((session, message) -> session.send(new byte[] {'b', 'y'})));
                TestClient client = server.connect()) {
            client.send("x\n").endOutput();
            server.untilClosed(1);
            assertThat(client.rest()).isEqualTo("by\n");
        }
    }

    @Test
    void whatTheFramingCannotCarryIsRefusedAtTheCaller() throws Exception {
        List<Throwable> refused = new ArrayList<>();
        BinaryHandler handler = (session, message) -> {
            try {
                session.send(new byte[] {'a', '\n', 'b'});
            } catch (IllegalArgumentException e) {
                refused.add(e);
            }
        };
        try (HandRun server = new HandRun(ReactorServer.builder(Framing.lines()).binaryHandler(handler));
                TestClient client = server.connect()) {
            client.send("x\n").endOutput();
            server.untilClosed(1);
            assertThat(refused).hasSize(1);
            assertThat(client.rest()).isEmpty();
        }
    }

    /** Text in the midst of a protocol of bytes would be read as something else. */
    @Test
    void thePeerIsToldErrorsOnlyAsTheApplicationSays() throws Exception {
        BinaryHandler failing = (session, message) -> {
            throw new IllegalStateException("as planned");
        };
        try (HandRun server = new HandRun(bytes(failing));
                TestClient client = server.connect()) {
            client.send(framed(NOT_UTF8)).endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
            assertThat(client.bytes()).isEmpty();
        }
        ReactorServer.Builder telling =
                bytes(failing).binaryErrorReplies((why, problem) -> new byte[] {(byte) why.ordinal()});
        try (HandRun server = new HandRun(telling);
                TestClient client = server.connect()) {
            client.send(framed(NOT_UTF8)).endOutput();
            server.untilClosed(1);
            assertThat(client.bytes()).isEqualTo(framed((byte) CloseReason.HANDLER_FAILED.ordinal()));
        }
    }

    @Test
    void noHandlerIsRefusedByName() {
        ReactorServer.Builder builder = ReactorServer.builder(Framing.chunks());
        assertThatThrownBy(() -> builder.binaryHandler(null)).hasMessage("binaryHandler(null): expected a handler");
        assertThatThrownBy(builder::settings).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mayBeSentByAnybodyAndAreObserved() throws Exception {
        List<byte[]> queued = new ArrayList<>();
        ReactorServer.Builder builder = bytes((session, message) -> {}).observer(new ServerObserver() {
            @Override
            public void queued(Session session, byte[] message) {
                queued.add(message);
            }
        });
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            server.settle();
            Session session = server.session(0);
            assertThat(session.send(NOT_UTF8)).isTrue();
            server.until("it has left", () -> client.available() == 2 + NOT_UTF8.length);
            Group everyone = server.engine().everyone();
            assertThat(everyone.send(NOT_UTF8)).isEqualTo(1);
            assertThat(queued).containsExactly(NOT_UTF8, NOT_UTF8);
            client.endOutput();
            session.close();
            assertThat(session.send(NOT_UTF8)).as("when it is to end").isFalse();
            assertThat(everyone.send(NOT_UTF8)).isZero();
            assertThat(queued).hasSize(2);
            server.untilClosed(1);
        }
    }

    @Test
    void mayBeDrawnFromAnIteratorOrAStream() throws Exception {
        List<String> closed = new ArrayList<>();
        try (HandRun server = new HandRun(bytes((session, message) -> {}));
                TestClient client = server.connect()) {
            server.settle();
            Session session = server.session(0);
            CompletableFuture<Boolean> first = session.sendAllBytes(
                            List.of(new byte[] {1}, new byte[] {2}).iterator())
                    .toCompletableFuture();
            CompletableFuture<Boolean> second = session.sendAllBytes(
                            Stream.of(new byte[] {3}).onClose(() -> closed.add("stream")))
                    .toCompletableFuture();
            server.until("all is sent", second::isDone);
            assertThat(first.join()).isTrue();
            assertThat(second.join()).isTrue();
            assertThat(closed).containsExactly("stream");
            client.endOutput();
            session.close();
            CompletableFuture<Boolean> third = session.sendAllBytes(
                            Stream.of(new byte[] {4}).onClose(() -> closed.add("another")))
                    .toCompletableFuture();
            assertThat(third.getNow(null)).isFalse();
            assertThat(closed).containsExactly("stream", "another");
            server.untilClosed(1);
            assertThat(client.bytes()).isEqualTo(new byte[] {1, 0, 1, 1, 0, 2, 1, 0, 3});
        }
    }
}
