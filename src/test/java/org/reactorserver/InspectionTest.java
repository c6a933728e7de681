package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

/** What a server can be asked, and what the answers cost the loop. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InspectionTest {

    @Test
    void manySessionsAreLookedAtInSeveralPasses() throws Exception {
        int all = 2 * 256 + 1;
        try (HandRun server = new HandRun(HandRun.echo().acceptsPerPass(1_000))) {
            List<TestClient> clients = new ArrayList<>();
            while (clients.size() < all) {
                clients.addAll(TestClient.several(all / 9, server.port())); // no more than the backlog holds
                server.until("they are in", () -> server.witness.connected.size() == clients.size());
            }
            server.settle();
            CompletableFuture<List<SessionFacts>> answer = server.inspection().sessions();
            int passes = 0;
            while (!answer.isDone()) {
                server.pass();
                passes++;
            }
            assertThat(passes).as("passes, 256 in each").isEqualTo(3);
            assertThat(answer.get())
                    .extracting(facts -> facts.session().id())
                    .hasSize(all)
                    .doesNotHaveDuplicates();
            TestClient.closeAll(clients);
        }
    }

    @Test
    void whatIsKnownOfTheServer() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            assertThat(server.inspection().stats().accepted()).isOne();
            assertThat(server.inspection().selectorThread())
                    .isSameAs(server.engine().loop().thread());
            CompletableFuture<Void> turns = server.inspection().turns();
            assertThat(turns).isNotDone();
            server.pass();
            assertThat(turns).isCompleted();
            assertThat(client).isNotNull();
        }
    }

    @Test
    void whatIsKnownOfASession() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().laneLimit(100));
                TestClient client = server.connect()) {
            server.workersWork = false;
            client.send("x\n".repeat(100) + "half");
            server.until("it is paused", () -> server.stats().messageBytesWaiting() > 100);
            server.advance(Duration.ofSeconds(3));
            CompletableFuture<List<SessionFacts>> answer = server.inspection().sessions();
            server.pass();
            SessionFacts facts = answer.get().get(0);
            assertThat(facts.session()).isSameAs(server.session(0));
            assertThat(facts.state()).isEqualTo(SessionState.OPEN);
            assertThat(facts.pause()).isEqualTo(PauseReason.MESSAGES_WAITING);
            assertThat(facts.ending()).isNull();
            assertThat(facts.sinceNanos()).isEqualTo(3_000_000_000L);
            assertThat(facts.messageBytes()).isEqualTo(server.stats().messageBytesWaiting());
            assertThat(facts.requestBytes()).isPositive();
            assertThat(facts.blockedNanos()).isZero();
            server.workersWork = true;
        }
    }

    @Test
    void aSessionIsFoundByItsNumberAndOneThatIsGoneIsNot() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect();
                TestClient other = server.connect()) {
            CompletableFuture<Session> first = server.inspection().session(1);
            CompletableFuture<Session> none = server.inspection().session(3);
            CompletableFuture<Session> zero = server.inspection().session(0);
            server.pass();
            assertThat(first.get()).isSameAs(server.session(0));
            assertThat(none.get()).isNull();
            assertThat(zero.get()).isNull();
            client.endOutput();
            server.untilClosed(1);
            CompletableFuture<Session> gone = server.inspection().session(1);
            server.pass();
            assertThat(gone.get()).isNull();
            assertThat(other).isNotNull();
        }
    }

    /** It has no number yet: that is zero, as for all of its kind. */
    @Test
    void oneThatHasNotArrivedIsNotFound() throws Exception {
        Listen listen = new Listen(Endpoint.tcp("127.0.0.1", 0), false, true);
        try (HandRun server = new HandRun(HandRun.echo().listen(listen));
                TestClient client = new TestClient(server.port())) {
            server.until("it is accepted", () -> server.registered() == 2);
            CompletableFuture<Session> zero = server.inspection().session(0);
            server.pass();
            assertThat(zero).isCompletedWithValue(null);
            assertThat(client).isNotNull();
        }
    }

    @Test
    void theHandlersThatAreAtWork() throws Exception {
        List<Inspection.HandlerAtWork> seen = new ArrayList<>();
        HandRun[] running = new HandRun[1];
        try (HandRun server = running[0] = new HandRun(HandRun.lines((session, message) -> {
                    CompletableFuture<List<Inspection.HandlerAtWork>> answer =
                            running[0].inspection().handlersAtWork();
                    running[0].leap(Duration.ofMillis(7));
                    pass(running[0]);
                    seen.addAll(answer.join());
                }));
                TestClient client = server.connect()) {
            client.send("x\n");
            server.until("it is handled", () -> !seen.isEmpty());
            assertThat(seen).hasSize(1);
            assertThat(seen.get(0).worker()).isSameAs(Thread.currentThread());
            assertThat(seen.get(0).session()).isEqualTo(1);
            assertThat(seen.get(0).nanos()).isEqualTo(7_000_000);
            CompletableFuture<List<Inspection.HandlerAtWork>> none =
                    server.inspection().handlersAtWork();
            server.pass();
            assertThat(none.get()).isEmpty();
        }
    }

    private static void pass(HandRun server) {
        try {
            server.pass();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theLastPassesAndHowLongThisOneTakes() throws Exception {
        List<Long> inPass = new ArrayList<>();
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            assertThat(server.inspection().inPassNanos()).as("between two").isZero();
            server.witness.onRead = () -> {
                server.leap(Duration.ofMillis(3));
                inPass.add(server.inspection().inPassNanos());
            };
            client.send("x\n");
            assertThat(server.line(client)).isEqualTo("x");
            assertThat(inPass).containsExactly(3_000_000L);
            assertThat(server.inspection().inPassNanos()).as("after it").isZero();
            String passes = server.inspection().lastPasses(3);
            assertThat(passes.lines().filter(line -> line.contains("over after")))
                    .hasSize(3);
            assertThat(server.inspection().lastPasses(1).length()).isLessThan(passes.length());
        }
    }

    @Test
    void whatIsWrongWithTheKeys() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            assertThat(server.inspection().keyFaults()).isEmpty();
        }
        Tls expired = Tls.pem(TestKeys.certificate("expired"), TestKeys.key("expired"));
        try (HandRun server = new HandRun(HandRun.echo().tls(expired))) {
            assertThat(server.inspection().keyFaults()).anyMatch(line -> line.contains("expired"));
        }
    }

    @Test
    void aDrainWithADelayServesOnAndSaysThatItIsStopping() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().drainDelay(Duration.ofSeconds(5)))) {
            assertThat(server.inspection().isStopping()).isFalse();
            server.drain(Duration.ofSeconds(10));
            assertThat(server.inspection().isStopping()).isTrue();
            server.advance(Duration.ofSeconds(5).minusNanos(1));
            try (TestClient late = server.connect()) {
                late.send("x\n");
                assertThat(server.line(late)).isEqualTo("x");
                server.advance(Duration.ofNanos(1));
                assertThat(server.registered()).as("the listener is closed").isEqualTo(1);
                late.endOutput();
                server.untilClosed(1);
                assertThat(server.report().isClean()).isTrue();
            }
        }
    }

    @Test
    void aDrainThatMayTakeNoTimeIsNotDelayed() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().drainDelay(Duration.ofHours(1)));
                TestClient client = server.connect()) {
            server.drain(Duration.ofSeconds(10));
            server.drain(Duration.ZERO);
            assertThat(server.reason(1)).isEqualTo(CloseReason.DRAIN_TIMEOUT);
            assertThat(client).isNotNull();
        }
    }
}
