package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** What has arrived is handled and what was sent arrives, or the server says that it was not so. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NothingLostTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int RECEIVE_BUFFER = 400_000; // so that all of what is sent here has arrived

    /** The common pool might have one thread only. */
    private static final Executor THREADS = task -> new Thread(task).start();

    // ---- a drain takes in what has arrived

    /** Why a session has no room at the moment when the drain begins. */
    private enum Full {
        /** Its messages wait for a worker. */
        LANE,
        /** Its replies wait for the peer. */
        OUTBOX,
        /** It waits for its turn. */
        WAITING
    }

    private static Stream<Arguments> waysToBeFull() {
        Stream.Builder<Arguments> all = Stream.builder();
        for (Framing framing : List.of(Framing.lines(), Framing.chunks(), Framing.lengthPrefixed())) {
            for (Full full : Full.values()) {
                for (int frame : new int[] {1_000, 1_024}) { // of which a read takes some and a part, or some exactly
                    for (Duration busy : List.of(Duration.ZERO, Duration.ofSeconds(5))) {
                        all.add(Arguments.of(framing, full, frame, busy));
                    }
                }
            }
        }
        return all.build();
    }

    @ParameterizedTest
    @MethodSource("waysToBeFull")
    void aDrainTakesInWhatHasArrivedThoughThereIsNoRoom(Framing framing, Full full, int frame, Duration busy)
            throws Exception {
        byte[] sent = messages(framing, frame);
        ReactorServer.Builder builder = ReactorServer.builder(framing)
                .receiveBuffer(RECEIVE_BUFFER)
                .handler((session, message) -> session.send(message));
        if (framing != Framing.chunks()) {
            builder.maxMessage(1_024);
        }
        if (full == Full.OUTBOX) {
            builder.highWater(1).sendBuffer(4_096);
        } else if (full == Full.WAITING) {
            builder.activeSessions(1);
        }
        try (HandRun server = new HandRun(builder);
                TestClient first = server.connect();
                TestClient client = server.connect(4_096)) {
            server.workersWork = full == Full.OUTBOX;
            client.send(sent).endOutput();
            server.settle();
            server.settle();
            server.drain(TIMEOUT);
            server.advance(busy);
            first.leave();
            server.workersWork = true;
            byte[] replies = everything(server, client);
            client.leave();
            server.until("all are closed", server::isDrained);
            DrainReport report = server.report();
            assertThat(replies.length).as("bytes of replies; " + report).isEqualTo(sent.length);
            assertThat(replies).isEqualTo(sent);
            assertThat(report.isClean()).as("%s", report).isTrue();
        }
    }

    /** As many messages as fill two reads and more, each so long, framed. */
    private static byte[] messages(Framing framing, int frame) {
        int count = 150;
        ByteBuffer all = ByteBuffer.allocate(count * frame);
        String format = "%0" + (frame - framing.overhead(frame)) + "d";
        for (int i = 0; i < count; i++) {
            framing.put(format.formatted(i).getBytes(StandardCharsets.US_ASCII), 0, all);
        }
        return all.array();
    }

    /** Reads up to the end of the stream while the server goes on, and lets its time go on if it has to. */
    private static byte[] everything(HandRun server, TestClient client) throws Exception {
        CompletableFuture<byte[]> reading = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return client.bytes();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                THREADS);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!reading.isDone() && System.nanoTime() - end < 0) {
            server.settle();
        }
        if (!reading.isDone()) { // what is no message is waited for until the last call is over
            server.advance(Duration.ofSeconds(1));
            server.until("all is read", reading::isDone);
        }
        return reading.get();
    }

    /** Their messages are handled as long as the drain waits for other sessions anyway. */
    @ParameterizedTest
    @EnumSource(Leaving.class)
    void messagesOfThoseWhoAreGoneDoNotMakeADrainLong(Leaving leaving) throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            server.workersWork = false;
            for (int i = 1; i <= 3; i++) {
                TestClient client = server.connect();
                client.send("in vain\n".repeat(100));
                int count = 100 * i;
                server.until("read", () -> server.witness.received.size() == count);
                leaving.by(client);
                server.until("its place is free", () -> server.stats().open() == 0);
            }
            server.drain(TIMEOUT);
            server.advance(Duration.ofSeconds(1));
            CompletableFuture<DrainReport> over = CompletableFuture.supplyAsync(() -> reportOf(server), THREADS);
            DrainReport report = over.get(20, TimeUnit.SECONDS);
            assertThat(report.took()).isLessThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(report.messagesDropped()).isEqualTo(300);
            assertThat(report.isClean()).isFalse();
        }
    }

    private static DrainReport reportOf(HandRun server) {
        try {
            return server.report();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private enum Leaving {
        RESET;

        void by(TestClient client) throws IOException {
            client.reset();
        }
    }

    // ---- no reset eats replies

    private static final int LARGE = 100_000;
    private static final Duration A_LOOK_LATER = Duration.ofMillis(11);

    /** Why the server ends a session, and what makes it do so. */
    private enum End {
        CLOSED_BY_APPLICATION,
        HANDLER_FAILED,
        INVALID_UTF8,
        MESSAGE_TOO_LARGE,
        SERVER_SHUTDOWN
    }

    private static Stream<Arguments> endsAndAmounts() {
        return Stream.of(End.values()).flatMap(end -> Stream.of(6, 3_000).map(bytes -> Arguments.of(end, bytes)));
    }

    /**
     * A large reply is on its way, in the kernel, when the session ends; the handler works on, so that by the
     * server's clock nothing has moved for long; and the client has said something meanwhile. To close with
     * that unread is a reset, which takes the reply along.
     */
    @ParameterizedTest
    @MethodSource("endsAndAmounts")
    void noResetEatsRepliesOfASessionThatTheServerEnds(End end, int saidMeanwhile) throws Exception {
        HandRun[] run = new HandRun[1];
        TestClient[] client = new TestClient[1];
        String large = "x".repeat(LARGE);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    HandRun server = run[0];
                    session.send(large);
                    server.advance(A_LOOK_LATER);
                    assertThat(server.stats().repliesWritten()).isOne();
                    if (end == End.CLOSED_BY_APPLICATION) {
                        session.close();
                    } else if (end == End.SERVER_SHUTDOWN) {
                        server.drain(Duration.ofHours(1));
                    }
                    server.advance(Duration.ofMillis(2_500));
                    client[0].send("y".repeat(saidMeanwhile - 1) + "\n");
                    server.settle();
                    if (end == End.HANDLER_FAILED) {
                        throw new IllegalStateException("told to");
                    }
                })
                .maxMessage(20_000)
                .highWater(10 * LARGE)
                .sendBuffer(4 * LARGE)
                .lingerTimeout(Duration.ofHours(1));
        try (HandRun server = new HandRun(builder);
                TestClient its = server.connect(4_096)) {
            run[0] = server;
            client[0] = its;
            its.send("go\n");
            if (end == End.INVALID_UTF8) {
                its.send((byte) 0xFF, (byte) '\n');
            } else if (end == End.MESSAGE_TOO_LARGE) {
                its.send("z".repeat(20_001));
            }
            server.until("handled", () -> server.stats().messagesHandled() == 1);
            server.settle();
            String heard = new String(everything(server, its), StandardCharsets.UTF_8);
            assertThat(heard).startsWith(large + "\n");
            its.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.valueOf(end.name()));
            assertThat(server.stats().repliesDropped()).isZero();
        }
    }

    private static Stream<Arguments> lateEnds() {
        return Stream.of(true, false).flatMap(fails -> Stream.of(0, 600).map(more -> Arguments.of(fails, more)));
    }

    /** What was pipelined behind the message whose handler ends the session, long after its reply left. */
    @ParameterizedTest
    @MethodSource("lateEnds")
    void noResetEatsRepliesWhenMuchWasPipelined(boolean fails, int more) throws Exception {
        HandRun[] run = new HandRun[1];
        String large = "x".repeat(LARGE);
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    session.send(large);
                    run[0].advance(A_LOOK_LATER);
                    assertThat(run[0].stats().repliesWritten()).isOne();
                    run[0].advance(Duration.ofSeconds(2));
                    if (fails) {
                        throw new IllegalStateException("told to");
                    }
                    session.close();
                })
                .laneLimit(1)
                .maxMessage(1_024)
                .highWater(10 * LARGE)
                .sendBuffer(4 * LARGE)
                .receiveBuffer(RECEIVE_BUFFER)
                .lingerTimeout(Duration.ofHours(1));
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect(4_096)) {
            run[0] = server;
            client.send("go\n" + ("y".repeat(500) + "\n").repeat(more));
            server.until("handled", () -> server.stats().messagesHandled() == 1);
            server.settle();
            assertThat(new String(everything(server, client), StandardCharsets.UTF_8))
                    .isEqualTo(large + "\n" + (fails ? "error: the handler failed\n" : ""));
            assertThat(server.stats().repliesDropped()).isZero();
            client.leave();
        }
    }

    // ---- many replies to one message

    private static Stream<Arguments> placesAndFramings() {
        return Place.offTheLoop()
                .flatMap(place -> Stream.of(Framing.lines(), Framing.lengthPrefixed(), Framing.chunks())
                        .map(framing -> Arguments.of(place, framing)));
    }

    @ParameterizedTest
    @MethodSource("placesAndFramings")
    void fortyThousandRowsReachAClientThatReads(Place place, Framing framing) throws Exception {
        int rows = 40_000;
        MessageHandler handler = (session, message) -> {
            for (int i = 0; i < rows; i++) {
                if (!session.send("%0100d".formatted(i))) {
                    return;
                }
            }
            session.close();
        };
        Witness witness = new Witness();
        try (ReactorServer server = place.in(ReactorServer.builder(framing))
                        .port(0)
                        .observer(witness)
                        .handler(handler)
                        .start();
                TestClient client = TestClient.of(server)) {
            ByteBuffer request = ByteBuffer.allocate(16);
            framing.put("rows".getBytes(StandardCharsets.US_ASCII), 0, request);
            byte[] bytes = new byte[request.flip().remaining()];
            request.get(bytes);
            client.send(bytes);
            assertThat(client.bytes().length).isEqualTo(rows * (100 + framing.overhead(100)));
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(server.stats().repliesDropped()).isZero();
        }
    }

    /** However long the loop does not come to it: it is the budgets that count. */
    @Test
    void fortyThousandRowsAreTakenThoughTheLoopIsLate() throws Exception {
        int rows = 40_000;
        int[] taken = new int[1];
        MessageHandler handler = (session, message) -> {
            for (int i = 0; i < rows; i++) {
                taken[0] += session.send("%0100d".formatted(i)) ? 1 : 0;
            }
            session.close();
        };
        try (HandRun server = new HandRun(HandRun.lines(handler));
                TestClient client = server.connect()) {
            client.send("rows\n");
            assertThat(everything(server, client)).hasSize(rows * 101);
            assertThat(taken[0]).isEqualTo(rows);
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    // ---- input of a peer that takes no replies

    /** A sender that reads nothing and goes, as loggers do: the first reply is answered with a reset. */
    @ParameterizedTest
    @EnumSource(Room.class)
    void whatIsReadableAfterAFailedWriteIsHandled(Room room) throws Exception {
        int count = 500;
        ReactorServer.Builder builder = HandRun.echo().maxMessage(1_024).receiveBuffer(RECEIVE_BUFFER);
        if (room == Room.LITTLE) {
            builder.laneLimit(1);
        }
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append("%0100d\n".formatted(i));
            }
            client.send(lines.toString());
            client.leave();
            server.untilClosed(1);
            server.settle();
            assertThat(server.stats().messagesHandled()).isEqualTo(count);
            assertThat(server.stats().messagesDropped()).isZero();
        }
    }

    private enum Room {
        AS_USUAL,
        LITTLE
    }

    // ---- onClose

    /** Records openings and ends, and what handlers wait for while ignoring interrupts. */
    private static final class Sitting implements MessageHandler {
        final CountDownLatch goOn = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);
        final List<String> events = new ArrayList<>();

        @Override
        public void onOpen(Session session) {
            note(session, "open");
        }

        @Override
        public void onMessage(Session session, String message) {
            begun.countDown();
            boolean hasWaited = false;
            while (!hasWaited) {
                try {
                    hasWaited = goOn.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    continue;
                }
            }
            note(session, "handled");
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            note(session, "close " + reason.name());
        }

        private synchronized void note(Session session, String what) {
            events.add(session.id() + " " + what);
            notifyAll();
        }

        synchronized void await(int count) throws InterruptedException {
            long end = System.nanoTime() + Witness.PATIENCE;
            while (events.size() < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertThat(left)
                        .as("not within 30 s: " + count + " events; " + events)
                        .isPositive();
                wait(left);
            }
        }
    }

    private static Stream<Arguments> placesAndTimeouts() {
        return Place.offTheLoop()
                .flatMap(place ->
                        Stream.of(Duration.ZERO, Duration.ofMillis(100)).map(time -> Arguments.of(place, time)));
    }

    /** Of sessions that a hanging handler holds up, and of the one that it belongs to. */
    @ParameterizedTest
    @MethodSource("placesAndTimeouts")
    void onCloseComesWhenTheHandlerReturnsThoughTheDrainIsOver(Place place, Duration timeout) throws Exception {
        Sitting handler = new Sitting();
        ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                .port(0)
                .handler(handler)
                .start();
        try (TestClient one = TestClient.of(server);
                TestClient other = TestClient.of(server)) {
            handler.await(2);
            assertThat(other.available()).isZero();
            one.send("sit\n");
            assertThat(handler.begun.await(30, TimeUnit.SECONDS)).isTrue();
            server.drain(timeout);
            handler.goOn.countDown();
            handler.await(5);
            assertThat(handler.events)
                    .containsSubsequence("1 open", "1 handled", "1 close DRAIN_TIMEOUT")
                    .hasSize(5);
            assertThat(handler.events.stream().filter(event -> event.startsWith("2 close")))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void onCloseComesToEveryoneWhoHadAnOnOpenAtAnEndWithoutTime(Place place) throws Exception {
        Map<Long, String> told = new ConcurrentHashMap<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) {
                told.merge(session.id(), "open", (before, now) -> before + ", " + now);
            }

            @Override
            public void onMessage(Session session, String message) {
                session.send(message);
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                told.merge(session.id(), "close", (before, now) -> before + ", " + now);
            }
        };
        ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                .port(0)
                .handler(handler)
                .start();
        List<TestClient> clients = TestClient.several(50, server.port());
        for (TestClient client : clients) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
        }
        server.drain(Duration.ZERO);
        long end = System.nanoTime() + Witness.PATIENCE;
        while (!told.values().stream().allMatch("open, close"::equals)) {
            assertThat(System.nanoTime() - end).as("%s", told).isNegative();
            Thread.yield();
        }
        assertThat(told).hasSize(50);
        TestClient.closeAll(clients);
    }

    /** It is no handler that hangs: it has been called because of that end. */
    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#offTheLoop")
    void onCloseIsNotInterruptedByTheEnd(Place place) throws Exception {
        CountDownLatch isOver = new CountDownLatch(1);
        CompletableFuture<Boolean> undisturbed = new CompletableFuture<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {
                session.send(message);
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                try {
                    undisturbed.complete(isOver.await(60, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    undisturbed.complete(false);
                }
            }
        };
        ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                .port(0)
                .handler(handler)
                .start();
        try (TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            server.drain(Duration.ZERO);
            isOver.countDown();
            assertThat(undisturbed.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    // ---- sessions that are refused before their turn

    @Test
    void aSessionThatIsRefusedBeforeItsTurnEndsAndNeverHasOne() throws Exception {
        List<Long> opened = new ArrayList<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) {
                opened.add(session.id());
            }

            @Override
            public void onMessage(Session session, String message) {
                session.send(message);
            }
        };
        ReactorServer.Builder builder =
                HandRun.lines(handler).activeSessions(1).maxMessage(10_000).requestMemory(1_000);
        try (HandRun server = new HandRun(builder);
                TestClient served = server.connect();
                TestClient waiting = server.connect();
                TestClient next = server.connect()) {
            waiting.send("x".repeat(5_000));
            server.settle();
            for (int i = 0; i < 5; i++) { // a budget may be given a little time
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(server.line(waiting)).startsWith("error: too much waiting");
            server.settle();
            assertThat(waiting.rest()).isEmpty();
            waiting.leave();
            assertThat(server.untilClosed(2)).isEqualTo(CloseReason.REQUEST_MEMORY_EXHAUSTED);
            served.leave();
            server.untilClosed(1);
            assertThat(server.line(next.send("my turn\n"))).isEqualTo("my turn");
            assertThat(opened).containsExactly(1L, 3L);
        }
    }
}
