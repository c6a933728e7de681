package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.PoorProvider;

/** A failure of an observer, a handler or the system affects nothing else. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresStayTest {
    private static final String ALL_OF_THEM = "all of them";

    /** The common pool might have one thread only. */
    private static final Executor THREADS = task -> new Thread(task).start();

    // ---- observers

    private enum Failure {
        EXCEPTION {
            @Override
            void happen() {
                throw new IllegalStateException("the observer's");
            }
        },
        ERROR {
            @Override
            void happen() {
                throw new AssertionError("the observer's");
            }
        },
        STACK_OVERFLOW {
            @Override
            void happen() {
                happen();
                happen();
            }
        },
        OUT_OF_MEMORY {
            @Override
            void happen() {
                throw new OutOfMemoryError("said by a test");
            }
        };

        abstract void happen();
    }

    /** Fails in one of its methods, or in every one, as often as the predicate has it: of the calls 1, 2, 3 … */
    private static ServerObserver failing(String method, Failure failure, IntPredicate when) {
        AtomicInteger calls = new AtomicInteger();
        return (ServerObserver) Proxy.newProxyInstance(
                FailuresStayTest.class.getClassLoader(),
                new Class<?>[] {ServerObserver.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "toString" -> "an observer that fails in " + method;
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> {
                        boolean isMeant = method.equals(ALL_OF_THEM) || method.equals(called.getName());
                        if (isMeant && when.test(calls.incrementAndGet())) {
                            failure.happen();
                        }
                        yield null;
                    }
                });
    }

    private static boolean always(int call) {
        return call > 0;
    }

    private static Stream<String> observerMethods() {
        return Stream.concat(
                Stream.of(ServerObserver.class.getMethods())
                        .map(Method::getName)
                        .sorted(),
                Stream.of(ALL_OF_THEM));
    }

    private static Stream<Arguments> methodsAndPlaces() {
        return observerMethods().flatMap(method -> Place.all().map(place -> Arguments.of(method, place)));
    }

    private static Stream<Arguments> methodsAndFailures() {
        return observerMethods().flatMap(method -> Stream.of(Failure.values()).map(each -> Arguments.of(method, each)));
    }

    @ParameterizedTest
    @MethodSource("methodsAndPlaces")
    void anObserverThatThrowsChangesNothing(String method, Place place) throws Exception {
        checkOrdinaryLife(place, failing(method, Failure.EXCEPTION, FailuresStayTest::always));
    }

    @ParameterizedTest
    @MethodSource("methodsAndFailures")
    void whateverItThrows(String method, Failure failure) throws Exception {
        checkOrdinaryLife(Place.ONE_WORKER, failing(method, failure, FailuresStayTest::always));
    }

    @ParameterizedTest
    @MethodSource("observerMethods")
    void orThrowsOnce(String method) throws Exception {
        checkOrdinaryLife(Place.ONE_WORKER, failing(method, Failure.EXCEPTION, call -> call == 1));
    }

    /** Clients that connect, send, get late replies, are refused, and leave; and the end. */
    private static void checkOrdinaryLife(Place place, ServerObserver observer) throws Exception {
        List<String> events = new ArrayList<>();
        AtomicReference<Session> late = new AtomicReference<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {
                if (message.equals("late")) {
                    late.set(session);
                }
                session.send(message);
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                synchronized (events) {
                    events.add(session.id() + " " + reason.name());
                }
            }
        };
        ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                .port(0)
                .maxConnections(2)
                .lingerTimeout(Duration.ofMinutes(10))
                .observer(observer)
                .handler(handler)
                .start();
        CompletableFuture<DrainReport> drained;
        try (TestClient one = TestClient.of(server);
                TestClient other = TestClient.of(server)) {
            for (int i = 0; i < 3; i++) {
                assertThat(one.send("one " + i + "\n").line()).isEqualTo("one " + i);
                assertThat(other.send("other " + i + "\n").line()).isEqualTo("other " + i);
            }
            try (TestClient third = TestClient.of(server)) {
                assertThat(third.rest()).isEqualTo("error: too many connections\n");
            }
            assertThat(one.send("late\n").line()).isEqualTo("late");
            for (int i = 0; i < 3; i++) { // by which the loop is woken from another thread
                assertThat(late.get().send("later")).isTrue();
                assertThat(one.line()).isEqualTo("later");
            }
            assertThat(other.endOutput().rest()).isEmpty();
            until("its place is free", () -> server.stats().open() == 1);
            try (TestClient next = TestClient.of(server)) {
                assertThat(next.send("next\n").line()).isEqualTo("next");
            }
            until("its place is free", () -> server.stats().open() == 1);
            drained = CompletableFuture.supplyAsync(() -> server.drain(Duration.ofDays(1)), THREADS);
            assertThat(one.rest()).isEmpty();
        }
        DrainReport report = drained.get(30, TimeUnit.SECONDS);
        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(report.sessions()).isOne();
        assertThat(server.stats().open()).isZero();
        assertThat(server.stats().accepted()).isEqualTo(3);
        assertThat(server.stats().messagesHandled()).isEqualTo(8);
        until("all are told", () -> {
            synchronized (events) {
                return events.size() == 3;
            }
        });
        assertThat(events).containsExactlyInAnyOrder("2 END_OF_STREAM", "3 END_OF_STREAM", "1 SERVER_SHUTDOWN");
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Witness.PATIENCE;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("not within 30 s: " + what).isNegative();
            Thread.yield();
        }
    }

    /** What one session's turn leaves behind in what all share is the next one's. */
    @ParameterizedTest
    @EnumSource(Failure.class)
    void aMessageNeverComesIntoAnotherClientsSession(Failure failure) throws Exception {
        ServerObserver observer = failing("received", failure, call -> call == 1);
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                        .port(0)
                        .observer(observer)
                        .handler((session, message) -> session.send("to " + session.id() + ": " + message))
                        .start();
                TestClient one = TestClient.of(server);
                TestClient other = TestClient.of(server)) {
            one.send("1a\n1b\n");
            until("it is read", () -> server.stats().bytesRead() == 6);
            assertThat(other.send("2\n").line()).isEqualTo("to 2: 2");
            assertThat(one.lines(2)).containsExactly("to 1: 1a", "to 1: 1b");
        }
    }

    @Test
    void severalObserversSeeEverythingWhateverOneOfThemDoes() throws Exception {
        Witness before = new Witness();
        Witness behind = new Witness();
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .observer(before)
                .observer(failing(ALL_OF_THEM, Failure.ERROR, FailuresStayTest::always))
                .observer(behind)
                .handler(Session::send)
                .start()) {
            try (TestClient client = TestClient.of(server)) {
                assertThat(client.send("hello\n").line()).isEqualTo("hello");
            }
            assertThat(behind.awaitClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            assertThat(before.awaitClosed(1)).isEqualTo(CloseReason.END_OF_STREAM);
            assertThat(before.received).containsExactly("hello");
            assertThat(behind.received).containsExactly("hello");
        }
    }

    @Test
    void itsFailuresAreLoggedAndNotAllOfThem() throws Exception {
        try (Captured log = new Captured();
                ReactorServer server = ReactorServer.builder(Framing.lines())
                        .port(0)
                        .clock(() -> 0) // it is one and the same second
                        .observer(failing(ALL_OF_THEM, Failure.EXCEPTION, FailuresStayTest::always))
                        .handler(Session::send)
                        .start();
                TestClient client = TestClient.of(server)) {
            for (int i = 0; i < 300; i++) {
                assertThat(client.send("hello\n").line()).isEqualTo("hello");
            }
            until("it is said", () -> !log.lines("the observer's").isEmpty());
            assertThat(log.lines("the observer's")).hasSizeLessThan(30);
        }
    }

    // ---- handlers

    /** Of two sessions that one turn of a worker takes one after the other, the first leaves the flag set. */
    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void anInterruptThatAHandlerLeavesIsNotTheNextSessions(Place place) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        MessageHandler handler = (session, message) -> {
            switch (message) {
                case "hold" -> {
                    begun.countDown();
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                }
                case "interrupt" -> Thread.currentThread().interrupt();
                default -> new CountDownLatch(0).await(); // throws if the flag is set
            }
            session.send(message);
        };
        Witness witness = new Witness();
        try (ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                        .port(0)
                        .observer(witness)
                        .handler(handler)
                        .start();
                TestClient holding = TestClient.of(server);
                TestClient interrupting = TestClient.of(server);
                TestClient innocent = TestClient.of(server)) {
            witness.await("all are in", () -> witness.connected.size() == 3);
            holding.send("hold\n");
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            interrupting.send("interrupt\n");
            innocent.send("innocent\n");
            if (place != Place.SELECTOR) {
                witness.await("all are read", () -> witness.received.size() == 3);
            }
            goOn.countDown();
            assertThat(innocent.line()).isEqualTo("innocent");
            assertThat(interrupting.line()).isEqualTo("interrupt");
            assertThat(interrupting.send("still here\n").line()).isEqualTo("still here");
        }
    }

    /** The flag may also be left by a session's first and last moments. */
    @Test
    void norOneThatIsLeftByTheBeginningAndTheEndOfASession() throws Exception {
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) throws Exception {
                new CountDownLatch(0).await();
                Thread.currentThread().interrupt();
            }

            @Override
            public void onMessage(Session session, String message) throws Exception {
                new CountDownLatch(0).await();
                session.send(message);
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                Thread.currentThread().interrupt();
            }
        };
        try (HandRun server = new HandRun(HandRun.lines(handler))) {
            server.workersWork = false;
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(server.connect());
            }
            clients.get(0).leave();
            server.settle();
            server.workersWork = true;
            assertThat(server.line(clients.get(1).send("one\n"))).isEqualTo("one");
            assertThat(server.line(clients.get(2).send("two\n"))).isEqualTo("two");
            TestClient.closeAll(clients);
        }
    }

    /** Each of them is stuck, and the loop has better to do than to say so of all. */
    @Test
    void manyHandlersThatHangAreAFewLinesInTheLog() throws Exception {
        int count = 64;
        AtomicInteger seconds = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(count);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger selects = new AtomicInteger();
        ServerObserver observer = new ServerObserver() {
            @Override
            public void selected(int keys, boolean slept) {
                selects.incrementAndGet();
            }
        };
        MessageHandler handler = (session, message) -> {
            begun.countDown();
            goOn.await();
        };
        try (Captured log = new Captured();
                ReactorServer server = ReactorServer.builder(Framing.lines())
                        .port(0)
                        .workers(count)
                        .clock(() -> seconds.get() * 1_000_000_000L)
                        .observer(observer)
                        .handler(handler)
                        .start()) {
            try {
                List<TestClient> clients = TestClient.several(count, server.port());
                for (TestClient client : clients) {
                    client.send("hang\n");
                }
                assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
                seconds.addAndGet(3);
                until(
                        "it is said",
                        () -> !log.lines("has been busy with session").isEmpty());
                int now = selects.get();
                until("it has looked again", () -> {
                    clients.get(0).available();
                    return selects.get() > now + 3;
                });
                assertThat(log.lines("has been busy with session")).hasSizeLessThanOrEqualTo(10);
                TestClient.closeAll(clients);
            } finally {
                goOn.countDown(); // else the server waits for them
            }
        }
    }

    // ---- threads that cannot be made

    /** As a pool's does when the system has no thread left. */
    private enum Refusal {
        NO_THREAD {
            @Override
            void happen() {
                throw new OutOfMemoryError("unable to create native thread (said by a test)");
            }
        },
        REJECTED {
            @Override
            void happen() {
                throw new java.util.concurrent.RejectedExecutionException("said by a test");
            }
        };

        abstract void happen();
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void theWorkersThatThereAreDoTheWorkOfThoseThatCannotBeMade(Refusal refusal) throws Exception {
        AtomicBoolean made = new AtomicBoolean();
        Executor one = task -> {
            if (made.getAndSet(true)) {
                refusal.happen();
            }
            Thread thread = new Thread(() -> {
                task.run();
                made.set(false);
            });
            thread.setDaemon(true);
            thread.start();
        };
        checkAllAreServed(one);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void whatCouldNotBeHandedOffIsHandedOffLater(Refusal refusal) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Executor seldom = task -> {
            if (calls.incrementAndGet() % 3 != 0) {
                refusal.happen();
            }
            THREADS.execute(task);
        };
        checkAllAreServed(seldom);
    }

    private static void checkAllAreServed(Executor executor) throws IOException {
        try (ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .executor(executor, 64)
                .handler(Session::send)
                .start()) {
            List<TestClient> clients = TestClient.several(20, server.port());
            for (TestClient client : clients) {
                client.send("hello\n");
            }
            for (TestClient client : clients) {
                assertThat(client.line()).isEqualTo("hello");
            }
            TestClient.closeAll(clients);
        }
    }

    // ---- a start that fails

    private static int freePort() throws IOException {
        try (ReactorServer server = echo().start()) {
            return server.port();
        }
    }

    private static ReactorServer.Builder echo() {
        return ReactorServer.builder(Framing.lines()).port(0).handler(Session::send);
    }

    private static void checkPortIsFree(int port) throws IOException {
        try (ReactorServer server = echo().port(port).start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(PoorProvider.Missing.class)
    void aStartThatFailsLeavesThePortFree(PoorProvider.Missing missing) throws Exception {
        for (Throwable failure :
                List.of(new IOException("said"), new IllegalStateException("said"), new Error("said"))) {
            int port = freePort();
            ReactorServer.Builder builder = echo().port(port)
                    .announceTo(new java.net.InetSocketAddress("127.0.0.1", 9))
                    .selectorProvider(new PoorProvider(missing, failure));
            assertThatThrownBy(builder::start).isSameAs(failure);
            checkPortIsFree(port);
        }
    }

    @Test
    void aListenerThatCannotBeLeavesNoneOfTheOthers() throws Exception {
        int port = freePort();
        try (ReactorServer taken = echo().start()) {
            ReactorServer.Builder builder = echo().listen(org.reactorserver.wire.Endpoint.tcp("127.0.0.1", port))
                    .listen(org.reactorserver.wire.Endpoint.tcp("127.0.0.1", taken.port()));
            assertThatThrownBy(builder::start).isInstanceOf(java.net.BindException.class);
            checkPortIsFree(port);
        }
    }

    /** A name that cannot be resolved, of the host and of the announcement's target. */
    @Test
    void whatCannotBeResolvedIsSaidToBeSo() throws Exception {
        java.net.InetSocketAddress nobody = java.net.InetSocketAddress.createUnresolved("no:such:host", 9);
        assertThatThrownBy(() -> echo().host("no:such:host").start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no:such:host");
        int port = freePort();
        assertThatThrownBy(() -> echo().port(port).announceTo(nobody).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no:such:host");
        checkPortIsFree(port);
    }

    /** ErrorReplies that throw an Error behind a late reply that has failed. */
    @Test
    void anErrorOfErrorRepliesLeavesNothingHeld() throws Exception {
        CompletableFuture<String> late = new CompletableFuture<>();
        ReactorServer.Builder builder = ReactorServer.builder(org.reactorserver.framing.Framing.lines())
                .asyncHandler((session, message) -> late)
                .errorReplies((why, problem) -> {
                    throw new AssertionError("the application's");
                });
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            server.read(client, "go\n");
            server.settle();
            late.completeExceptionally(new IllegalStateException("late"));
            server.settle();
            client.endOutput();
            server.advance(Duration.ofDays(1));
            assertThat(server.stats().held()).isZero();
            assertThat(server.reason(1)).isEqualTo(CloseReason.HANDLER_FAILED);
        }
    }

    /** They run on the loop for those that are refused. */
    @Test
    void anErrorOfErrorRepliesDoesNotEndTheLoop() throws Exception {
        ReactorServer.Builder builder = HandRun.echo().maxConnections(1).errorReplies((why, problem) -> {
            throw new AssertionError("the application's");
        });
        try (HandRun server = new HandRun(builder);
                TestClient first = server.connect();
                TestClient second = new TestClient(server.port())) {
            server.until("it is refused", () -> server.witness.refused.size() == 1);
            first.send("still here\n");
            assertThat(server.line(first)).isEqualTo("still here");
            assertThat(second.rest()).as("nothing was said to it").isEmpty();
        }
    }
}
