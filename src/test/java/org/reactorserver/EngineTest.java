package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.engine.Engine;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.limit.Cidr;
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
            CountDownLatch begins = new CountDownLatch(1);
            Thread waiting = new Thread(() -> {
                begins.countDown();
                server.engine().awaitEnd();
                isInterrupted.set(Thread.currentThread().isInterrupted());
            });
            waiting.start();
            begins.await();
            waiting.interrupt();
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
}
