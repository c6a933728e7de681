package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
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
