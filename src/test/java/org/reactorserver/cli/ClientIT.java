package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.FakeServer;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Ports;

/** {@code client}, as a process, against our server and against a thread for each client. */
class ClientIT {
    private static final String REPLY = "收到客户端信息";

    @ParameterizedTest
    @ValueSource(strings = {"--count 3", "--count 300", "--one-at-a-time --gap 10ms", "--together"})
    void getsItsRepliesFromOurServer(String options) throws IOException {
        try (JarProcess server = JarProcess.serve("--transcript", "all");
                JarProcess client = client(server.port(), options)) {
            assertAllReplied(client, options.equals("--count 300") ? 300 : 3);
            server.awaitOut(options.equals("--count 300") ? 300 : 3, line -> line.startsWith("- "));
            assertThat(server.out()).anyMatch(line -> line.endsWith(" 客户端3正在连接"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count 3", "--one-at-a-time --gap 10ms", "--together"})
    void getsItsRepliesFromAThreadForEachClient(String options) throws IOException {
        try (FakeServer server = new FakeServer(FakeServer.answering(REPLY));
                JarProcess client = client(server.port(), options)) {
            assertAllReplied(client, 3);
        }
    }

    private static void assertAllReplied(JarProcess client, int count) {
        assertThat(client.exitCode()).as("%s", client).isZero();
        Stream<String> lines = IntStream.rangeClosed(1, count).mapToObj(id -> "client " + id + " received: " + REPLY);
        String total = "%d clients: %d replied, 0 failed".formatted(count, count);
        assertThat(client.out())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(lines, Stream.of(total)).toList())
                .endsWith(total);
        assertThat(client.err()).isEmpty();
    }

    @Test
    void findsTheServerThatAnnouncesItself() throws IOException {
        String port = Integer.toString(Ports.freeUdp());
        try (JarProcess client = JarProcess.start("client", "--discover", port, "--count", "2", "--timeout", "30s");
                JarProcess server =
                        JarProcess.serve("--announce", "127.0.0.1:" + port, "--framing", "line", "--echo")) {
            assertThat(client.exitCode()).as("%s%n%s", client, server).isZero();
            assertThat(client.out())
                    .containsExactlyInAnyOrder(
                            "client 1 received: 客户端1正在连接",
                            "client 2 received: 客户端2正在连接",
                            "2 clients: 2 replied, 0 failed");
            assertThat(client.err()).containsExactly("found a server at 127.0.0.1:" + server.port() + ", line framing");
        }
    }

    @Test
    void saysOfEachClientWhyItFailed() throws IOException {
        try (Socket bound = new Socket()) { // bound and not listening
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (JarProcess client = client(bound.getLocalPort(), "--count 2")) {
                assertFailed(client, "connection refused");
            }
        }
    }

    @Test
    void doesNotWaitForEverForAReply() throws IOException {
        try (FakeServer server = new FakeServer(client -> {
                    while (!FakeServer.receive(client).isEmpty()) {}
                });
                JarProcess client = client(server.port(), "--count 2 --timeout 200ms")) {
            assertFailed(client, "no reply within 200 ms (sent, waiting for the reply)");
        }
    }

    private static void assertFailed(JarProcess client, String reason) {
        assertThat(client.exitCode()).as("%s", client).isEqualTo(1);
        assertThat(client.out())
                .isEqualTo(List.of(
                        "client 1 failed: " + reason, "client 2 failed: " + reason, "2 clients: 0 replied, 2 failed"));
    }

    private static JarProcess client(int port, String options) {
        return JarProcess.start(
                Stream.concat(Stream.of("client", "--port", Integer.toString(port)), Stream.of(options.split(" ")))
                        .toArray(String[]::new));
    }
}
