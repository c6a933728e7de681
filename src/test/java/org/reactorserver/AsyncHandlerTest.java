package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;

/** Replies that come late leave in the order of their requests; their failures go through onError, in that order too. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsyncHandlerTest {
    private final Map<String, CompletableFuture<String>> stages = new ConcurrentHashMap<>();
    private final List<String> told = new ArrayList<>();

    private CompletionStage<String> later(Session session, String message) {
        return stages.computeIfAbsent(message, each -> new CompletableFuture<>());
    }

    private final class Asker implements AsyncHandler {
        @Override
        public CompletionStage<String> onMessage(Session session, String message) {
            if (message.equals("throw")) {
                throw new IllegalStateException("thrown");
            }
            return later(session, message);
        }

        @Override
        public String onError(Session session, String message, Throwable cause) {
            told.add(message + ": " + cause.getMessage());
            return "sorry about " + message;
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            told.add(reason.toString());
        }
    }

    private static ReactorServer.Builder lines(AsyncHandler handler) {
        return ReactorServer.builder(Framing.lines()).asyncHandler(handler);
    }

    private HandRun asked(AsyncHandler handler, TestClient[] client, String... messages) throws Exception {
        HandRun server = new HandRun(lines(handler));
        client[0] = server.connect();
        client[0].send(String.join("\n", messages) + "\n").endOutput();
        server.until("all are asked", () -> server.witness.received.size() == messages.length);
        server.settle();
        return server;
    }

    @Test
    void repliesLeaveInTheOrderOfTheRequests() throws Exception {
        TestClient[] client = new TestClient[1];
        try (HandRun server = asked(this::later, client, "1", "2", "3", "4")) {
            assertThat(server.stats().held()).isEqualTo(4);
            stages.get("3").complete("three");
            stages.get("2").complete(null);
            server.settle();
            assertThat(client[0].available()).isZero();
            stages.get("1").complete("one");
            stages.get("4").complete("four");
            server.untilClosed(1);
            assertThat(client[0].rest()).isEqualTo("one\nthree\nfour\n");
            assertThat(server.reason(1)).isEqualTo(CloseReason.END_OF_STREAM);
            assertThat(server.stats().held()).isZero();
            assertThat(server.stats().messageBytesWaiting()).isZero();
        }
    }

    @Test
    void whatIsInFlightCountsAsMemory() throws Exception {
        TestClient[] client = new TestClient[1];
        try (HandRun server = asked(this::later, client, "1", "2")) {
            assertThat(server.stats().messageBytesWaiting())
                    .as("64 and 2 a character")
                    .isEqualTo(132);
            stages.get("2").complete("x".repeat(1000));
            server.settle();
            assertThat(server.stats().messageBytesWaiting())
                    .as("and the reply that waits")
                    .isEqualTo(132 + 64 + 2000);
            stages.get("1").complete("one");
            server.untilClosed(1);
            assertThat(server.stats().messageBytesWaiting()).isZero();
        }
    }

    @Test
    void whatIsThereAlreadyIsNotHeld() throws Exception {
        TestClient[] client = new TestClient[1];
        AsyncHandler handler = (session, message) ->
                message.equals("nothing") ? null : CompletableFuture.completedFuture("re: " + message);
        try (HandRun server = new HandRun(lines(handler))) {
            client[0] = server.connect();
            server.witness.onHandled = () -> assertThat(server.stats().held()).isZero();
            client[0].send("1\nnothing\n2\n").endOutput();
            server.untilClosed(1);
            assertThat(client[0].rest()).isEqualTo("re: 1\nre: 2\n");
        }
    }

    @Test
    void whatIsThereAlreadyWaitsForWhatIsNot() throws Exception {
        TestClient[] client = new TestClient[1];
        stages.put("2", CompletableFuture.completedFuture("two"));
        try (HandRun server = asked(this::later, client, "1", "2")) {
            assertThat(client[0].available()).isZero();
            stages.get("1").complete("one");
            server.untilClosed(1);
            assertThat(client[0].rest()).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void aFailureIsToldBehindTheRepliesBefore() throws Exception {
        TestClient[] client = new TestClient[1];
        try (HandRun server = asked(new Asker(), client, "1", "2", "3")) {
            stages.get("2").completeExceptionally(new IllegalStateException("broken"));
            server.settle();
            assertThat(told).isEmpty();
            stages.get("1").complete("one");
            stages.get("3").complete("three");
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
            assertThat(client[0].rest()).isEqualTo("one\nsorry about 2\n");
            server.settle();
            assertThat(told).containsExactly("2: broken", "the handler failed");
        }
    }

    /** Whichever way it fails, and whenever: at once, and later with an earlier one missing. */
    @Test
    void eachWayToFailIsTold() throws Exception {
        stages.put("failed", CompletableFuture.failedFuture(new IllegalStateException("broken")));
        stages.put("unsendable", CompletableFuture.completedFuture("two\nlines"));
        for (String way : List.of("throw", "failed", "unsendable")) {
            for (boolean isFirst : List.of(true, false)) {
                told.clear();
                stages.remove("1");
                TestClient[] client = new TestClient[1];
                String[] messages = isFirst ? new String[] {way} : new String[] {"1", way};
                try (HandRun server = asked(new Asker(), client, messages)) {
                    later(null, "1").toCompletableFuture().complete("one");
                    assertThat(server.untilClosed(1)).as(way).isEqualTo(CloseReason.HANDLER_FAILED);
                    assertThat(client[0].rest()).isEqualTo((isFirst ? "" : "one\n") + "sorry about " + way + "\n");
                    server.settle();
                    assertThat(told).hasSize(2).first().asString().startsWith(way + ": ");
                    assertThat(server.stats().held()).isZero();
                }
            }
        }
    }

    @Test
    void aStageOfSomebodyElsesMayThrow() throws Exception {
        TestClient[] client = new TestClient[1];
        @SuppressWarnings("unchecked")
        CompletionStage<String> bad = (CompletionStage<String>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CompletionStage.class}, (proxy, method, values) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        try (HandRun server = asked((session, message) -> bad, client, "1")) {
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.HANDLER_FAILED);
            assertThat(client[0].rest()).isEqualTo("error: the handler failed\n");
        }
    }

    @Test
    void inFlightIsBounded() throws Exception {
        try (HandRun server = new HandRun(lines(this::later).maxHeldPerSession(3));
                TestClient client = server.connect()) {
            client.send("1\n2\n3\n4\n5\n").endOutput();
            server.until("three are asked", () -> stages.size() == 3);
            server.settle();
            assertThat(stages).containsOnlyKeys("1", "2", "3");
            stages.get("1").complete("one");
            server.until("another one is asked", () -> stages.size() == 4);
            for (int i = 2; i <= 5; i++) {
                String each = Integer.toString(i);
                server.until("it is asked", () -> stages.containsKey(each));
                stages.get(each).complete(each);
            }
            server.untilClosed(1);
            assertThat(client.rest()).isEqualTo("one\n2\n3\n4\n5\n");
        }
    }

    @Test
    void aDrainWaitsAndItsReportIsTrue() throws Exception {
        TestClient[] client = new TestClient[1];
        try (HandRun server = asked(this::later, client, "1", "2")) {
            server.drain(Duration.ofSeconds(10));
            server.advance(Duration.ofSeconds(9));
            assertThat(server.reason(1)).isNull();
            stages.get("2").complete("two");
            stages.get("1").complete("one");
            server.until("closed", server::isDrained);
            assertThat(client[0].rest()).isEqualTo("one\ntwo\n");
            assertThat(server.report().isClean()).isTrue();
            assertThat(server.report().repliesFlushed()).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotAnsweredInADrainIsReported() throws Exception {
        TestClient[] client = new TestClient[1];
        try (HandRun server = asked(new Asker(), client, "1", "2")) {
            server.drain(Duration.ofSeconds(10));
            server.advance(Duration.ofSeconds(10));
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.DRAIN_TIMEOUT);
            assertThat(server.report().unanswered()).isEqualTo(2);
            stages.get("1").complete("one");
            stages.get("2").completeExceptionally(new IllegalStateException("too late"));
            assertThat(told).containsExactly("cut off at the drain timeout");
        }
    }

    /** Completed on other threads, in any order. */
    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void noReplyIsLostOrOvertaken(Place place) throws Exception {
        ScheduledExecutorService others = Executors.newScheduledThreadPool(3);
        Random random = new Random(20260301);
        AsyncHandler handler = (session, message) -> {
            int delay;
            synchronized (random) {
                delay = random.nextInt(4);
            }
            CompletableFuture<String> reply = new CompletableFuture<>();
            if (delay == 0) {
                reply.complete(message);
            } else {
                others.schedule(() -> reply.complete(message), delay * 100L, TimeUnit.MICROSECONDS);
            }
            return reply;
        };
        try (ReactorServer server = place.in(lines(handler)).port(0).start()) {
            List<String> asked = new ArrayList<>();
            IntStream.range(0, 2_000).forEach(i -> asked.add(Integer.toString(i)));
            List<TestClient> clients = TestClient.several(3, server.port());
            for (TestClient client : clients) {
                client.send(String.join("\n", asked) + "\n").endOutput();
            }
            for (TestClient client : clients) {
                assertThat(client.rest().lines()).containsExactlyElementsOf(Collections.unmodifiableList(asked));
            }
            TestClient.closeAll(clients);
            assertThat(server.stats().held()).isZero();
        } finally {
            others.shutdownNow();
        }
    }

    /** As much as is allowed, over a hundred sessions: what it takes is counted, and all are answered in order. */
    @Test
    void aHundredThousandAreInFlight() throws Exception {
        int each = 1_000;
        int sessions = 100;
        List<Runnable> answers = Collections.synchronizedList(new ArrayList<>());
        AsyncHandler handler = (session, message) -> {
            CompletableFuture<String> reply = new CompletableFuture<>();
            answers.add(() -> reply.complete(message));
            return reply;
        };
        List<String> asked =
                IntStream.range(0, each).mapToObj(Integer::toString).toList();
        Witness witness = new Witness();
        try (ReactorServer server = lines(handler)
                .port(0)
                .observer(witness)
                .maxHeld(each * sessions)
                .maxHeldPerSession(each)
                .start()) {
            List<TestClient> clients = TestClient.several(sessions, server.port());
            for (TestClient client : clients) {
                client.send(String.join("\n", asked) + "\n").endOutput();
            }
            witness.await("all are in flight", () -> server.stats().held() == each * sessions);
            assertThat(server.stats().messageBytesWaiting()).isLessThanOrEqualTo(72L * each * sessions);
            Collections.shuffle(answers, new Random(20260302));
            answers.forEach(Runnable::run);
            for (TestClient client : clients) {
                assertThat(client.rest().lines()).containsExactlyElementsOf(asked);
            }
            TestClient.closeAll(clients);
            assertThat(server.stats().held()).isZero();
        }
    }
}
