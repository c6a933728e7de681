package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.limit.AccessList;
import org.reactorserver.limit.Cidr;
import org.reactorserver.option.Options;
import org.reactorserver.wire.Endpoint;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.Tls;

/** The library as its user meets it: building, starting, asking, ending. */
@Timeout(60)
class LibraryTest {

    private static ReactorServer.Builder echo() {
        return ReactorServer.builder(Framing.lines()).port(0).handler(Session::send);
    }

    @Test
    void theSnippetOfTheDocumentationRuns() throws Exception {
        ReactorServer server = ReactorServer.builder(Framing.lines())
                .port(0)
                .workers(4)
                .handler((session, message) -> session.send("收到: " + message))
                .start();

        try (TestClient client = TestClient.of(server)) {
            assertThat(client.send("客户端1连接成功\n").line()).isEqualTo("收到: 客户端1连接成功");
        }

        DrainReport report = server.drain(Duration.ofSeconds(10)); // close() does this too
        assertThat(report.isClean()).isTrue();
        assertThat(report).hasToString(report.toString()).asString().startsWith("drained ");
    }

    @Test
    void listensOnLoopbackUnlessToldOtherwise() throws Exception {
        try (ReactorServer server = echo().start()) {
            assertThat(server.address().getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
            assertThat(server.port()).isPositive().isEqualTo(server.address().getPort());
        }
    }

    @Test
    void letsAWatchdogHearTheSelectorThread() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (ReactorServer server = echo().start()) {
            server.heartbeat(
                    Duration.ofMillis(1), () -> heard.add(Thread.currentThread().getName()));
            for (int i = 0; i < 3; i++) {
                assertThat(heard.poll(60, TimeUnit.SECONDS)).endsWith("selector");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> server.heartbeat(Duration.ZERO, () -> {}))
                    .withMessageContaining("more than zero");
        }
    }

    @Test
    void needsAHandler() {
        assertThatThrownBy(() -> ReactorServer.builder(Framing.lines()).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("handler");
    }

    @Test
    void saysWhichValueIsOutOfRange() {
        ReactorServer.Builder builder = echo();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.port(65_536))
                .withMessage("port must be from 0 to 65535, not 65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxMessage(3))
                .withMessageStartingWith("maxMessage must be from 4 to ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.workers(-1))
                .withMessageStartingWith("workers must be from 0 to ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.idleTimeout(Duration.ofNanos(-1)))
                .withMessageStartingWith("idleTimeout must be zero or more, not ");
    }

    @Test
    void valuesThatCannotBeHadTogetherAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> echo().highWater(2_000).outboxLimit(1_000).start())
                .withMessage("highWater must be at most outboxLimit, which is 1000, not 2000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> echo().announceTo(InetSocketAddress.createUnresolved("no:such:host", 1)))
                .withMessageStartingWith("announceTo must be an address");
    }

    @Test
    void observersAllSeeEverything() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        try (ReactorServer server = echo().observer(recorder("first", seen))
                        .observer(recorder("second", seen))
                        .start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("one\n").line()).isEqualTo("one");
        }
        assertThat(seen).containsExactly("first one", "second one");
    }

    private static ServerObserver recorder(String name, List<String> seen) {
        return new ServerObserver() {
            @Override
            public void received(Session session, String message) {
                seen.add(name + " " + message);
            }
        };
    }

    @Test
    void aPortThatIsTakenIsAnIoException() throws Exception {
        try (ReactorServer server = echo().start()) {
            assertThatThrownBy(() -> echo().port(server.port()).start()).isInstanceOf(BindException.class);
        }
    }

    @Test
    void anUnknownHostIsSaidSo() {
        assertThatThrownBy(() -> echo().host("no:such:host").start()).isInstanceOf(UnknownHostException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aStartThatFailsLeavesNothingOpen() throws Exception {
        try (ReactorServer server = echo().start()) {
            File descriptors = new File("/proc/self/fd");
            int before = descriptors.list().length;
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> echo().port(server.port()).start()).isInstanceOf(BindException.class);
            }
            assertThat(descriptors.list().length - before).as("open files more").isLessThan(50);
        }
    }

    @Test
    void theValuesInForceAreToldAsTheKernelHasThem() throws Exception {
        try (ReactorServer server =
                echo().workers(3).keepAlive(true).maxMessage(1_234).start()) {
            assertThat(server.inForce().get("serving")).contains("line framing", "3 workers", "backlog 1024");
            assertThat(server.inForce().get("limits")).contains("message 1234 B");
            assertThat(server.inForce().get("listener")).contains("SO_REUSEADDR=true");
            assertThat(server.inForce().get("clients")).contains("TCP_NODELAY=true", "SO_KEEPALIVE=true");
            assertThat(server.inForce()).doesNotContainKeys("endpoints", "TLS", "PROXY headers", "access");
        }
    }

    @Test
    void whoMayComeInAndHowIsAmongTheValuesInForce(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("s");
        Listen tcp = Listen.parse("127.0.0.1:0,tls,proxy");
        Listen unix = new Listen(Endpoint.unix(file).withMode(0600), false, false);
        try (ReactorServer server = echo().listen(tcp)
                .listen(unix)
                .tls(Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"))
                        .clientCa(TestKeys.certificate("ca")))
                .proxyTrust(Cidr.parse("192.0.2.0/28"))
                .allow(Cidr.parse("198.51.100.0/24"))
                .deny(Cidr.parse("198.51.100.7"))
                .connectRatePerIp(50)
                .set(Options.MAX_MESSAGES_PER_SECOND, 20)
                .set(Options.HANDSHAKE_TIMEOUT, Duration.ofSeconds(7))
                .start()) {
            assertThat(server.inForce())
                    .containsEntry(
                            "endpoints",
                            "127.0.0.1:%d,tls,proxy; unix:%s (mode 0600); to arrive 7.0 s"
                                    .formatted(server.address().getPort(), file))
                    .containsEntry("PROXY headers", "required of 192.0.2.0/28")
                    .containsEntry(
                            "access",
                            "allow 198.51.100.0/24; deny 198.51.100.7; 50 new connections a second from one address;"
                                    + " 20 messages a second of one session");
            assertThat(server.inForce().get("TLS"))
                    .matches("TLSv1.3, TLSv1.2; CN=test server until \\d{4}-\\d\\d-\\d\\d;"
                            + " clients must show a certificate");
            server.setClients(AccessList.OPEN);
            Await.until(
                    "the new list",
                    Duration.ofSeconds(30),
                    () -> server.inForce()
                            .get("access")
                            .equals(
                                    "50 new connections a second from one address; 20 messages a second of one session"));
        }
    }

    @Test
    void whatCannotBeHadInFullIsWarnedOf() throws Exception {
        try (ReactorServer server = echo().maxConnections(Integer.MAX_VALUE).start()) {
            int limit = FileDescriptors.limit();
            if (limit == Integer.MAX_VALUE) {
                return; // here it can be had
            }
            assertThat(server.warnings())
                    .anySatisfy(line -> assertThat(line).contains("only " + limit + " files", "ulimit -n"));
        }
    }

    /** Of a server that is not started: nothing must be sent to that address. */
    @Test
    void aNoticeSaysWhatItIsAboutAndAdvisesNoOptionOfACommandLine() {
        List<Notice> notices = InForce.notices(
                echo().announceTo(new InetSocketAddress("192.0.2.1", 9))
                        .requestMemory(1_000)
                        .maxConnections(Integer.MAX_VALUE)
                        .backlog(Integer.MAX_VALUE)
                        .settings(),
                new InetSocketAddress("127.0.0.1", 8888));
        assertThat(notices)
                .extracting(Notice::kind)
                .contains(Notice.Kind.ANNOUNCED_IN_VAIN, Notice.Kind.MESSAGES_TOO_LONG_FOR_MEMORY);
        assertThat(notices)
                .extracting(Notice::text)
                .contains("127.0.0.1 is announced to 192.0.2.1:9, where nobody can connect to it")
                .noneMatch(text -> text.contains("--"));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsAreRefusedWhereThereAreNone() {
        assertThatThrownBy(() -> echo().virtualThreads().start())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(
                        "Java 21 or newer; this is Java " + Runtime.version().feature());
    }

    @Test
    void twoServersOfOneBuilderAreIndependent() throws Exception {
        ReactorServer.Builder builder = echo();
        try (ReactorServer one = builder.start();
                ReactorServer other = builder.handler((session, message) -> session.send("other"))
                        .start();
                TestClient ofOne = TestClient.of(one);
                TestClient ofOther = TestClient.of(other)) {
            assertThat(ofOne.send("one\n").line()).isEqualTo("one");
            assertThat(ofOther.send("one\n").line()).isEqualTo("other");
        }
    }

    @Test
    void anErrorOfTheSelectorThreadEndsTheServerAndIsTold() throws Exception {
        Error error = new OutOfMemoryError("said by a test");
        AtomicBoolean fatal = new AtomicBoolean();
        LongSupplier clock = () -> {
            if (fatal.get() && Thread.currentThread().getName().endsWith("selector")) {
                throw error;
            }
            return System.nanoTime();
        };
        ReactorServer server = echo().clock(clock)
                .handler((session, message) -> fatal.set(true))
                .start();
        CompletableFuture<DrainReport> closed = server.whenClosed();
        assertThat(server.isRunning()).isTrue();
        try (TestClient client = TestClient.of(server)) {
            client.send("fatal\n");
            assertThatThrownBy(server::awaitEnd)
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(error);
            assertThat(client.rest()).isEmpty();
            assertThatThrownBy(() -> new TestClient(server.port())).hasMessageContaining("refused");
            assertThatThrownBy(server::close).hasCause(error);
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> closed.get(30, TimeUnit.SECONDS)).hasCause(error);
        }
    }

    @Test
    void aSessionKnowsItsPeerAndKeepsAnAttachment() throws Exception {
        AtomicReference<Session> seen = new AtomicReference<>();
        try (ReactorServer server = echo().handler((session, message) -> {
                            seen.set(session);
                            Object before = session.attachment();
                            session.attach(message);
                            session.send("before: " + before);
                        })
                        .start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("one\n").line()).isEqualTo("before: null");
            assertThat(client.send("two\n").line()).isEqualTo("before: one");
            assertThat(seen.get().id()).isEqualTo(1);
            assertThat(seen.get().peer()).isEqualTo(new InetSocketAddress("127.0.0.1", client.port()));
            assertThat(seen.get()).hasToString("1 127.0.0.1:" + client.port());
        }
    }

    @Test
    void theBeaconAnnouncesTheServerOnceASecond() throws Exception {
        try (DatagramSocket listener = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            listener.setSoTimeout(30_000);
            InetSocketAddress target = (InetSocketAddress) listener.getLocalSocketAddress();
            try (HandRun server = new HandRun(HandRun.echo().announceTo(target))) {
                server.settle();
                for (int i = 0; i < 3; i++) {
                    DatagramPacket packet = new DatagramPacket(new byte[1_000], 1_000);
                    listener.receive(packet);
                    String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                    assertThat(text).isEqualTo("reactor-server 127.0.0.1:" + server.port() + " line");
                    server.advance(Duration.ofSeconds(1));
                }
            }
        }
    }

    @Test
    void everyReasonSaysWhatItIs() {
        assertThat(List.of(CloseReason.values()))
                .extracting(CloseReason::toString)
                .doesNotHaveDuplicates()
                .allMatch(text -> text.matches("[a-zA-Z0-9 -]+"));
    }
}
