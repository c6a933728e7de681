package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.crossing.Message;
import org.reactorserver.engine.Engine;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.StuckListener;
import org.reactorserver.helper.SystemProvider;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.helper.TlsSockets;
import org.reactorserver.limit.Cidr;
import org.reactorserver.loop.LoopProbe;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.World;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

/** How a server's parts are wired: what it opens, what it closes, and whom it tells. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineTest {
    @TempDir
    private Path directory;

    @Test
    void anObserverThatComesLaterSeesWhatHappensFromThenOn() throws Exception {
        List<String> seen = new ArrayList<>();
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            client.send("before\n");
            assertThat(server.line(client)).isEqualTo("before");
            server.engine().observe(new ServerObserver() {
                @Override
                public void received(Session session, String message) {
                    seen.add(message);
                }
            });
            client.send("after\n");
            assertThat(server.line(client)).isEqualTo("after");
        }
        assertThat(seen).containsExactly("after");
    }

    @Test
    void aPassThatTakesTooLongLeavesTheRestToTheNext() throws Exception {
        int all = 40;
        try (HandRun server = new HandRun(HandRun.echo())) {
            List<TestClient> clients = TestClient.several(all, server.port());
            server.until("they are in", () -> server.witness.connected.size() == all);
            server.settle();
            server.witness.onRead = () -> server.leap(Duration.ofNanos(300_000));
            for (TestClient client : clients) {
                client.send("x\n");
            }
            server.until("some are read", () -> !server.witness.received.isEmpty());
            assertThat(server.witness.received).as("read in one pass").hasSizeLessThan(all / 2);
            server.until("all are read", () -> server.witness.received.size() == all);
            TestClient.closeAll(clients);
        }
    }

    @Test
    void nothingIsReadOfOneWhoMayNotSendAProxyHeader() throws Exception {
        Listen listen = new Listen(Endpoint.tcp("127.0.0.1", 0), false, true);
        try (Captured log = Captured.withInfo();
                HandRun server = new HandRun(HandRun.echo().listen(listen).proxyTrust(Cidr.parse("192.0.2.1")));
                TestClient client = new TestClient(server.port())) {
            client.send("PROXY UNKNOWN\r\nx\n");
            server.until("it is refused", () -> !server.witness.refused.isEmpty());
            assertThat(server.witness.refused).containsExactly(CloseReason.PROXY_HEADER_REFUSED);
            assertThat(server.stats().refused()).isOne();
            assertThat(server.stats().closed()).containsEntry(CloseReason.PROXY_HEADER_REFUSED, 1L);
            assertThat(server.witness.bytesRead).isZero();
            assertThat(server.registered()).as("the listener alone").isOne();
            assertThat(log.lines("no PROXY header is taken from 127.0.0.1")).hasSize(1);
            assertThatThrownBy(client::rest).hasMessage("Connection reset"); // its bytes are unread
        }
    }

    @Test
    void whatWasOpenedBeforeSomethingFailedIsClosed() throws Exception {
        Path file = directory.resolve("socket");
        try (ServerSocket taken = new ServerSocket(0)) {
            ReactorServer.Builder builder =
                    HandRun.echo().listen(Endpoint.unix(file)).listen(Endpoint.tcp("0.0.0.0", taken.getLocalPort()));
            assertThatThrownBy(() -> new Engine(builder.settings())).isInstanceOf(IOException.class);
        }
        assertThat(file).doesNotExist();
        HandRun.echo().listen(Endpoint.unix(file)).start().close(); // nobody listens at it
    }

    @Test
    void aSocketsFileIsRemovedWhenItHasEndedAndNotBefore() throws Exception {
        Path file = directory.resolve("socket");
        try (HandRun server = new HandRun(HandRun.echo().listen(Endpoint.unix(file)))) {
            server.pass();
            assertThat(file).exists();
            server.drain(Duration.ofSeconds(10));
            assertThat(file).as("the selector thread has still to end").exists();
            server.report();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void keysAreReadAgainWithoutBeingAsked() throws Exception {
        Path certificate = directory.resolve("server.pem");
        Path key = directory.resolve("server.key");
        Files.copy(TestKeys.certificate("server"), certificate);
        Files.copy(TestKeys.key("server"), key);
        try (HandRun server = new HandRun(HandRun.echo().tls(Tls.pem(certificate, key)))) {
            String before = server.engine().tls();
            Files.copy(TestKeys.certificate("server-rsa"), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(TestKeys.key("server-rsa"), key, StandardCopyOption.REPLACE_EXISTING);
            server.pass();
            server.advance(Duration.ofSeconds(10));
            server.until("they are read", () -> !server.engine().tls().equals(before));
            String second = server.engine().tls();
            Files.copy(TestKeys.certificate("server"), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(TestKeys.key("server"), key, StandardCopyOption.REPLACE_EXISTING);
            server.advance(Duration.ofSeconds(10));
            server.until("they are read again", () -> !server.engine().tls().equals(second));
        }
    }

    private static void use(String name, Path certificate, Path key) throws IOException {
        Files.copy(TestKeys.certificate(name), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(TestKeys.key(name), key, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void whatIsWrongWithKeysIsLogged() throws Exception {
        Path certificate = directory.resolve("server.pem");
        Path key = directory.resolve("server.key");
        use("expired", certificate, key);
        try (Captured log = new Captured();
                HandRun server = new HandRun(HandRun.echo().tls(Tls.pem(certificate, key)))) {
            assertThat(log.lines("WARN").stream().filter(line -> line.contains("expired")))
                    .hasSize(1);
            Files.writeString(certificate, "nothing");
            server.engine().reloadTls().join();
            assertThat(log.lines("the certificates and keys stay as they were: "))
                    .hasSize(1);
            use("server", certificate, key);
            server.engine().reloadTls().join();
            assertThat(log.lines("WARN")).as("nothing is wrong").hasSize(2);
            use("expired", certificate, key);
            server.engine().reloadTls().join();
            assertThat(log.lines("WARN").stream().filter(line -> line.contains("expired")))
                    .hasSize(2);
        }
    }

    /** Not by an IOException, which tells of a file. */
    @Test
    void keysThatCannotBeReadForAnotherReasonStayAsTheyWere() throws Exception {
        Path archive = directory.resolve("keys.zip");
        FileSystem files = FileSystems.newFileSystem(archive, Map.of("create", "true"));
        Path certificate = files.getPath("server.pem");
        Path key = files.getPath("server.key");
        use("server", certificate, key);
        try (Captured log = new Captured();
                HandRun server = new HandRun(HandRun.echo().tls(Tls.pem(certificate, key)))) {
            files.close();
            assertThat(server.engine().reloadTls()).succeedsWithin(Duration.ofSeconds(30));
            assertThat(log.lines("WARN the certificates and keys stay as they were"))
                    .hasSize(1);
            assertThat(log.lines("ClosedFileSystemException")).isNotEmpty();
        }
    }

    @Test
    void aListenerThatNobodyConnectsToIsLookedAtEverMoreRarely() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            server.pass();
            long last = LoopProbe.nextDeadline(server.engine().loop(), 0);
            server.advance(Duration.ofSeconds(1));
            for (long seconds : new long[] {2, 4, 8, 16, 32, 60, 60}) {
                long next = LoopProbe.nextDeadline(server.engine().loop(), 0);
                assertThat(next - last).isEqualTo(Duration.ofSeconds(seconds).toNanos());
                last = next;
                server.advance(Duration.ofSeconds(seconds));
            }
        }
    }

    @Test
    void aLoopThatDiesSaysSoToEverybody() throws Exception {
        CountDownLatch isHandling = new CountDownLatch(1);
        CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();
        Engine engine = new Engine(HandRun.lines((session, message) -> {
                    isHandling.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        wasInterrupted.complete(true);
                    }
                })
                .port(0)
                .workers(1)
                .settings());
        Throwable planted = new StackOverflowError("planted");
        try (Captured log = new Captured();
                TestClient client = new TestClient(engine.address().getPort())) {
            Thread loop = new Thread(engine::run);
            loop.setUncaughtExceptionHandler((thread, cause) -> {});
            loop.start();
            client.send("x\n");
            isHandling.await();
            engine.loop().execute(() -> {
                throw (Error) planted;
            });
            loop.join();
            assertThat(engine.isRunning()).isFalse();
            assertThatThrownBy(engine::awaitEnd).hasCause(planted);
            assertThat(engine.closed()).isCompletedExceptionally();
            assertThat(engine.stats().open()).isZero();
            assertThat(wasInterrupted.get()).isTrue();
            assertThat(log.lines("the selector thread has died")).hasSize(1);
            assertThat(log.lines("its last passes were")).hasSize(1);
        }
    }

    @Test
    void whoCannotBeAdmittedIsClosedAndToldOf() throws Exception {
        SSLContext keys = TlsSockets.showing("server");
        AtomicBoolean isBroken = new AtomicBoolean();
        ReactorServer.Builder builder = HandRun.echo().tls(() -> {
            if (isBroken.get()) {
                throw new IllegalStateException("no keys");
            }
            return keys;
        });
        try (Captured log = Captured.withInfo();
                HandRun server = new HandRun(builder)) {
            isBroken.set(true);
            try (TestClient client = new TestClient(server.port())) {
                server.until("it is closed", () -> server.stats().closed().containsKey(CloseReason.INTERNAL_ERROR));
                server.settle();
                assertThat(client.rest()).isEmpty();
                assertThat(server.registered()).as("the listener alone").isOne();
                assertThat(log.lines("ERROR session 0 127.0.0.1")).hasSize(1);
                assertThat(log.lines("a new connection failed: java.lang.IllegalStateException: no keys"))
                        .hasSize(1);
            }
            isBroken.set(false);
            try (TestClient client = new TestClient(server.port())) {
                server.until("the next one is taken", () -> server.registered() == 2);
                assertThat(client).isNotNull();
            }
        }
    }

    @Test
    void whoseHandshakeFailsGetsAnAlertThatNothingDestroys() throws Exception {
        Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"));
        try (HandRun server = new HandRun(HandRun.echo().tls(keys));
                TestClient client = new TestClient(server.port())) {
            client.send("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0001"); // a ClientHello of one byte
            server.until("it is answered", () -> client.available() > 0);
            server.settle();
            assertThat(server.registered()).as("it is read to its end").isEqualTo(2);
            client.send("more");
            server.settle();
            byte[] alert = client.bytes();
            assertThat(alert[0]).as("an alert (RFC 8446, 5.1)").isEqualTo((byte) 21);
            server.advance(Duration.ofSeconds(2).minusNanos(1)); // the linger timeout
            assertThat(server.registered()).isEqualTo(2);
            server.advance(Duration.ofNanos(1));
            assertThat(server.registered()).isOne();
            assertThat(server.witness.refused).containsExactly(CloseReason.HANDSHAKE_FAILED);
        }
    }

    @Test
    void withoutTlsThereAreNoKeysToRead() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            assertThat(server.engine().tls()).isNull();
            assertThat(server.engine().reloadTls()).isCompleted();
        }
    }

    @Test
    void oneThatWaitsForTheEndKeepsItsInterrupt() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            AtomicBoolean isInterrupted = new AtomicBoolean();
            Thread waiting = new Thread(() -> {
                Thread.currentThread().interrupt();
                server.engine().awaitEnd();
                isInterrupted.set(Thread.currentThread().isInterrupted());
            });
            waiting.start();
            server.until("it waits all the same", () -> waiting.getState() == Thread.State.WAITING);
            server.drain(Duration.ofSeconds(1));
            server.report();
            waiting.join();
            assertThat(isInterrupted).isTrue();
        }
    }

    @Test
    void itsOwnWorkersEndWithIt() throws Exception {
        List<Thread> workers = new ArrayList<>();
        CountDownLatch handled = new CountDownLatch(1);
        Engine engine = new Engine(HandRun.lines((session, message) -> {
                    workers.add(Thread.currentThread());
                    handled.countDown();
                })
                .port(0)
                .workers(1)
                .settings());
        Thread loop = new Thread(engine::run);
        loop.start();
        try (TestClient client = new TestClient(engine.address().getPort())) {
            client.send("x\n");
            handled.await();
        }
        engine.drain(Duration.ofSeconds(10));
        loop.join();
        assertThat(engine.isRunning()).isFalse();
        workers.get(0).join();
        assertThat(engine.closed()).isCompleted();
        assertThat(engine.closed().get()).isSameAs(engine.awaitEnd());
    }

    @Test
    void aBeatComesSoonAndThenEveryTime() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            List<String> beats = new ArrayList<>();
            server.engine().heartbeat(Duration.ofSeconds(5).toNanos(), () -> beats.add("beat"));
            server.settle();
            int soon = beats.size();
            server.advance(Duration.ofSeconds(5));
            server.advance(Duration.ofSeconds(5));
            assertThat(beats).hasSize(soon + 2);
        }
    }

    @Test
    void theFirstListenersChannelIsAsked() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            assertThat(server.engine().listener().socket().getLocalPort()).isEqualTo(server.port());
        }
    }

    @Test
    void whoHasNoPortCannotBeAnnounced() {
        ReactorServer.Builder builder = HandRun.echo()
                .listen(Endpoint.unix(directory.resolve("socket")))
                .announceTo(new InetSocketAddress("127.0.0.1", 9));
        assertThatThrownBy(() -> new Engine(builder.settings()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("announced by its TCP port");
    }

    /** What listens first cannot be closed, and what should listen next cannot be bound. */
    private static final class BadNetwork extends SystemProvider {
        private final IOException bindFails = new IOException("bind");
        private final IOException closeFails = new IOException("close");
        private boolean isNext;

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            if (isNext) {
                throw bindFails;
            }
            isNext = true;
            return new StuckListener(this, closeFails);
        }
    }

    @Test
    void whatCannotBeClosedEitherIsToldWithWhatHasFailed() {
        BadNetwork network = new BadNetwork();
        ReactorServer.Builder builder = HandRun.echo()
                .listen(Endpoint.tcp("127.0.0.1", 0))
                .listen(Endpoint.tcp("127.0.0.1", 0))
                .selectorProvider(network);
        assertThatThrownBy(() -> new Engine(builder.settings()))
                .isSameAs(network.bindFails)
                .hasSuppressedException(network.closeFails);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatFailsLeavesNoFileOpen() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        try (ServerSocket taken = new ServerSocket(0)) {
            int before = descriptors.toFile().list().length;
            for (int i = 0; i < 100; i++) {
                ReactorServer.Builder builder = HandRun.echo()
                        .listen(Endpoint.tcp("127.0.0.1", 0))
                        .listen(Endpoint.tcp("0.0.0.0", taken.getLocalPort()));
                assertThatThrownBy(() -> new Engine(builder.settings())).isInstanceOf(IOException.class);
            }
            assertThat(descriptors.toFile().list().length - before).isLessThan(50);
        }
    }

    @Test
    void afterTheEndNoKeysAreRead() throws Exception {
        Path certificate = directory.resolve("server.pem");
        Path key = directory.resolve("server.key");
        use("server", certificate, key);
        try (HandRun server = new HandRun(HandRun.echo().tls(Tls.pem(certificate, key)))) {
            server.drain(Duration.ZERO);
            server.report();
            Files.writeString(certificate, "nothing");
            server.engine().reloadTls().join();
            assertThat(server.inspection().keyFaults())
                    .as("its threads have ended")
                    .isEmpty();
        }
    }

    /** The loop has made its last pass, and only then is the request's failure told of. */
    @Test
    void whatIsToBeToldInTheLastPassIsHandedOff() throws Exception {
        CompletableFuture<String> late = new CompletableFuture<>();
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines()).asyncHandler((session, message) -> late);
        try (HandRun server = new HandRun(builder);
                TestClient client = server.connect()) {
            server.read(client, "x\n");
            server.settle();
            assertThat(server.stats().held()).isOne();
            server.engine().drain(Duration.ZERO);
            server.pass(); // all is cut off, and the loop is to end by the next one
            late.completeExceptionally(new IllegalStateException("late"));
            server.report();
            assertThat(server.turns).hasSize(1);
            server.turns.remove().run();
            assertThat(server.stats().held()).isZero();
        }
    }

    // ---- who does not arrive

    @Test
    void whoDoesNotSayForWhomItComesIsEndedInTime() throws Exception {
        Listen listen = new Listen(Endpoint.tcp("127.0.0.1", 0), false, true);
        ReactorServer.Builder builder = HandRun.echo().listen(listen).handshakeTimeout(Duration.ofSeconds(10));
        try (HandRun server = new HandRun(builder);
                TestClient silent = new TestClient(server.port());
                TestClient late = new TestClient(server.port())) {
            server.until("both are there", () -> server.registered() == 3);
            server.settle();
            server.advance(Duration.ofSeconds(10).minusNanos(1));
            assertThat(server.registered()).isEqualTo(3);
            late.send("PROXY UNKNOWN\r\nx\n");
            server.until("one has arrived", () -> server.witness.connected.size() == 1);
            assertThat(server.line(late)).isEqualTo("x");
            server.advance(Duration.ofNanos(1));
            assertThat(server.witness.refused).containsExactly(CloseReason.ARRIVAL_TIMEOUT);
            assertThat(server.registered()).isEqualTo(2);
            assertThat(server.reason(1)).isNull();
            assertThat(silent).isNotNull();
        }
    }

    /** After ten seconds each, not before, and three times. */
    private static void assertOnceEachTime(HandRun server, List<String> happened) throws IOException {
        for (int i = 1; i <= 3; i++) {
            server.advance(Duration.ofSeconds(10).minusNanos(1));
            assertThat(happened).hasSize(i - 1);
            server.advance(Duration.ofNanos(1));
            assertThat(happened).hasSize(i);
        }
    }

    @Test
    void whoIsSentNothingIsToldOfOnceEachTime() throws Exception {
        List<String> told = new ArrayList<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {}

            @Override
            public void onWriteIdle(Session session) {
                told.add("write");
            }
        };
        try (HandRun server = new HandRun(HandRun.lines(handler).writeIdleTimeout(Duration.ofSeconds(10)));
                TestClient client = server.connect()) {
            server.settle();
            assertOnceEachTime(server, told);
            server.workersWork = false;
            server.read(client, "x\n");
            server.advance(Duration.ofSeconds(30));
            assertThat(told).as("while its handler is at work").hasSize(3);
            server.workersWork = true;
            assertThat(client).isNotNull();
        }
    }

    @Test
    void whoWaitsForItsTurnIsNotToldOf() throws Exception {
        List<Long> told = new ArrayList<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {}

            @Override
            public void onWriteIdle(Session session) {
                told.add(session.id());
            }
        };
        ReactorServer.Builder builder =
                HandRun.lines(handler).activeSessions(1).writeIdleTimeout(Duration.ofSeconds(10));
        try (HandRun server = new HandRun(builder);
                TestClient served = server.connect();
                TestClient waiting = server.connect()) {
            server.settle();
            assertThat(told).isEmpty();
            server.advance(Duration.ofSeconds(10));
            assertThat(told).containsExactly(1L);
            served.leave();
            server.untilClosed(1);
            server.settle();
            server.advance(Duration.ofSeconds(10));
            assertThat(told).containsExactly(1L, 2L);
            assertThat(waiting).isNotNull();
        }
    }

    @Test
    void whoSendsNothingIsAskedForOnceEachTime() throws Exception {
        List<String> asked = new ArrayList<>();
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {}

            @Override
            public boolean onReadIdle(Session session) {
                asked.add("read");
                return true;
            }
        };
        try (HandRun server = new HandRun(HandRun.lines(handler).readIdleTimeout(Duration.ofSeconds(10)));
                TestClient client = server.connect()) {
            server.settle();
            assertOnceEachTime(server, asked);
            assertThat(server.reason(1)).isNull();
            assertThat(client).isNotNull();
        }
    }

    // ---- when a budget is used up, the one that holds the most ends

    private static void passSomeSeconds(HandRun server) throws IOException {
        for (int i = 0; i < 4; i++) {
            server.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void theLargestHolderOfUnfinishedRequestsEnds() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().requestMemory(100_000).messageTimeout(Duration.ZERO));
                TestClient small = server.connect();
                TestClient large = server.connect();
                TestClient other = server.connect()) {
            server.read(small, "x".repeat(10_000));
            server.read(large, "x".repeat(50_000));
            server.read(other, "x".repeat(20_000));
            passSomeSeconds(server);
            assertThat(server.witness.closed).isEmpty();
            server.read(other, "x".repeat(20_000));
            passSomeSeconds(server);
            large.endOutput();
            assertThat(server.untilClosed(2)).isEqualTo(CloseReason.REQUEST_MEMORY_EXHAUSTED);
            server.read(small, "\n");
            assertThat(server.line(small)).hasSize(10_000);
            assertThat(server.witness.closed.keySet()).containsExactly(2L);
        }
    }

    @Test
    void theLargestHolderOfMessagesThatWaitEnds() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().messageMemory(100_000).laneLimit(80_000));
                TestClient small = server.connect();
                TestClient large = server.connect();
                TestClient other = server.connect()) {
            server.workersWork = false;
            server.read(small, "small\n");
            server.read(large, ("x".repeat(99) + "\n").repeat(400));
            server.read(other, ("x".repeat(99) + "\n").repeat(250));
            server.settle();
            passSomeSeconds(server);
            server.workersWork = true;
            server.settle();
            large.endOutput();
            assertThat(server.untilClosed(2)).isEqualTo(CloseReason.MESSAGE_MEMORY_EXHAUSTED);
            assertThat(server.line(small)).isEqualTo("small");
            assertThat(server.witness.closed.keySet()).containsExactly(2L);
        }
    }

    @Test
    void theLargestHolderOfRepliesEnds() throws Exception {
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
                    for (int i = 0; i < Integer.parseInt(message); i++) {
                        session.send("x".repeat(1_000));
                    }
                })
                .replyMemory(4_000_000)
                .sendBuffer(4_096);
        try (HandRun server = new HandRun(builder);
                TestClient small = server.connect(4_096);
                TestClient large = server.connect(4_096);
                TestClient other = server.connect(4_096);
                TestClient third = server.connect(4_096)) {
            server.read(small, "1\n");
            server.read(large, "1500\n");
            server.read(other, "1300\n");
            passSomeSeconds(server);
            assertThat(server.witness.closed).isEmpty();
            server.read(third, "1200\n");
            passSomeSeconds(server);
            assertThat(server.witness.closed).containsEntry(2L, CloseReason.REPLY_MEMORY_EXHAUSTED);
            assertThat(server.line(small)).hasSize(1_000);
            assertThat(server.witness.closed).hasSize(1);
        }
    }

    /**
     * Has all of these clients do this, and the server take in at least so many bytes of it at once. Returns the reasons
     * by which they end.
     */
    private static Set<CloseReason> overfill(HandRun server, String each, long least) throws IOException {
        List<TestClient> clients = TestClient.several(6, server.port());
        server.until("they are in", () -> server.witness.connected.size() == 6);
        server.settle();
        server.workersWork = false;
        for (TestClient client : clients) {
            client.send(each);
        }
        server.until("it is read", () -> server.witness.bytesRead >= least);
        server.workersWork = true;
        server.settle(); // and no time passes
        Set<CloseReason> ends = EnumSet.noneOf(CloseReason.class);
        CompletableFuture<List<SessionFacts>> left = server.inspection().sessions();
        server.pass();
        left.join().stream().map(SessionFacts::ending).filter(Objects::nonNull).forEach(ends::add);
        ends.addAll(server.witness.closed.values());
        long open = left.join().stream().filter(facts -> facts.ending() == null).count();
        assertThat(open).as("that go on").isBetween(1L, 5L);
        TestClient.closeAll(clients);
        return ends;
    }

    @Test
    void farAboveTheLimitTheLargestEndAtOnce() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo().requestMemory(100_000))) {
            assertThat(overfill(server, "x".repeat(50_000), 150_000))
                    .containsExactly(CloseReason.REQUEST_MEMORY_EXHAUSTED);
        }
        ReactorServer.Builder verbose = HandRun.lines((session, message) -> {
            for (int i = 0; i < 1_500; i++) {
                session.send("x".repeat(1_000));
            }
        });
        try (HandRun server = new HandRun(verbose.replyMemory(4_000_000).sendBuffer(4_096))) {
            assertThat(overfill(server, "go\n", 18)).containsExactly(CloseReason.REPLY_MEMORY_EXHAUSTED);
        }
    }

    private static List<WirePeer> peers(HandRun server, FakeNetwork network, int count) throws IOException {
        List<WirePeer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(new WirePeer(network, 100));
        }
        server.until("they are in", () -> server.witness.connected.size() == count);
        server.settle();
        return peers;
    }

    /** Sessions that end by now, or have ended. */
    private static List<CloseReason> ends(HandRun server) throws IOException {
        List<CloseReason> ends = new ArrayList<>(server.witness.closed.values());
        CompletableFuture<List<SessionFacts>> left = server.inspection().sessions();
        server.pass();
        left.join().stream().map(SessionFacts::ending).filter(Objects::nonNull).forEach(ends::add);
        return ends;
    }

    /** Ten sessions that are owed so much each: together more than may be, and nothing is taken. */
    private HandRun owing(int each, long most) throws IOException {
        FakeNetwork network = new FakeNetwork(new World() {});
        int overhead = 32; // an array in a queue
        ReactorServer.Builder builder = HandRun.lines((session, message) -> session.send("x".repeat(each - overhead)));
        HandRun server = new HandRun(builder.replyMemory(most).selectorProvider(network));
        for (WirePeer peer : peers(server, network, 10)) {
            peer.send("go\n");
        }
        server.settle();
        return server;
    }

    @Test
    void asManyOfThemEndAtOnceAsHoldItFarAboveTheLimit() throws Exception {
        try (HandRun server = owing(20_000, 100_000)) {
            assertThat(ends(server))
                    .as("until 120,000 are left")
                    .hasSize(4)
                    .containsOnly(CloseReason.REPLY_MEMORY_EXHAUSTED);
        }
        FakeNetwork network = new FakeNetwork(new World() {});
        int each = 60 * Message.weight("x");
        ReactorServer.Builder builder = HandRun.echo().messageMemory(6 * each);
        try (HandRun server = new HandRun(builder.selectorProvider(network))) {
            List<WirePeer> peers = peers(server, network, 10);
            server.workersWork = false;
            for (WirePeer peer : peers) {
                peer.send("x\n".repeat(60));
            }
            server.settle();
            assertThat(ends(server))
                    .as("until seven and a half are left at most")
                    .hasSize(3)
                    .containsOnly(CloseReason.MESSAGE_MEMORY_EXHAUSTED);
            server.workersWork = true;
        }
    }

    @Test
    void aboveTheLimitTheyEndOneASecond() throws Exception {
        try (HandRun server = owing(11_600, 100_000)) {
            for (int seconds : List.of(0, 1, 2, 2)) {
                assertThat(server.witness.closed).hasSize(seconds);
                server.advance(Duration.ofSeconds(1));
            }
        }
    }

    /** One that has been told to end holds what it holds; that is no reason to end another one. */
    @Test
    void whoHoldsJustItsShareIsNotEnded() throws Exception {
        List<CompletableFuture<String>> late = new ArrayList<>();
        FakeNetwork network = new FakeNetwork(new World() {});
        String share = "x".repeat(25_000);
        ReactorServer.Builder builder = ReactorServer.builder(Framing.lines())
                .asyncHandler((session, message) -> {
                    late.add(new CompletableFuture<>());
                    return late.get(late.size() - 1);
                })
                .messageMemory(2L * Message.weight(share));
        try (HandRun server = new HandRun(builder.selectorProvider(network))) {
            List<WirePeer> peers = peers(server, network, 2);
            peers.get(0).send("x".repeat(30_000) + "\n");
            server.settle();
            peers.get(1).send(share + "\n");
            server.settle();
            passSomeSeconds(server);
            assertThat(ends(server)).containsExactly(CloseReason.MESSAGE_MEMORY_EXHAUSTED);
            late.get(1).complete("reply");
            server.settle();
            assertThat(peers.get(1).take()).isEqualTo("reply\n");
        }
    }

    /** Its rest comes in the very pass in which somebody would have to end. */
    @Test
    void whatIsReleasedInTheLastMomentCounts() throws Exception {
        FakeNetwork network = new FakeNetwork(new World() {});
        ReactorServer.Builder builder = HandRun.echo().requestMemory(100_000).messageTimeout(Duration.ZERO);
        try (HandRun server = new HandRun(builder.selectorProvider(network))) {
            List<WirePeer> peers = peers(server, network, 3);
            peers.get(0).send("x".repeat(10_000));
            server.settle();
            peers.get(1).send("x".repeat(55_000));
            server.settle();
            peers.get(2).send("x".repeat(40_000));
            server.settle();
            assertThat(server.stats().requestBytesWaiting()).isBetween(100_001L, 109_999L);
            server.leap(Duration.ofSeconds(1));
            peers.get(0).send("\n");
            server.settle();
            assertThat(ends(server)).isEmpty();
            passSomeSeconds(server);
            assertThat(ends(server)).isEmpty();
        }
    }
}
