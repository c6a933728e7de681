package org.reactorserver.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.client.Discovery.Found;
import org.reactorserver.framing.Framing;

@Timeout(60)
class DiscoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void findsWhoAnnouncesItself() throws Exception {
        assertThat(heardFrom("reactor-server 127.0.0.1:8888 line"))
                .contains(new Found(new InetSocketAddress("127.0.0.1", 8888), Framing.lines(), UTF_8));
    }

    @Test
    void findsAnIpv6Address() throws Exception {
        assertThat(heardFrom("reactor-server [::1]:65535 length"))
                .contains(new Found(new InetSocketAddress("::1", 65_535), Framing.lengthPrefixed(), UTF_8));
    }

    @Test
    void whoListensEverywhereIsWhereTheDatagramComesFrom() throws Exception {
        assertThat(heardFrom("reactor-server 0.0.0.0:8888 chunk"))
                .contains(new Found(new InetSocketAddress("127.0.0.1", 8888), Framing.chunks(), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "reactor-server",
                "reactor-server 127.0.0.1:8888 morse",
                "reactor-server 127.0.0.1:99999 chunk",
                "reactor-server 127.0.0.1:8888 chunk and more",
                "reactor-server localhost:8888 chunk",
                "reactor-server 999.0.0.1:8888 chunk",
                "reactor-server 1.2.3.4.5:8888 chunk",
                "reactor-server dead.beef:8888 chunk", // a host name in hexadecimal disguise
                "reactor-server [::1:8888 chunk",
                "reactor-server [1:2]:8888 chunk",
                "reactor-server 1111111:8888 chunk", // one number is an address of 32 bits for the resolver
                "reactor-server 1.2.3:8888 chunk",
                "reactor-server 999.999.999.999:8888 chunk", // would be looked up as a name
                "reactor-server 127.0.0.01:8888 chunk", // octal for some
                "reactor-server 127.0.0.1:0 chunk",
                "reactor-server [127.0.0.1]:8888 chunk",
                "reactor-server 192.0.2.1:8888 chunk", // not where it comes from
                "reactor-server [2001:db8::1]:8888 chunk",
                "收到客户端信息"
            })
    void passesOverWhatIsNoAnnouncement(String text) throws Exception {
        assertThat(heardFrom(text, "reactor-server 127.0.0.2:1 chunk"))
                .contains(new Found(new InetSocketAddress("127.0.0.2", 1), Framing.chunks(), UTF_8));
    }

    @Test
    void findsNobodyInTime() throws IOException {
        assertThat(Discovery.find(freePort(), Duration.ofMillis(50))).isEmpty();
    }

    /** Announces all of that over and over, until a server is found. */
    private static Optional<Found> heardFrom(String... announcements) throws Exception {
        int port = freePort();
        Callable<Optional<Found>> find = () -> Discovery.find(port, PATIENCE);
        FutureTask<Optional<Found>> search = new FutureTask<>(find);
        Thread thread = new Thread(search, "discovery");
        thread.setDaemon(true);
        thread.start();
        try (DatagramSocket announcer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress target = new InetSocketAddress(announcer.getLocalAddress(), port);
            while (true) {
                for (String announcement : announcements) {
                    byte[] bytes = announcement.getBytes(UTF_8);
                    announcer.send(new DatagramPacket(bytes, bytes.length, target));
                }
                try {
                    return search.get(10, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    continue; // it may not have been listening yet
                } catch (ExecutionException e) {
                    throw new AssertionError("the search has failed", e.getCause());
                }
            }
        }
    }

    /** A UDP port that was free a moment ago. */
    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
