package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.loop.LoopProbe;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;
import org.reactorserver.text.Plural;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;

/** A server that ends answers what it has read, in the time it is given, and says what became of it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LAST_CALL = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofNanos(1);

    /** The common pool might have one thread only. */
    private static final Executor THREADS = task -> new Thread(task).start();

    @Test
    void everythingThatWasReadIsAnsweredAndTheReportSaysSo() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(server.connect());
            }
            clients.get(0).send("before the drain\n");
            assertThat(server.line(clients.get(0))).isEqualTo("before the drain");
            server.workersWork = false;
            StringBuilder messages = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                messages.append(i).append('\n');
            }
            for (TestClient client : clients) {
                client.send(messages.toString());
            }
            server.until("all are read", () -> server.witness.received.size() == 20 * 50 + 1);
            server.drain(TIMEOUT);
            server.advance(Duration.ofSeconds(5)); // the workers take their time
            assertThat(server.witness.closed).isEmpty();
            server.workersWork = true;
            server.settle();
            for (TestClient client : clients) {
                assertThat(client.rest()).isEqualTo(messages.toString());
                client.leave();
            }
            server.until("all are closed", server::isDrained);
            DrainReport report = server.report();
            assertThat(report).hasToString(report(20, 1_000, 0, 0, 0, Duration.ofSeconds(5)));
            assertThat(report.isClean()).isTrue();
            assertThat(server.witness.closed.values()).containsOnly(CloseReason.SERVER_SHUTDOWN);
        }
    }

    @Test
    void whoHasConnectedAndNotSpokenGetsALastCall() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient spoken = server.connect();
                TestClient fresh = server.connect();
                TestClient silent = server.connect()) {
            spoken.send("hello\n");
            assertThat(server.line(spoken)).isEqualTo("hello");
            server.drain(TIMEOUT);
            assertThat(spoken.rest()).as("ended at once").isEmpty();
            server.advance(LAST_CALL.minus(TICK));
            fresh.send("just in time\n");
            assertThat(server.line(fresh)).isEqualTo("just in time");
            server.settle();
            assertThat(fresh.rest()).isEmpty();
            server.advance(TICK);
            assertThat(silent.rest()).as("ended with the last call").isEmpty();
            spoken.leave();
            fresh.leave();
            silent.leave();
            server.until("all are closed", server::isDrained);
            assertThat(server.report().isClean()).isTrue();
            assertThat(server.witness.closed.values()).containsOnly(CloseReason.SERVER_SHUTDOWN);
        }
    }

    @Test
    void soDoesWhoHasYetToSayForWhomItComes() throws Exception {
        Listen listen = new Listen(Endpoint.tcp("127.0.0.1", 0), false, true);
        try (HandRun server = new HandRun(HandRun.echo().listen(listen));
                TestClient silent = new TestClient(server.port())) {
            server.until("it is there", () -> server.registered() == 2);
            server.drain(TIMEOUT);
            server.advance(LAST_CALL.minus(TICK));
            assertThat(server.registered()).as("without the listener").isOne();
            server.advance(TICK);
            assertThat(server.registered()).isZero();
            assertThat(silent.rest()).isEmpty();
            assertThat(server.report().isClean()).isTrue();
        }
    }

    @Test
    void thatOneIsNotCutOffThoughThereIsNoTime() throws Exception {
        Listen listen = new Listen(Endpoint.tcp("127.0.0.1", 0), false, true);
        try (HandRun server = new HandRun(HandRun.echo().listen(listen));
                TestClient silent = new TestClient(server.port())) {
            server.until("it is there", () -> server.registered() == 2);
            server.drain(Duration.ZERO);
            assertThat(server.witness.refused).containsExactly(CloseReason.SERVER_SHUTDOWN);
            assertThat(server.report().forced()).isZero();
            assertThat(silent.rest()).isEmpty();
        }
    }

    @Test
    void whoseTurnHasNotComeEndsAtOnceUnlessItHasSpoken() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(1));
                TestClient first = server.connect();
                TestClient silent = server.connect();
                TestClient spoken = server.connect()) {
            server.workersWork = false;
            server.read(first, "x\n");
            spoken.send("y\n");
            server.drain(TIMEOUT);
            assertThat(server.reason(2)).isEqualTo(CloseReason.SERVER_SHUTDOWN);
            assertThat(silent.rest()).isEmpty();
            server.workersWork = true;
            assertThat(server.line(first)).isEqualTo("x");
            first.leave();
            assertThat(server.line(spoken)).isEqualTo("y");
        }
    }

    @Test
    void whoOnlyHasToEndItsStreamIsNotCutOff() throws Exception {
        ReactorServer.Builder builder =
                HandRun.lines((session, message) -> session.close()).lingerTimeout(TIMEOUT.multipliedBy(2));
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            server.read(client, "x\n");
            server.settle();
            assertThat(client.rest()).isEmpty();
            server.drain(TIMEOUT);
            server.advance(TIMEOUT);
            assertThat(server.reason(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(server.report().forced()).isZero();
        }
    }

    @Test
    void messagesOfTheLostAreWaitedForALittleLongerThanTheLastSession() throws Exception {
        Duration linger = Duration.ofSeconds(2);
        try (HandRun server = new HandRun(HandRun.echo().lingerTimeout(linger));
                TestClient here = server.connect();
                TestClient gone = server.connect()) {
            server.read(here, "x\n");
            assertThat(server.line(here)).isEqualTo("x");
            server.workersWork = false;
            server.read(gone, "y\n");
            gone.reset();
            server.untilClosed(2);
            server.drain(TIMEOUT);
            assertThat(here.rest()).isEmpty();
            server.advance(linger);
            assertThat(server.reason(1)).isEqualTo(CloseReason.SERVER_SHUTDOWN);
            server.advance(Duration.ofSeconds(1).minus(TICK));
            assertThat(LoopProbe.isStopped(server.engine().loop())).isFalse();
            server.advance(TICK);
            assertThat(LoopProbe.isStopped(server.engine().loop())).isTrue();
            assertThat(server.report().messagesDropped()).isOne();
        }
    }

    @Test
    void whoseHandlerIsAtWorkIsCutOff() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient here = server.connect();
                TestClient gone = server.connect()) {
            server.workersWork = false;
            server.read(here, "x\n");
            server.read(gone, "x\n");
            gone.reset();
            server.untilClosed(2);
            server.drain(TIMEOUT);
            server.advance(TIMEOUT);
            assertThat(server.reason(1)).isEqualTo(CloseReason.DRAIN_TIMEOUT);
            DrainReport report = server.report();
            assertThat(report.forced()).as("the other was gone").isOne();
            assertThat(report.messagesDropped()).isEqualTo(2);
        }
    }

    @Test
    void theLastCallIsHalfOfAShortTimeout() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient silent = server.connect()) {
            server.drain(Duration.ofMillis(100));
            server.advance(Duration.ofMillis(50).minus(TICK));
            assertThat(server.witness.closed).isEmpty();
            server.advance(TICK);
            assertThat(silent.rest()).isEmpty();
            silent.leave();
            server.until("closed", server::isDrained);
            assertThat(server.report().took()).isEqualTo(Duration.ofMillis(50));
        }
    }

    @Test
    void whoIsPendingWhenTheDrainBeginsIsAnswered() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().acceptsPerPass(1))) {
            List<TestClient> pending = TestClient.several(3, server.port());
            for (TestClient client : pending) {
                client.send("knock knock\n");
            }
            server.drain(TIMEOUT); // of which the first pass accepts one
            for (TestClient client : pending) {
                assertThat(server.line(client)).isEqualTo("knock knock");
            }
            server.advance(LAST_CALL);
            for (TestClient client : pending) {
                assertThat(client.rest()).isEmpty();
                client.leave();
            }
            server.until("all are closed", server::isDrained);
            assertThat(server.report()).hasToString(report(1, 3, 0, 0, 0, LAST_CALL));
        }
    }

    @Test
    void whoWaitsForItsTurnHasItInTheDrainWithoutGaps() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(1).sessionGap(Duration.ofHours(1)));
                TestClient served = server.connect();
                TestClient waiting = server.connect().send("waiting\n");
                TestClient silent = server.connect()) {
            server.until("read", () -> server.witness.bytesRead == 8);
            TestClient pending = new TestClient(server.port()).send("pending\n");
            served.send("served\n");
            server.drain(TIMEOUT);
            assertThat(server.line(served)).isEqualTo("served");
            served.leave();
            assertThat(server.line(waiting)).isEqualTo("waiting");
            waiting.leave();
            assertThat(server.line(pending)).isEqualTo("pending");
            pending.leave();
            assertThat(silent.rest()).isEmpty();
            silent.leave();
            server.until("all are closed", server::isDrained);
            assertThat(server.report().isClean()).isTrue();
        }
    }

    @Test
    void halfAMessageIsWaitedForDuringTheLastCall() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient completed = server.connect().send("comple");
                TestClient abandoned = server.connect().send("aband")) {
            server.until("read", () -> server.witness.bytesRead == 11);
            server.drain(TIMEOUT);
            completed.send("ted\n");
            assertThat(server.line(completed)).isEqualTo("completed");
            server.advance(LAST_CALL);
            assertThat(abandoned.rest()).isEmpty();
            completed.leave();
            abandoned.leave();
            server.until("all are closed", server::isDrained);
            assertThat(server.witness.closed.values()).containsOnly(CloseReason.SERVER_SHUTDOWN);
        }
    }

    /** The last of it is read where no event will follow. */
    @Test
    void whatComesInPiecesIsTakenInAtTheEndOfTheLastCallWithoutDelay() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {
            @Override
            public int some(int possible) {
                return Math.min(possible, 3);
            }
        });
        try (HandRun server = new HandRun(HandRun.echo().selectorProvider(network))) {
            Wire wire = new Wire(new InetSocketAddress("127.0.0.2", 10_000), 100, 100);
            network.listeners().get(0).offer(wire);
            server.until("served", () -> server.witness.connected.size() == 1);
            server.drain(TIMEOUT);
            wire.peer.write(ByteBuffer.wrap("aband".getBytes()), 5);
            wire.peer.transfer(5);
            server.advance(LAST_CALL);
            assertThat(server.stats().bytesRead()).isEqualTo(5);
            assertThat(wire.server.hasEnded()).isTrue();
        }
    }

    @Test
    void whoDoesNotReadIsCutOffAtTheTimeoutAndCounted() throws Exception {
        String large = "x".repeat(400_000);
        MessageHandler handler = (session, message) -> {
            session.send(large);
            session.send(large);
        };
        try (HandRun server = new HandRun(HandRun.lines(handler).sendBuffer(16 * 1_024));
                TestClient stuck = server.connect(4_096).send("go\ngo on\n");
                TestClient fine = server.connect()) {
            server.until("replies wait", () -> server.stats().replyBytesWaiting() > 0);
            server.settle();
            fine.leave();
            server.untilClosed(2);
            server.drain(TIMEOUT);
            server.advance(TIMEOUT.minus(TICK));
            assertThat(server.reason(1)).isNull();
            server.advance(TICK);
            assertThat(server.reason(1)).isEqualTo(CloseReason.DRAIN_TIMEOUT);
            assertThat(server.report()).hasToString(report(1, 0, 1, 2, 1, TIMEOUT));
            assertThat(stuck.available()).isPositive();
        }
    }

    @Test
    void aHandlerThatHangsIsCutOffAtTheTimeout() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        MessageHandler handler = (session, message) -> {
            hanging.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        };
        ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .workers(1)
                .handler(handler)
                .start();
        try (TestClient client = TestClient.of(server)) {
            client.send("hang\nnever handled\n");
            assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
            DrainReport report = server.drain(Duration.ofMillis(200));
            assertThat(report.forced()).isOne();
            assertThat(report.messagesDropped()).isOne();
            assertThat(report.isClean()).isFalse();
            assertThat(report.took()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            assertThat(server.stats().closed()).containsEntry(CloseReason.DRAIN_TIMEOUT, 1L);
            assertThat(interrupted.await(30, TimeUnit.SECONDS))
                    .as("the worker was interrupted")
                    .isTrue();
        }
    }

    @Test
    void aServerWithNobodyInItEndsAtOnce() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            server.drain(TIMEOUT);
            assertThat(server.report()).hasToString(report(0, 0, 0, 0, 0, Duration.ZERO));
        }
    }

    private static ReactorServer.Builder echo() {
        return ReactorServer.builder(Framing.lines()).port(0).handler(Session::send);
    }

    @Test
    void aSecondDrainWaitsForTheFirstOneAndReportsTheSame() throws Exception {
        ReactorServer server = echo().start();
        CompletableFuture<DrainReport> other = CompletableFuture.supplyAsync(() -> server.drain(TIMEOUT));
        DrainReport report = server.drain(TIMEOUT);
        assertThat(other.get(30, TimeUnit.SECONDS)).isSameAs(report);
        assertThat(server.drain(Duration.ZERO)).isSameAs(report);
        assertThat(server.awaitEnd()).isSameAs(report);
        server.close();
        assertThatThrownBy(() -> TestClient.of(server)).isInstanceOf(ConnectException.class);
    }

    @Test
    void thePortIsFreeWhenTheServerHasEnded() throws Exception {
        int port;
        try (ReactorServer server = echo().start()) {
            port = server.port();
            try (TestClient client = TestClient.of(server)) {
                assertThat(client.send("hello\n").line()).isEqualTo("hello");
            }
        }
        try (ReactorServer server = echo().port(port).start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello again\n").line()).isEqualTo("hello again");
        }
    }

    @Test
    void nobodyCanConnectAnyMoreOnceTheDrainHasBegun() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            int port = server.port();
            server.drain(TIMEOUT);
            assertThat(server.witness.closed).isEmpty();
            assertThatThrownBy(() -> new TestClient(port)).isInstanceOf(ConnectException.class);
            client.send("still served\n");
            assertThat(server.line(client)).isEqualTo("still served");
        }
    }

    @Test
    void theSelectorThreadIsNotLetWaitForItself() throws Exception {
        CompletableFuture<ReactorServer> self = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        MessageHandler handler = (session, message) -> {
            try {
                self.join().drain(TIMEOUT);
            } catch (IllegalStateException e) {
                thrown.complete(e);
            }
        };
        try (ReactorServer server = echo().workers(0).handler(handler).start();
                TestClient client = TestClient.of(server)) {
            self.complete(server);
            client.send("drain yourself\n");
            assertThat(thrown.get(30, TimeUnit.SECONDS)).hasMessageContaining("would wait for itself");
        }
    }

    @Test
    void aNegativeTimeoutIsAMistake() throws Exception {
        try (ReactorServer server = echo().start()) {
            assertThatThrownBy(() -> server.drain(Duration.ofNanos(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("timeout must be zero or more, not ");
        }
    }

    @Test
    void aTimeoutOfAnyLengthWill() throws Exception {
        ReactorServer server = echo().start();
        CompletableFuture<DrainReport> report =
                CompletableFuture.supplyAsync(() -> server.drain(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(report.get(30, TimeUnit.SECONDS).isClean()).isTrue();
    }

    @Test
    void underLoadNothingThatWasReadGoesUnanswered() throws Exception {
        Witness witness = new Witness();
        ReactorServer server = echo().workers(2)
                .observer(witness)
                .clock(() -> 0) // no client is too slow
                .start();
        List<TestClient> clients = TestClient.several(4, server.port());
        List<CompletableFuture<Long>> answers = new ArrayList<>();
        for (TestClient client : clients) {
            assertThat(client.send("first\n").line()).isEqualTo("first");
            answers.add(CompletableFuture.supplyAsync(() -> talkUntilTheEnd(client), THREADS));
        }
        witness.await("some load", () -> witness.received.size() > 1_000);
        DrainReport report = server.drain(TIMEOUT);
        long answered = clients.size();
        for (CompletableFuture<Long> each : answers) {
            answered += each.get(30, TimeUnit.SECONDS);
        }
        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(server.stats().messagesRead()).isEqualTo(answered);
        assertThat(server.stats().messagesHandled()).isEqualTo(answered);
        assertThat(server.stats().repliesWritten()).isEqualTo(answered);
        assertThat(witness.closed.values()).containsOnly(CloseReason.SERVER_SHUTDOWN);
    }

    /** Asks and is answered until the server ends its stream; returns how often it was answered. */
    private static long talkUntilTheEnd(TestClient client) {
        long answered = 0;
        try (client) {
            while (true) {
                client.send("question\n");
                if (client.endsHere()) {
                    return answered;
                }
                assertThat(client.line()).isEqualTo("question");
                answered++;
            }
        } catch (IOException e) {
            throw new AssertionError("after " + answered + " answers", e);
        }
    }

    private static String report(
            int sessions, int flushed, int messagesDropped, int repliesDropped, int forced, Duration took) {
        return "drained %s in %d ms: %s flushed, %s and %s dropped, %s forced"
                .formatted(
                        Plural.of(sessions, "session"),
                        took.toMillis(),
                        Plural.of(flushed, "reply"),
                        Plural.of(messagesDropped, "message"),
                        Plural.of(repliesDropped, "reply"),
                        Plural.of(forced, "session"));
    }

    /** What it reads is asked for while it has a record of the handshake to send, and no room for all of it. */
    @Test
    void whatHasArrivedBehindAHandshakeThatIsNotTakenYetIsHandled() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        try (HandRun server = new HandRun(TlsPeer.on(network, HandRun.echo()))) {
            TlsPeer peer = new TlsPeer(network, "127.0.0.2", 100).greet(server).finish();
            server.until("served", () -> server.witness.connected.size() == 1);
            peer.send("x\n");
            server.drain(Duration.ofSeconds(10));
            server.advance(Duration.ofSeconds(1));
            for (int i = 0; i < 10; i++) {
                peer.take();
                server.settle();
            }
            assertThat(server.witness.received).containsExactly("x");
            assertThat(server.stats().repliesWritten()).isOne();
        }
    }
}
