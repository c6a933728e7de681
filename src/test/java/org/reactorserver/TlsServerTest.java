package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.wire.Tls;
import org.reactorserver.wire.TlsSession;

/** A whole server over TLS. */
@Timeout(120)
class TlsServerTest {
    private static final String LARGE = "x".repeat(50_000);

    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<TlsSession> sessions = new LinkedBlockingQueue<>();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private ReactorServer server;
    private SSLContext client;

    @BeforeEach
    void start() throws Exception {
        server = ReactorServer.builder(Framing.lines())
                .tls(Tls.pem(TestKeys.certificate("server"), TestKeys.key("server")))
                .port(0)
                .workers(2)
                .writeTimeout(Duration.ofSeconds(60))
                .observer(new ServerObserver() {
                    @Override
                    public void closed(Session session, CloseReason reason) {
                        ends.add(reason);
                    }
                })
                .handler((session, message) -> {
                    if (message.equals("wait")) {
                        awaitPermission();
                    }
                    sessions.add(session.tls());
                    session.send(message.equals("much") ? LARGE : message);
                })
                .start();
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(TestKeys.certificate("ca"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        client = SSLContext.getInstance("TLS");
        client.init(null, trust.getTrustManagers(), null);
    }

    private void awaitPermission() {
        try {
            mayAnswer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        mayAnswer.countDown();
        server.close();
    }

    private SSLSocket connect(String protocol) throws IOException {
        SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    private CloseReason awaitEnd() throws InterruptedException {
        return ends.poll(60, TimeUnit.SECONDS);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void messagesAreAnswered(String protocol) throws Exception {
        try (SSLSocket socket = connect(protocol)) {
            for (int i = 0; i < 200; i++) {
                send(socket, "message " + i + "\n");
                String expected = "message " + i + "\n";
                assertThat(socket.getInputStream().readNBytes(expected.length()))
                        .asString()
                        .isEqualTo(expected);
            }
            assertThat(sessions.take().protocol()).isEqualTo(protocol);
        }
        assertThat(awaitEnd()).isEqualTo(CloseReason.END_OF_STREAM);
    }

    @Test
    void aReaderThatIsSlowGetsEverything() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            int count = 400;
            send(socket, "much\n".repeat(count));
            socket.shutdownOutput();
            byte[] all = socket.getInputStream().readAllBytes();
            byte[] expected = (LARGE + "\n").repeat(count).getBytes(StandardCharsets.UTF_8);
            assertThat(Arrays.equals(all, expected))
                    .as("%d bytes of %d", all.length, expected.length)
                    .isTrue();
        }
        assertThat(awaitEnd()).isEqualTo(CloseReason.END_OF_STREAM);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, END_OF_STREAM, wait", "TLSv1.2, REPLIES_REFUSED, ''"})
    void aHalfCloseIsAnsweredByTls13(String protocol, CloseReason reason, String answer) throws Exception {
        try (SSLSocket socket = connect(protocol)) {
            send(socket, "wait\n");
            socket.shutdownOutput();
            if (protocol.equals("TLSv1.2")) {
                try (Socket other = connect(protocol)) { // the end has been read before another client is answered
                    send(other, "x\n");
                    other.getInputStream().read();
                }
            }
            mayAnswer.countDown();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim())
                    .isEqualTo(answer);
        }
        List<CloseReason> found = new ArrayList<>(List.of(awaitEnd()));
        if (protocol.equals("TLSv1.2")) {
            found.add(awaitEnd()); // the other one's is among them
        }
        assertThat(found).contains(reason);
    }

    @Test
    void anEndWithoutNoticeHasItsOwnReason() throws Exception {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(plain, "localhost", server.port(), false);
        send(socket, "hello\n");
        assertThat(socket.getInputStream().readNBytes(6)).asString().isEqualTo("hello\n");
        plain.shutdownOutput();
        assertThat(awaitEnd()).isEqualTo(CloseReason.TRUNCATED_STREAM);
        plain.close();
    }

    @Test
    void plainTextIsAnsweredWithNothingAndCounted() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            send(socket, "hello\n");
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        while (server.stats().closed().getOrDefault(CloseReason.NOT_TLS, 0L) == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDrainAnswersWhatHasArrived() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            send(socket, "hello\n");
            assertThat(socket.getInputStream().readNBytes(6)).asString().isEqualTo("hello\n");
            send(socket, "last\n");
            Thread drain = new Thread(() -> server.drain(Duration.ofSeconds(20)));
            drain.start();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("last\n");
            socket.shutdownOutput();
            drain.join();
        }
        assertThat(awaitEnd()).isEqualTo(CloseReason.SERVER_SHUTDOWN);
    }
}
