package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1:1", "::, [::]:1", "[::1], [::1]:1", "localhost, localhost:1"})
    void itsText(String host, String text) {
        assertThat(Endpoint.tcp(host, 1)).hasToString(text);
    }

    @Test
    void aPortThatThereCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.tcp("127.0.0.1", 65_536));
    }

    @Test
    void otherKinds() {
        assertThat(Endpoint.unix(Path.of("/run/server.sock"))).hasToString("unix:/run/server.sock");
        assertThat(Endpoint.inherit()).hasToString("inherit");
        assertThat(Endpoint.unix(Path.of("s")).mode()).isEqualTo(0660);
        assertThat(Endpoint.unix(Path.of("s")).withMode(0600).mode()).isEqualTo(0600);
        assertThat(Endpoint.unix(Path.of("s")).withMode(0).mode()).isZero();
        assertThat(Endpoint.unix(Path.of("s")).withMode(0777).path()).isEqualTo(Path.of("s"));
    }

    @Test
    void ofTcpTheHostAndThePort() {
        Endpoint tcp = Endpoint.tcp("localhost", 65_535);
        assertThat(tcp.kind()).isEqualTo(Endpoint.Kind.TCP);
        assertThat(tcp.host()).isEqualTo("localhost");
        assertThat(tcp.port()).isEqualTo(65_535);
        assertThat(tcp.withMode(0600).mode()).as("only a file has one").isZero();
        assertThat(tcp.withMode(0600).port()).isEqualTo(65_535);
        assertThat(Endpoint.tcp("localhost", 0).port()).isZero();
        assertThat(Endpoint.inherit().host()).isNull();
    }

    @Test
    void whereItIsBound() throws IOException {
        Listening listening = new Listening(1, true, false, 0);
        Endpoint all = Endpoint.tcp("0.0.0.0", 0);
        Bound bound = listening.bind(SelectorProvider.provider(), all);
        assertThat(bound.endpoint()).isSameAs(all);
        int port = bound.address().getPort();
        assertThat(port).isPositive();
        assertThat(bound.address()).as("as it was asked for").isEqualTo(new InetSocketAddress("0.0.0.0", port));
        assertThat(bound).hasToString("0.0.0.0:" + port);
        bound.removeFile(); // has none
        bound.close();
        assertThat(bound.channel().isOpen()).isFalse();
        assertThat(bound.address()).isNull();
        assertThat(bound).as("closed").hasToString("0.0.0.0:0");
        try (ServerSocketChannel local = listening
                .bind(SelectorProvider.provider(), Endpoint.tcp("127.0.0.1", 0))
                .channel()) {
            assertThat(((InetSocketAddress) local.getLocalAddress()).getAddress())
                    .isEqualTo(InetAddress.getByName("127.0.0.1"));
        }
    }

    @Test
    void aUserIsTheSameByNameAndGroup() {
        UnixPeer peer = new UnixPeer("user", "group");
        assertThat(peer).isEqualTo(new UnixPeer("user", "group")).hasSameHashCodeAs(new UnixPeer("user", "group"));
        assertThat(peer).isNotEqualTo(new UnixPeer("user", "other")).isNotEqualTo(new UnixPeer("other", "group"));
        assertThat(peer).isNotEqualTo("user:group").hasToString("user:group");
        assertThat(peer.hashCode()).isNotEqualTo(new UnixPeer("other", "other").hashCode());
        assertThat(peer.user()).isEqualTo("user");
        assertThat(peer.group()).isEqualTo("group");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, true", "1, 0, 0, false", "0, 1, 0, false", "0, 0, 1, false"})
    void whatIsLeftToTheSystem(int idle, int interval, int count, boolean isSystems) {
        assertThat(new KeepAlive(idle, interval, count).isSystems()).isEqualTo(isSystems);
    }

    @Test
    void howOftenThePeerIsAsked() throws IOException {
        try (SocketChannel tcp = SocketChannel.open()) {
            new KeepAlive(0, 5, 0).apply(tcp);
            assertThat(tcp.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 01000})
    void aModeThatThereCannotBe(int mode) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.unix(Path.of("s")).withMode(mode));
    }

    @Test
    void theKernelAsksSilentPeersWhenItIsToldTo() throws IOException {
        try (SocketChannel tcp = SocketChannel.open();
                SocketChannel unix = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            int before = tcp.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL);
            new KeepAlive(77, 0, 3).apply(tcp);
            assertThat(tcp.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(77);
            assertThat(tcp.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(before);
            assertThat(tcp.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
            new KeepAlive(77, 7, 3).apply(unix); // has none of them
            assertThat(UnixPeer.of(tcp)).isNull();
        }
    }
}
