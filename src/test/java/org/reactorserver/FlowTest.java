package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** A handler can send no more than the peer reads, and can pause reading. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlowTest {
    private static final int HIGH_WATER = 10_000;
    private static final String LONG = "x".repeat(9_000);

    private final List<String> told = new ArrayList<>();
    private CompletionStage<Boolean> sent = new CompletableFuture<>();

    private static Iterator<String> rows(int count, AtomicInteger drawn) {
        return IntStream.range(0, count)
                .peek(i -> drawn.incrementAndGet())
                .mapToObj(i -> "row " + i)
                .iterator();
    }

    /** Runs the test's code at each message, and records the rest. */
    private final class Noting implements MessageHandler {
        private final Consumer<Session> deed;

        Noting(Consumer<Session> deed) {
            this.deed = deed;
        }

        @Override
        public void onMessage(Session session, String message) {
            told.add(message);
            deed.accept(session);
        }

        @Override
        public void onWritable(Session session) {
            told.add("writable");
            assertThat(session.pending()).isLessThanOrEqualTo(HIGH_WATER / 2);
        }

        @Override
        public String onError(Session session, String message, Throwable cause) {
            told.add(message + " " + cause.getMessage());
            return "failed";
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            told.add(reason.toString());
        }
    }

    private ReactorServer.Builder noting(Consumer<Session> deed) {
        return HandRun.lines(new Noting(deed)).highWater(HIGH_WATER).sendBuffer(10_000);
    }

    @Test
    void whatWaitsIsToldInBytesOfHeap() throws Exception {
        List<Long> pending = new ArrayList<>();
        try (HandRun server = new HandRun(noting(session -> {
                    pending.add(session.pending());
                    session.send("12345");
                    pending.add(session.pending());
                }));
                TestClient client = server.connect()) {
            client.send("a\n");
            assertThat(server.line(client)).isEqualTo("12345");
            server.settle();
            assertThat(pending).containsExactly(0L, 37L);
            assertThat(server.session(0).pending()).isZero();
        }
    }

    @Test
    void whoWasToldToSendNoMoreIsToldWhenThereIsRoom() throws Exception {
        try (HandRun server = new HandRun(noting(session -> {
                    while (session.isWritable()) {
                        session.send(LONG);
                    }
                }));
                TestClient client = server.connect(5_000)) {
            client.send("go\n");
            server.until("it is full", () -> told.contains("go"));
            assertThat(server.session(0).isWritable()).isFalse();
            server.until("there is room", () -> {
                drain(client);
                return told.contains("writable");
            });
            server.settle();
            assertThat(told).containsExactly("go", "writable");
        }
    }

    private static void drain(TestClient client) {
        try {
            client.read(client.available());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /** It would be told for nothing. */
    @Test
    void whoHasNotAskedIsNotTold() throws Exception {
        try (HandRun server = new HandRun(noting(session -> {
                    session.send(LONG);
                    session.send(LONG);
                }));
                TestClient client = server.connect()) {
            client.send("go\n").endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            server.settle();
            assertThat(told).containsExactly("go", "end of stream");
        }
    }

    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void fortyThousandRowsArriveAndAreDrawnAsTheyAreRead(Place place) throws Exception {
        AtomicInteger drawn = new AtomicInteger();
        MessageHandler handler = (session, message) -> {
            if (message.equals("rows")) {
                sent = session.sendAll(rows(40_000, drawn));
            } else {
                session.send(message);
            }
        };
        try (ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                        .port(0)
                        .sendBuffer(10_000)
                        .handler(handler)
                        .start();
                TestClient client = new TestClient(server.port(), "127.0.0.1", 10_000)) {
            client.send("before\nrows\nbehind\n").endOutput();
            assertThat(client.line()).isEqualTo("before");
            assertThat(client.line()).isEqualTo("row 0");
            assertThat(drawn).hasValueLessThan(20_000);
            for (int i = 1; i < 40_000; i++) {
                assertThat(client.line()).isEqualTo("row " + i);
            }
            assertThat(client.rest()).isEqualTo("behind\n");
            assertThat(sent.toCompletableFuture().get()).isTrue();
        }
    }

    @Test
    void whatIsGivenMeanwhileComesBehind() throws Exception {
        try (HandRun server = new HandRun(noting(session -> {
                    session.sendAll(List.of("1", "2").iterator());
                    session.sendAllBytes(Stream.of(new byte[] {'3'}, new byte[] {'4'}));
                    session.sendAllBytes(List.of(new byte[] {'5'}).iterator());
                    session.sendAll(Stream.of("6")).thenRun(() -> session.send("end"));
                }));
                TestClient client = server.connect()) {
            client.send("a\nb\n").endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            assertThat(client.rest()).isEqualTo("1\n2\n3\n4\n5\n6\nend\n".repeat(2));
        }
    }

    @Test
    void aStreamIsClosedWhateverHappens() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        Stream<String> endless = Stream.generate(() -> LONG).onClose(closed::incrementAndGet);
        try (HandRun server = new HandRun(noting(session -> sent = session.sendAll(endless)));
                TestClient client = server.connect(5_000)) {
            client.send("go\n");
            server.until("it is full", () -> server.session(0).pending() > HIGH_WATER);
            server.settle();
            assertThat(closed).hasValue(0);
            client.reset();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.CONNECTION_LOST);
            server.settle();
            assertThat(closed).hasValue(1);
            assertThat(sent.toCompletableFuture().get()).isFalse();
            assertThat(server.session(0).sendAll(Stream.of("late").onClose(closed::incrementAndGet)))
                    .isCompletedWithValue(false);
            assertThat(closed).hasValue(2);
            assertThat(server.stats().held()).isZero();
        }
    }

    @Test
    void whatThrowsWhileItIsDrawnIsAFailureOfTheHandler() throws Exception {
        Iterator<String> bad = Stream.of("good", "two\nlines").iterator();
        try (HandRun server = new HandRun(noting(session -> sent = session.sendAll(bad)));
                TestClient client = server.connect()) {
            client.send("go\nnever\n").endOutput();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
            server.settle();
            assertThat(client.rest()).isEqualTo("good\nfailed\n");
            assertThat(sent).isCompletedExceptionally();
            assertThat(told.get(1)).startsWith("null a message of line framing");
            assertThat(server.stats().held()).isZero();
        }
    }

    @Test
    void aDrainWaitsForTheLastRow() throws Exception {
        AtomicInteger drawn = new AtomicInteger();
        try (HandRun server = new HandRun(noting(session -> sent = session.sendAll(rows(5_000, drawn))));
                TestClient client = server.connect(5_000)) {
            client.send("go\n");
            server.until("it is full", () -> server.session(0).pending() > HIGH_WATER);
            server.drain(Duration.ofSeconds(10));
            assertThat(drawn).hasValueLessThan(5_000);
            StringBuilder seen = new StringBuilder();
            server.until("all is there", () -> {
                try {
                    seen.append(client.read(client.available()));
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
                return seen.toString().endsWith("row 4999\n");
            });
            client.leave();
            server.until("closed", server::isDrained);
            assertThat(server.report().isClean()).isTrue();
            assertThat(sent.toCompletableFuture().get()).isTrue();
        }
    }

    @Test
    void whoIsPausedIsNeitherHandledNorReadNorIdle() throws Exception {
        Duration idle = Duration.ofSeconds(10);
        try (HandRun server = new HandRun(noting(session -> {
                            if (told.size() == 1) {
                                session.pauseReading();
                            }
                        })
                        .idleTimeout(idle));
                TestClient client = server.connect()) {
            client.send("1\n2\n");
            server.until("the first is handled", () -> told.contains("1"));
            server.settle();
            client.send("3\n").endOutput();
            server.settle();
            server.advance(idle.multipliedBy(3));
            assertThat(told).containsExactly("1");
            assertThat(server.witness.received).containsExactly("1", "2");
            assertThat(server.reason(1)).isNull();
            server.session(0).resumeReading();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            server.settle();
            assertThat(told).containsExactly("1", "2", "3", "end of stream");
        }
    }

    @Test
    void whatCannotBeDrawnFromIsRefusedByName() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            Session session = server.session(0);
            assertThatThrownBy(() -> session.sendAll((Iterator<String>) null))
                    .hasMessage("sendAll(null): expected an iterator");
            assertThatThrownBy(() -> session.sendAllBytes((Stream<byte[]>) null))
                    .hasMessage("sendAllBytes(null): expected a stream");
            client.leave();
        }
    }

    /** A stream whose close throws, and another source behind it. */
    @Test
    void aSourceThatCannotBeClosedLeavesNoneBehind() throws Exception {
        List<Object> done = new ArrayList<>();
        try (HandRun server = new HandRun(HandRun.lines((session, message) -> {
                            String large = "x".repeat(1_000);
                            session.sendAll(
                                    Stream.of(large, large, large, large).onClose(() -> {
                                        throw new IllegalStateException("close");
                                    }));
                            session.sendAll(List.of("b").iterator())
                                    .whenComplete((all, failure) -> done.add("" + all + failure));
                        })
                        .highWater(1_500));
                TestClient client = server.connect()) {
            server.read(client, "go\n");
            server.settle();
            client.endOutput();
            server.settle();
            server.advance(Duration.ofDays(1));
            assertThat(server.stats().held()).isZero();
            assertThat(done).hasSize(1);
            assertThat(server.reason(1)).isEqualTo(CloseReason.HANDLER_FAILED);
        }
    }
}
