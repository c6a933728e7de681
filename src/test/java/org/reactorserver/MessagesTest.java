package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;

/** Messages in, replies out: whole, in order, each to its own session. */
@Timeout(120)
class MessagesTest {
    private static final String REPLY = "收到客户端信息";

    private final Witness witness = new Witness();

    private ReactorServer.Builder server(Framing framing, MessageHandler handler) {
        return ReactorServer.builder(framing).port(0).observer(witness).handler(handler);
    }

    private ReactorServer.Builder tutorialServer() {
        return server(Framing.chunks(), (session, message) -> session.send(REPLY));
    }

    // ---- chunks

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 500})
    void aMessageWithoutNewlineGetsExactlyTheBytesOfTheReply(int count) throws Exception {
        try (ReactorServer server = tutorialServer().start()) {
            List<TestClient> clients = TestClient.several(count, server.port());
            for (int i = 0; i < count; i++) {
                clients.get(i).send("客户端" + i + "连接成功");
            }
            for (TestClient client : clients) {
                assertThat(client.read(21)).isEqualTo(REPLY);
            }
            for (TestClient client : clients) {
                assertThat(client.endOutput().rest()).as("bytes behind the 21").isEmpty();
            }
            TestClient.closeAll(clients);
            assertThat(witness.connected).hasSize(count);
            assertThat(witness.received).hasSize(count);
        }
    }

    @Test
    void theThreeBytesOfACharacterSentOneAtATimeAreOneMessage() throws Exception {
        try (ReactorServer server = tutorialServer().start();
                TestClient client = TestClient.of(server)) {
            byte[] bytes = "收".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length; i++) {
                int soFar = i + 1;
                client.send(bytes[i]);
                witness.await(soFar + " bytes read", () -> witness.bytesRead == soFar);
            }
            assertThat(client.read(21)).isEqualTo(REPLY);
            assertThat(witness.received).containsExactly("收");
        }
    }

    @Test
    void acceptIsCalledUntilNobodyIsPending() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().acceptsPerPass(3))) {
            List<TestClient> clients = TestClient.several(7, server.port());
            server.until("all are accepted", () -> server.witness.connected.size() == 7);
            server.settle();
            assertThat(server.witness.acceptedNone).isOne();
            for (TestClient client : clients) {
                client.close();
            }
        }
    }

    // ---- lines and lengths

    @Test
    void linesGoThereAndBack() throws Exception {
        try (ReactorServer server = server(Framing.lines(), Session::send).start();
                TestClient client = TestClient.of(server)) {
            client.send("客户端1\r\n\nزائر\n🚀\u0000\u2028\n");
            assertThat(client.lines(4)).containsExactly("客户端1", "", "زائر", "🚀\u0000\u2028");
        }
    }

    @Test
    void lengthPrefixedMessagesGoThereAndBack() throws Exception {
        try (ReactorServer server =
                        server(Framing.lengthPrefixed(), Session::send).start();
                TestClient client = TestClient.of(server)) {
            String largest = "收".repeat(64 * 1024 / 3);
            client.sendWithLength("two\nlines").sendWithLength("").sendWithLength(largest);
            assertThat(client.readWithLength()).isEqualTo("two\nlines");
            assertThat(client.readWithLength()).isEmpty();
            assertThat(client.readWithLength()).isEqualTo(largest);
        }
    }

    @Test
    void aMessageMayHaveNoReplyAndSeveral() throws Exception {
        MessageHandler handler = (session, message) -> {
            for (int i = Integer.parseInt(message); i > 0; i--) {
                session.send(message + "-" + i);
            }
        };
        try (ReactorServer server = server(Framing.lines(), handler).start();
                TestClient client = TestClient.of(server)) {
            client.send("0\n1\n0\n3\n").endOutput();
            assertThat(client.rest()).isEqualTo("1-1\n3-3\n3-2\n3-1\n");
        }
    }

    // ---- order

    private enum Workforce {
        NONE(builder -> builder.workers(0)),
        ONE(builder -> builder.workers(1)),
        FOUR(builder -> builder.workers(4)),
        VIRTUAL(ReactorServer.Builder::virtualThreads);

        private final UnaryOperator<ReactorServer.Builder> hire;

        Workforce(UnaryOperator<ReactorServer.Builder> hire) {
            this.hire = hire;
        }
    }

    @ParameterizedTest
    @EnumSource(Workforce.class)
    void messagesAreHandledAndAnsweredInTheOrderOfArrival(Workforce workforce) throws Exception {
        assumeTrue(workforce != Workforce.VIRTUAL || Runtime.version().feature() >= 21, "virtual threads need Java 21");
        int count = 20;
        int messages = 500;
        Map<Long, List<Integer>> handled = new ConcurrentHashMap<>();
        MessageHandler handler = (session, message) -> {
            int number = Integer.parseInt(message);
            if (number % 7 == session.id() % 7) {
                Thread.yield(); // let other workers overtake
            }
            handled.computeIfAbsent(session.id(), id -> new ArrayList<>()).add(number);
            session.send(session.id() + ":" + message);
        };
        try (ReactorServer server =
                workforce.hire.apply(server(Framing.lines(), handler)).start()) {
            List<TestClient> clients = TestClient.several(count, server.port());
            List<Integer> expected = new ArrayList<>();
            for (int first = 0; first < messages; first += 50) {
                StringBuilder part = new StringBuilder();
                for (int i = first; i < first + 50; i++) {
                    part.append(i).append('\n');
                    expected.add(i);
                }
                for (TestClient client : clients) {
                    client.send(part.toString());
                }
            }
            for (TestClient client : clients) {
                String first = client.line();
                String id = first.substring(0, first.indexOf(':'));
                assertThat(first).isEqualTo(id + ":0");
                for (int i = 1; i < messages; i++) {
                    assertThat(client.line()).isEqualTo(id + ":" + i);
                }
            }
            assertThat(handled).hasSize(count);
            assertThat(handled.values()).allMatch(expected::equals);
            TestClient.closeAll(clients);
        }
    }

    @Test
    void aThousandConnectionsWithAHundredMessagesEachComeBackCompleteAndInOrder() throws Exception {
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .workers(2)
                .handler(Session::send)
                .start()) {
            List<TestClient> clients = TestClient.several(1_000, server.port());
            for (int part = 0; part < 4; part++) {
                for (int i = 0; i < clients.size(); i++) {
                    clients.get(i).send(lines(i, part * 25, 25));
                }
            }
            for (int i = 0; i < clients.size(); i++) {
                String expected = lines(i, 0, 100);
                assertThat(clients.get(i).endOutput().rest()).isEqualTo(expected);
            }
            TestClient.closeAll(clients);
            DrainReport report = server.drain(Duration.ofSeconds(30));
            assertThat(report.isClean()).isTrue();
            ServerStats stats = server.stats();
            assertThat(stats.accepted()).isEqualTo(1_000);
            assertThat(stats.messagesRead()).isEqualTo(100_000);
            assertThat(stats.messagesHandled()).isEqualTo(100_000);
            assertThat(stats.repliesWritten()).isEqualTo(100_000);
        }
    }

    private static String lines(int client, int from, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            lines.append("client ").append(client).append(" message ").append(i).append('\n');
        }
        return lines.toString();
    }

    @Test
    void aSlowHandlerHoldsUpItsOwnSessionOnly() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        MessageHandler handler = (session, message) -> {
            if (message.equals("slow")) {
                slow.countDown();
                assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            }
            session.send(message);
        };
        try (ReactorServer server = server(Framing.lines(), handler).workers(2).start();
                TestClient slowOne = TestClient.of(server);
                TestClient other = TestClient.of(server);
                TestClient third = TestClient.of(server)) {
            slowOne.send("slow\nbehind\n");
            assertThat(slow.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 100; i++) {
                other.send("other\n");
                third.send("third\n");
                assertThat(other.line()).isEqualTo("other");
                assertThat(third.line()).isEqualTo("third");
            }
            assertThat(slowOne.available()).isZero();
            release.countDown();
            assertThat(slowOne.lines(2)).containsExactly("slow", "behind");
        }
    }

    @Test
    void aBusySessionDoesNotKeepAWorkerFromTheOthers() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().messagesPerTurn(10));
                TestClient busy = server.connect();
                TestClient other = server.connect()) {
            server.workersWork = false;
            busy.send("busy\n".repeat(25));
            other.send("other\n");
            server.until("all are read", () -> server.witness.received.size() == 26);
            server.workersWork = true;
            long otherHandledBehind = -1;
            while (server.stats().messagesHandled() < 26) {
                server.pass();
                if (otherHandledBehind < 0 && other.available() > 0) {
                    otherHandledBehind = server.stats().messagesHandled();
                }
            }
            assertThat(otherHandledBehind).isBetween(1L, 25L);
        }
    }
}
