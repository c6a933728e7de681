package org.reactorserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.World;

/** Who comes in, and whose turn it is. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdmissionTest {
    private static final Duration GAP = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofNanos(1);

    // ---- limits

    @Test
    void oneConnectionTooManyIsToldSoAndTheOthersAreServed() throws Exception {
        Witness witness = new Witness();
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .maxConnections(2)
                .observer(witness)
                .handler(Session::send)
                .start()) {
            try (TestClient one = TestClient.of(server);
                    TestClient two = TestClient.of(server);
                    TestClient three = TestClient.of(server)) {
                three.send("may I?\n");
                assertThat(three.rest()).isEqualTo("error: too many connections\n");
                assertThat(one.send("one\n").line()).isEqualTo("one");
                assertThat(two.send("two\n").line()).isEqualTo("two");
                assertThat(witness.refused).containsExactly(CloseReason.TOO_MANY_CONNECTIONS);
                assertThat(server.stats().refused()).isOne();
                assertThat(server.stats().open()).isEqualTo(2);
            }
            witness.awaitClosed(1);
            try (TestClient four = TestClient.of(server)) {
                assertThat(four.send("four\n").line()).isEqualTo("four");
            }
        }
    }

    @Test
    void ofManyTooManyAFewAreToldSoAndAllAreClosed() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().maxConnections(1));
                TestClient in = server.connect()) {
            List<TestClient> out = TestClient.several(40, server.port());
            server.until("all are refused", () -> server.witness.refused.size() == 40);
            server.settle();
            int told = 0;
            for (TestClient client : out) {
                String text = client.rest();
                assertThat(text).isIn("", "error: too many connections\n");
                told += text.isEmpty() ? 0 : 1;
            }
            assertThat(told).isEqualTo(16);
            in.send("still here\n");
            assertThat(server.line(in)).isEqualTo("still here");
            TestClient.closeAll(out);
            server.until("all are counted", () -> server.stats().closed().get(CloseReason.TOO_MANY_CONNECTIONS) == 40);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // where all of 127.0.0.0/8 is the loopback
    void theLimitPerAddressIsForEachAddress() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().maxConnectionsPerIp(2))) {
            List<TestClient> all = new ArrayList<>();
            for (int address = 2; address <= 9; address++) {
                for (int i = 0; i < 3; i++) {
                    all.add(new TestClient(server.port(), "127.0.0." + address, 0));
                }
            }
            server.until("8 are refused", () -> server.witness.refused.size() == 8);
            server.until("16 are in", () -> server.witness.connected.size() == 16);
            server.settle();
            for (int i = 0; i < all.size(); i++) {
                if (i % 3 == 2) {
                    assertThat(all.get(i).rest()).isEqualTo("error: too many connections from this address\n");
                } else {
                    all.get(i).send("in\n");
                    assertThat(server.line(all.get(i))).isEqualTo("in");
                }
            }
            all.get(0).leave();
            server.until("one has left", () -> server.witness.closed.size() == 1);
            try (TestClient again = new TestClient(server.port(), "127.0.0.2", 0)) {
                again.send("in again\n");
                assertThat(server.line(again)).isEqualTo("in again");
            }
            TestClient.closeAll(all);
        }
    }

    // ---- turns

    /** A queue of clients, each of which has said its number, before any turn has ended. */
    private static List<TestClient> queue(HandRun server, int count) throws Exception {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            clients.add(server.connect().send(i + "\n"));
        }
        long all = 2L * count;
        server.until("all has been read", () -> server.witness.bytesRead == all);
        server.settle();
        return clients;
    }

    private static HandRun oneAtATime() throws Exception {
        return new HandRun(HandRun.echo().activeSessions(1).sessionGap(GAP));
    }

    @Test
    void oneIsServedUntilItLeavesAndAfterTheGapTheNextInOrderOfArrival() throws Exception {
        try (HandRun server = oneAtATime()) {
            List<TestClient> clients = queue(server, 4);
            for (int i = 1; i <= 4; i++) {
                assertThat(server.witness.received).as("turn %d", i).hasSize(i);
                assertThat(server.witness.received).last().isEqualTo(Integer.toString(i));
                assertThat(server.stats().waiting()).isEqualTo(4 - i);
                TestClient client = clients.get(i - 1);
                assertThat(server.line(client)).isEqualTo(Integer.toString(i));
                client.leave();
                assertThat(server.untilClosed(i)).isEqualTo(CloseReason.END_OF_STREAM);
                server.advance(GAP.minus(TICK));
                assertThat(server.witness.received).as("in the gap").hasSize(i);
                server.advance(TICK);
            }
            assertThat(server.stats().closed()).containsEntry(CloseReason.END_OF_STREAM, 4L);
        }
    }

    @Test
    void withoutAGapTheNextIsServedAtOnce() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(1))) {
            List<TestClient> clients = queue(server, 3);
            clients.get(0).leave();
            server.until("the second", () -> server.witness.received.size() == 2);
            clients.get(1).reset();
            server.until("the third", () -> server.witness.received.size() == 3);
            assertThat(server.witness.received).containsExactly("1", "2", "3");
            clients.get(2).leave();
        }
    }

    @Test
    void severalAreServedAtATime() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(3).sessionGap(GAP))) {
            List<TestClient> clients = queue(server, 6);
            assertThat(server.witness.received).containsExactlyInAnyOrder("1", "2", "3");
            clients.get(1).leave();
            server.untilClosed(2);
            server.advance(GAP);
            assertThat(server.witness.received).hasSize(4).last().isEqualTo("4");
            clients.get(0).leave();
            clients.get(2).leave();
            server.untilClosed(1);
            server.untilClosed(3);
            server.advance(GAP);
            assertThat(server.witness.received.subList(4, 6)).containsExactlyInAnyOrder("5", "6");
            TestClient.closeAll(clients);
        }
    }

    @Test
    void whoLeavesWhileWaitingCostsNoTurn() throws Exception {
        try (HandRun server = oneAtATime();
                TestClient first = server.connect().send("first\n");
                TestClient silent = server.connect();
                TestClient last = server.connect().send("last\n")) {
            assertThat(server.line(first)).isEqualTo("first");
            silent.leave();
            assertThat(server.untilClosed(2)).isEqualTo(CloseReason.END_OF_STREAM);
            first.leave();
            server.untilClosed(1);
            server.advance(GAP);
            assertThat(server.line(last)).isEqualTo("last");
        }
    }

    @Test
    void whoSpokeAndLeftWhileWaitingIsHandledInTurnAndCostsNoGap() throws Exception {
        try (HandRun server = oneAtATime();
                TestClient first = server.connect().send("first\n");
                TestClient early = server.connect().send("early\n").endOutput();
                TestClient last = server.connect().send("last\n")) {
            assertThat(server.line(first)).isEqualTo("first");
            server.settle();
            assertThat(server.witness.received).containsExactly("first");
            first.leave();
            server.untilClosed(1);
            server.advance(GAP);
            assertThat(server.witness.received).containsExactly("first", "early", "last");
            assertThat(early.rest()).isEqualTo("early\n");
            assertThat(server.untilClosed(2)).isEqualTo(CloseReason.END_OF_STREAM);
            assertThat(server.line(last)).isEqualTo("last");
        }
    }

    @Test
    void whoWaitsIsReadIntoABoundedBufferOnly() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(1).maxMessage(1_000));
                TestClient first = server.connect();
                TestClient eager = server.connect()) {
            String messages = "a message\n".repeat(20_000);
            eager.send(messages);
            server.settle();
            assertThat(server.stats().bytesRead()).isBetween(1L, 64L * 1_024);
            first.leave();
            for (int i = 0; i < 20_000; i++) {
                assertThat(server.line(eager)).isEqualTo("a message");
            }
        }
    }

    @Test
    void oneThatIsEndedWhileItWaitsLosesItsPlace() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().activeSessions(1));
                TestClient first = server.connect();
                TestClient second = server.connect();
                TestClient third = server.connect()) {
            server.session(1).close();
            server.settle();
            assertThat(second.rest()).isEmpty();
            first.leave();
            server.untilClosed(1);
            third.send("x\n");
            assertThat(server.line(third)).as("though the second still lingers").isEqualTo("x");
            second.leave();
            assertThat(server.untilClosed(2)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
        }
    }

    // ---- what becomes of those that wait

    /** It has ended its stream, but what it has sent is not handled: that is not how it ends. */
    @Test
    void whoIsCutOffWhileItWaitsHasNotEndedInOrder() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        ReactorServer.Builder builder = HandRun.echo().activeSessions(1).writeTimeout(Duration.ofSeconds(1));
        try (HandRun server = new HandRun(TlsPeer.on(network, builder))) {
            new TlsPeer(network, "127.0.0.2", 5_000).greet(server).finish();
            server.until("served", () -> server.witness.connected.size() == 1);
            new TlsPeer(network, "127.0.0.3", 300) // no room for the handshake's last record
                    .greet(server)
                    .finish()
                    .send("x\n")
                    .end();
            server.until("waiting", () -> server.witness.connected.size() == 2);
            server.settle();
            assertThat(server.stats().waiting()).isOne();
            server.advance(Duration.ofSeconds(1).minus(TICK));
            assertThat(server.reason(2)).isNull();
            server.advance(TICK);
            assertThat(server.reason(2)).isEqualTo(CloseReason.WRITE_TIMEOUT);
        }
    }

    /** As one of the application's may, against the contract. */
    private static final class Failing extends Framing {
        Failing() {
            super("failing", "\n".getBytes(UTF_8));
        }

        @Override
        protected void next(Input input) {
            throw new IllegalStateException("on purpose");
        }

        @Override
        protected long maxFrame(int maxMessage) {
            return maxMessage + 1L;
        }
    }

    @Test
    void whoseFramingFailsAtItsTurnHasNotEndedInOrder() throws Exception {
        ReactorServer.Builder builder = ReactorServer.builder(new Failing())
                .handler((session, message) -> {})
                .activeSessions(1);
        try (HandRun server = new HandRun(builder);
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            second.send("x\n");
            server.until("it is read", () -> server.stats().bytesRead() == 2);
            second.endOutput();
            server.settle();
            assertThat(server.stats().waiting()).isOne();
            first.leave();
            assertThat(server.untilClosed(2)).isEqualTo(CloseReason.INTERNAL_ERROR);
        }
    }

    /** A session that waited, whose whole input is a last line without its end. */
    @Test
    void aLastLineOfOneThatWaitedIsHandled() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().lastLine(true).activeSessions(1));
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            server.read(second, "the last");
            second.endOutput();
            server.settle();
            first.endOutput();
            server.untilClosed(1);
            server.settle();
            server.advance(Duration.ofDays(1));
            assertThat(server.stats().messagesRead()).isOne();
            assertThat(server.reason(2)).isEqualTo(CloseReason.END_OF_STREAM);
        }
    }
}
