package org.reactorserver.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactorserver.client.ClientPlan.Order;
import org.reactorserver.dial.Route;
import org.reactorserver.framing.Framing;
import org.reactorserver.framing.Text;
import org.reactorserver.helper.FakeServer;

/** The clients, against servers that behave well, badly or not at all. */
@Timeout(60)
class ClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    /** Who got what. */
    private static class Outcome implements ClientListener {
        final Map<Integer, String> replies = new TreeMap<>();
        final Map<Integer, String> failures = new TreeMap<>();
        final List<Integer> order = new ArrayList<>();

        @Override
        public void replied(int id, String reply) {
            replies.put(id, reply);
            order.add(id);
        }

        @Override
        public void failed(int id, String reason) {
            failures.put(id, reason);
            order.add(id);
        }
    }

    private static Outcome run(FakeServer server, Framing framing, int count, Order order) throws IOException {
        return run(server.address(), framing, count, order, Duration.ZERO, PATIENCE);
    }

    private static Outcome run(
            InetSocketAddress server, Framing framing, int count, Order order, Duration gap, Duration timeout)
            throws IOException {
        return run(server, framing, count, order, gap, timeout, new Outcome());
    }

    private static Outcome run(
            InetSocketAddress server,
            Framing framing,
            int count,
            Order order,
            Duration gap,
            Duration timeout,
            Outcome outcome)
            throws IOException {
        ClientPlan plan = new ClientPlan(
                server,
                Route.DIRECT,
                framing,
                new Text(StandardCharsets.UTF_8, true),
                count,
                "客户端{id}",
                order,
                gap,
                timeout);
        assertThat(Clients.run(plan, outcome)).isEqualTo(outcome.replies.size());
        return outcome;
    }

    @ParameterizedTest
    @EnumSource
    void everyClientSendsItsMessageAndGetsItsReply(Order order) throws IOException {
        try (FakeServer server = new FakeServer(client -> FakeServer.send(client, FakeServer.receive(client)))) {
            Outcome outcome = run(server, Framing.chunks(), 3, order);
            assertThat(outcome.replies).isEqualTo(Map.of(1, "客户端1", 2, "客户端2", 3, "客户端3"));
            assertThat(outcome.failures).isEmpty();
        }
    }

    @Test
    void readsOneReplyAndLeaves() throws IOException {
        CompletableFuture<String> afterTheReply = new CompletableFuture<>();
        try (FakeServer server = new FakeServer(client -> {
            FakeServer.receive(client);
            FakeServer.send(client, "一");
            afterTheReply.complete(FakeServer.receive(client));
        })) {
            assertThat(run(server, Framing.chunks(), 1, Order.AT_ONCE).replies).isEqualTo(Map.of(1, "一"));
            assertThat(afterTheReply.orTimeout(30, TimeUnit.SECONDS).join()).isEmpty();
        }
    }

    // -- one at a time, together
    // -------------------------------------------------------------------

    @Test
    void oneAtATimeNobodyElseIsConnected() throws IOException {
        List<String> tooEarly = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket listener = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 1; i <= 3; i++) {
                        listener.setSoTimeout((int) PATIENCE.toMillis());
                        try (Socket client = listener.accept()) {
                            FakeServer.receive(client);
                            if (isSomebodyPending(listener)) {
                                tooEarly.add("while client " + i + " was served");
                            }
                            FakeServer.send(client, "好");
                            FakeServer.receive(client); // its end of stream
                        }
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            Duration gap = Duration.ofMillis(50);
            long began = System.nanoTime();
            Outcome outcome = run(
                    (InetSocketAddress) listener.getLocalSocketAddress(),
                    Framing.chunks(),
                    3,
                    Order.ONE_AT_A_TIME,
                    gap,
                    PATIENCE);
            assertThat(System.nanoTime() - began)
                    .as("two gaps between three clients")
                    .isGreaterThanOrEqualTo(2 * gap.toNanos());
            assertThat(outcome.order).containsExactly(1, 2, 3);
            assertThat(outcome.failures).isEmpty();
            server.orTimeout(30, TimeUnit.SECONDS).join();
            assertThat(tooEarly).isEmpty();
        }
    }

    private static boolean isSomebodyPending(ServerSocket listener) throws IOException {
        listener.setSoTimeout(1);
        try (Socket unexpected = listener.accept()) {
            return unexpected.isConnected();
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void togetherNobodyWaitsLongerForAConnectionThanItMayTake() throws IOException {
        // The listener's queue holds two and none is accepted: the third is not connected.
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = run(
                    (InetSocketAddress) listener.getLocalSocketAddress(),
                    Framing.chunks(),
                    3,
                    Order.TOGETHER,
                    Duration.ZERO,
                    SHORT);
            assumeTrue(
                    outcome.failures.get(3).contains("(connecting)"),
                    "this system's queues are longer than they are asked to be");
            assertThat(outcome.failures).containsEntry(1, "no reply within 200 ms (sent, waiting for the reply)");
            listener.setSoTimeout((int) PATIENCE.toMillis());
            try (Socket first = listener.accept()) {
                assertThat(FakeServer.receive(first)).isEqualTo("客户端1"); // once the third had failed
            }
        }
    }

    @Test
    void togetherNobodyLeavesUntilAllHaveTheirReply() throws IOException {
        CountDownLatch twoHaveReplied = new CountDownLatch(2);
        CompletableFuture<String> early = new CompletableFuture<>();
        try (FakeServer server = new FakeServer(client -> {
            String message = FakeServer.receive(client);
            if (message.equals("客户端3")) {
                early.get(30, TimeUnit.SECONDS);
            }
            FakeServer.send(client, "好");
            if (message.equals("客户端1")) {
                twoHaveReplied.await(30, TimeUnit.SECONDS);
                early.complete(whatArrivesSoon(client));
            }
            FakeServer.receive(client);
        })) {
            Outcome outcome = new Outcome() {
                @Override
                public void replied(int id, String reply) {
                    super.replied(id, reply);
                    twoHaveReplied.countDown();
                }
            };
            run(server.address(), Framing.chunks(), 3, Order.TOGETHER, Duration.ZERO, PATIENCE, outcome);
            assertThat(outcome.replies).hasSize(3);
            assertThat(early).isCompletedWithValue("nothing");
        }
    }

    /** What is read within a moment; nothing is what is hoped for, so a slow machine fails nothing. */
    private static String whatArrivesSoon(Socket client) throws IOException {
        client.setSoTimeout((int) SHORT.toMillis());
        try {
            return client.getInputStream().read() < 0 ? "end of stream" : "something";
        } catch (SocketTimeoutException e) {
            return "nothing";
        }
    }

    @Test
    void togetherWhoFailsIsNotWaitedFor() throws IOException {
        try (FakeServer server = new FakeServer(client -> {
            if (!FakeServer.receive(client).endsWith("2")) {
                FakeServer.send(client, "好");
                FakeServer.receive(client);
            }
        })) {
            Outcome outcome = run(server, Framing.chunks(), 3, Order.TOGETHER);
            assertThat(outcome.replies.keySet()).containsExactly(1, 3);
            assertThat(outcome.failures.keySet()).containsExactly(2);
        }
    }

    // -- servers that do not do what they should
    // ---------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void aServerThatClosesInsteadOfReplying(Order order) throws IOException {
        try (FakeServer server = new FakeServer(FakeServer::receive)) {
            Outcome outcome = run(server, Framing.chunks(), 3, order);
            String reason = "the server closed the connection (sent, waiting for the reply)";
            assertThat(outcome.failures).isEqualTo(Map.of(1, reason, 2, reason, 3, reason));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatNeverAnswers(Order order) throws IOException {
        try (FakeServer server = new FakeServer(client -> {
            while (!FakeServer.receive(client).isEmpty()) {}
        })) {
            Outcome outcome = run(server.address(), Framing.chunks(), 2, order, Duration.ZERO, SHORT);
            String reason = "no reply within 200 ms (sent, waiting for the reply)";
            assertThat(outcome.failures).isEqualTo(Map.of(1, reason, 2, reason));
        }
    }

    @Test
    void aServerThatResetsTheConnection() throws IOException {
        try (FakeServer server = new FakeServer(client -> {
            FakeServer.receive(client);
            client.setSoLinger(true, 0);
        })) {
            assertThat(run(server, Framing.chunks(), 1, Order.AT_ONCE).failures.get(1))
                    .contains("reset");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsNotThere(Order order) throws IOException {
        try (Socket bound = new Socket()) { // bound and not listening: no other process can listen there
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Outcome outcome = run(
                    (InetSocketAddress) bound.getLocalSocketAddress(),
                    Framing.chunks(),
                    3,
                    order,
                    Duration.ZERO,
                    PATIENCE);
            String refused = "connection refused";
            assertThat(outcome.failures).isEqualTo(Map.of(1, refused, 2, refused, 3, refused));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatRefusesOne(Order order) throws IOException {
        try (FakeServer server = new FakeServer(client -> {
            String message = FakeServer.receive(client);
            FakeServer.send(client, message.endsWith("2") ? "error: too many connections" : "好");
            FakeServer.receive(client);
        })) {
            Outcome outcome = run(server, Framing.chunks(), 3, order);
            assertThat(outcome.replies.keySet()).containsExactly(1, 3);
            assertThat(outcome.failures).isEqualTo(Map.of(2, "the server answered: error: too many connections"));
        }
    }

    @Test
    void aServerWithAnotherFraming() throws IOException {
        try (FakeServer server = new FakeServer(FakeServer.answering("收到客户端信息"))) {
            assertThat(run(server, Framing.lengthPrefixed(), 1, Order.AT_ONCE)
                            .failures
                            .get(1))
                    .startsWith("not a reply in length framing: ");
        }
    }

    @Test
    void aReplyThatHasNoEnd() throws IOException {
        byte[] much = new byte[1 << 16];
        Arrays.fill(much, (byte) 'x');
        try (FakeServer server = new FakeServer(client -> {
            while (true) {
                client.getOutputStream().write(much);
            }
        })) {
            assertThat(run(server, Framing.lines(), 1, Order.AT_ONCE).failures.get(1))
                    .startsWith("not a reply in line framing: the message is longer than");
        }
    }

    @Test
    void aReplyThatIsNotUtf8() throws IOException {
        try (FakeServer server =
                new FakeServer(client -> client.getOutputStream().write(new byte[] {'a', -1, 'b'}))) {
            assertThat(run(server, Framing.chunks(), 1, Order.AT_ONCE).replies).isEqualTo(Map.of(1, "a\uFFFDb"));
        }
    }

    // -- replies in pieces
    // -------------------------------------------------------------------------

    @Test
    void aLineThatComesInTwoPieces() throws Exception {
        assertThat(replyInTwoPieces(Framing.lines(), "收到客户端\n".getBytes(UTF_8), 7))
                .isEqualTo("收到客户端");
    }

    @Test
    void aChunkThatEndsInsideACharacter() throws Exception {
        assertThat(replyInTwoPieces(Framing.chunks(), "收到".getBytes(UTF_8), 2)).isEqualTo("收到");
    }

    @Test
    void aLengthThatComesInTwoPieces() throws Exception {
        assertThat(replyInTwoPieces(Framing.lengthPrefixed(), new byte[] {0, 0, 0, 2, 'o', 'k'}, 2))
                .isEqualTo("ok");
    }

    /** The second piece is sent when the client must have read the first: when it has read another reply. */
    private static String replyInTwoPieces(Framing framing, byte[] reply, int cut) throws IOException {
        CountDownLatch firstIsSent = new CountDownLatch(1);
        CountDownLatch otherHasReplied = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(client -> {
            if (FakeServer.receive(client).trim().endsWith("1")) {
                client.getOutputStream().write(reply, 0, cut);
                firstIsSent.countDown();
                otherHasReplied.await(30, TimeUnit.SECONDS);
                client.getOutputStream().write(reply, cut, reply.length - cut);
            } else {
                firstIsSent.await(30, TimeUnit.SECONDS);
                client.getOutputStream().write(reply);
            }
            FakeServer.receive(client);
        })) {
            Outcome outcome = new Outcome() {
                @Override
                public void replied(int id, String text) {
                    super.replied(id, text);
                    otherHasReplied.countDown();
                }
            };
            run(server.address(), framing, 2, Order.AT_ONCE, Duration.ZERO, PATIENCE, outcome);
            assertThat(outcome.failures).isEmpty();
            assertThat(outcome.order).containsExactly(2, 1);
            return outcome.replies.get(1);
        }
    }

    @Test
    void aReplyLongerThanAnyBuffer() throws IOException {
        String reply = "收到".repeat(100_000);
        try (FakeServer server = new FakeServer(client -> {
            FakeServer.receive(client);
            FakeServer.send(client, reply + "\n");
            FakeServer.receive(client);
        })) {
            assertThat(run(server, Framing.lines(), 1, Order.AT_ONCE).replies.get(1))
                    .isEqualTo(reply);
        }
    }

    @Test
    void whatComesBeforeTheMessageWasSentIsNoReplyToIt() throws IOException {
        CountDownLatch greeted = new CountDownLatch(2);
        try (FakeServer server = new FakeServer(client -> {
            if (greeted.getCount() > 0) { // two of four
                FakeServer.send(client, "welcome");
                greeted.countDown();
            } else {
                greeted.await();
            }
            FakeServer.answering("reply").serve(client);
        })) {
            Outcome outcome = run(server, Framing.chunks(), 4, Order.TOGETHER);
            for (String reason : outcome.failures.values()) {
                assertThat(reason).isEqualTo("the server sent something before it was asked: welcome");
            }
            assertThat(outcome.order).containsExactlyInAnyOrder(1, 2, 3, 4);
        }
    }
}
