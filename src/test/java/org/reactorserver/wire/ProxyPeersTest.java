package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.HaProxy;
import org.reactorserver.helper.Ports;

/** What a real HAProxy sends. */
@Timeout(120)
class ProxyPeersTest {
    private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);

    private Path directory;
    private Process process;
    private ServerSocketChannel server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        assumeTrue(HaProxy.isInstalled(), "no HAProxy here");
        directory = Files.createTempDirectory(Path.of("/tmp"), "proxy");
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = Ports.freeTcp();
    }

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            process.destroy();
            process.waitFor();
        }
        if (directory != null) {
            server.close();
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private Path unix() {
        return directory.resolve("s");
    }

    /** In front of the server, at a port and at a Unix socket. */
    private void startProxy(String options) throws IOException {
        int behind = ((InetSocketAddress) server.getLocalAddress()).getPort();
        Path file = Files.writeString(directory.resolve("cfg"), """
                defaults
                    mode tcp
                    timeout connect 30s
                    timeout client 30s
                    timeout server 30s
                listen both
                    bind 127.0.0.1:%d
                    bind unix@%s
                    unique-id-format %%[uuid]
                    server one 127.0.0.1:%d %s
                """.formatted(port, unix(), behind, options));
        process = new ProcessBuilder("haproxy", "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Await.until("HAProxy's socket", ChildProcess.PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("HAProxy has ended: " + Files.readString(directory.resolve("log")));
            }
            return Files.exists(unix());
        });
    }

    /** Says hello by the proxy. Returns who the server was told that it is. */
    private SocketAddress toldOf(SocketChannel client) throws IOException {
        client.write(ByteBuffer.wrap(HELLO));
        try (SocketChannel accepted = server.accept()) {
            ProxyTransport transport = new ProxyTransport(new PlainTransport(accepted));
            ByteBuffer read = ByteBuffer.allocate(64);
            while (read.position() < HELLO.length) {
                assertThat(transport.read(read)).isNotNegative();
            }
            assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(HELLO));
            return transport.header().source();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "send-proxy",
                "send-proxy-v2",
                "send-proxy-v2 proxy-v2-options crc32c",
                "send-proxy-v2 proxy-v2-options crc32c,unique-id,authority,ssl,cert-cn"
            })
    void theClientIsToldOf(String options) throws IOException {
        startProxy(options);
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            assertThat(toldOf(client)).isEqualTo(client.getLocalAddress());
        }
    }

    /** In version 2 it is called the proxy's own connection, and has to be served all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c"})
    void aClientWithoutAddressIsServedToo(String options) throws IOException {
        startProxy(options);
        try (SocketChannel client = connectToFile()) {
            assertThat(toldOf(client)).isNull();
        }
    }

    /** Its file is there a moment before it listens. */
    private SocketChannel connectToFile() {
        SocketChannel[] client = new SocketChannel[1];
        Await.until("HAProxy listens at its file", ChildProcess.PATIENCE, () -> {
            try {
                client[0] = SocketChannel.open(UnixDomainSocketAddress.of(unix()));
                return true;
            } catch (ConnectException e) {
                return false;
            }
        });
        return client[0];
    }

    /** A header and then the end, or a reset; no client is reported. */
    @ParameterizedTest
    @ValueSource(strings = {"send-proxy-v2", "send-proxy"})
    void aCheckIsNoClient(String version) throws IOException {
        startProxy(version + " check check-send-proxy inter 50ms");
        for (int i = 0; i < 3; i++) {
            try (SocketChannel accepted = server.accept()) {
                ProxyTransport transport = new ProxyTransport(new PlainTransport(accepted));
                ByteBuffer nothing = ByteBuffer.allocate(64);
                assertThat(readToTheEnd(transport, nothing)).isZero();
                if (transport.header() != null && version.equals("send-proxy-v2")) {
                    assertThat(transport.header().source()).isNull();
                }
            }
        }
    }

    private static int readToTheEnd(ProxyTransport transport, ByteBuffer into) {
        try {
            while (transport.read(into) >= 0) {
                continue;
            }
        } catch (ProxyException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            return into.position(); // a reset
        }
        return into.position();
    }

    @Test
    void withoutAHeaderItIsRefused() throws IOException {
        startProxy("");
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            client.write(ByteBuffer.wrap(HELLO));
            try (SocketChannel accepted = server.accept()) {
                ProxyTransport transport = new ProxyTransport(new PlainTransport(accepted));
                assertThatExceptionOfType(ProxyException.class)
                        .isThrownBy(() -> transport.read(ByteBuffer.allocate(64)))
                        .withMessageStartingWith("no PROXY header: the connection begins with 'hello\\n'");
            }
        }
    }
}
