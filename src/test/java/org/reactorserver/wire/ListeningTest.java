package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.SystemProvider;
import org.reactorserver.wire.ListenException.Reason;

@Timeout(60)
class ListeningTest {
    private static final Listening USUAL = new Listening(16, true, false, 0);

    private static ServerSocketChannel listen(String host) throws IOException {
        return USUAL.bind(SelectorProvider.provider(), Endpoint.tcp(host, 0)).channel();
    }

    private static int port(ServerSocketChannel listener) throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private static void assertAccepts(ServerSocketChannel listener, String host) throws IOException {
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress(host, port(listener)))) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "localhost"})
    void atAnIpv4AddressOnlyIpv4IsSpoken(String host) throws IOException {
        assumeTrue(InetAddress.getByName("localhost").getAddress().length == 4, "localhost is ::1 here");
        try (ServerSocketChannel listener = listen(host)) {
            assertThat(listener.isBlocking()).isFalse();
            assertAccepts(listener, "127.0.0.1");
            assumeTrue(hasIpv6(), "there is no ::1 here");
            int port = port(listener);
            assertThatThrownBy(() -> SocketChannel.open(new InetSocketAddress("::1", port)))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void atAllAddressesOfIpv6BothAreSpoken() throws IOException {
        assumeTrue(hasIpv6(), "there is no ::1 here");
        try (ServerSocketChannel listener = listen("::")) {
            assertAccepts(listener, "::1");
            assertAccepts(listener, "127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1"})
    void itTellsThePortThatItHasGotAndTheHostThatWasAskedFor(String host) throws IOException {
        Bound bound = USUAL.bind(SelectorProvider.provider(), Endpoint.tcp(host, 0));
        int port = port(bound.channel());
        assertThat(bound.address()).isEqualTo(new InetSocketAddress(host, port));
        assertThat(bound).hasToString(host + ":" + port);
        bound.close();
        assertThat(bound.address()).isNull();
        assertThat(bound).hasToString(host + ":0");
    }

    @Test
    void aSocketThatIsInheritedIsWhereItIsBound() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("0.0.0.0", 0))) {
            Bound bound = new Bound(Endpoint.inherit(), listener, null);
            assertThat(bound.address()).isEqualTo(listener.getLocalAddress());
            assertThat(bound.toString()).endsWith(":" + port(listener));
        }
    }

    @Test
    void theOptionsAreSet() throws IOException {
        Listening listening = new Listening(16, false, true, 100_000);
        try (ServerSocketChannel listener = listening
                .bind(SelectorProvider.provider(), Endpoint.tcp("127.0.0.1", 0))
                .channel()) {
            assertThat(listener.getOption(StandardSocketOptions.SO_REUSEADDR)).isFalse();
            assertThat(listener.getOption(StandardSocketOptions.SO_REUSEPORT)).isTrue();
            assertThat(listener.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(100_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "0.0.0.0"})
    void aPortThatIsTaken(String host) throws IOException {
        try (ServerSocketChannel other = listen(host)) {
            Endpoint endpoint = Endpoint.tcp(host, port(other));
            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> USUAL.bind(SelectorProvider.provider(), endpoint))
                    .withMessageStartingWith("cannot listen on " + endpoint + ": ")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE))
                    .satisfies(e -> assertThat(e.endpoint()).isSameAs(endpoint))
                    .satisfies(e -> assertThat(e.getCause()).isNotNull());
        }
    }

    @Test
    void anAddressOfAnotherMachine() {
        assertThatExceptionOfType(ListenException.class)
                .isThrownBy(() -> listen("203.0.113.1"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_HERE));
    }

    @Test
    void aHostThatDoesNotExist() {
        assertThatThrownBy(() -> listen("no:such:host"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("cannot listen on [no:such:host]:0: there is no such host");
    }

    /** A channel that cannot be bound: the system's text is in the user's language, so the port tells the reason. */
    @ParameterizedTest
    @CsvSource({"1, NOT_ALLOWED", "1023, NOT_ALLOWED", "1024, OTHER", "0, OTHER"})
    void aPortThatOnlyTheAdministratorMayUse(int port, Reason reason) {
        SystemProvider provider = new SystemProvider() {
            @Override
            public ServerSocketChannel openServerSocketChannel() throws IOException {
                return new Forbidden(super.openServerSocketChannel());
            }
        };
        Endpoint endpoint = Endpoint.tcp("127.0.0.1", port);
        assertThatExceptionOfType(ListenException.class)
                .isThrownBy(() -> USUAL.bind(provider, endpoint))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .satisfies(e -> assertThat(e.endpoint()).isSameAs(endpoint));
    }

    private static final class Forbidden extends ServerSocketChannel {
        private final ServerSocketChannel real;

        Forbidden(ServerSocketChannel real) {
            super(real.provider());
            this.real = real;
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
            throw new SocketException("Permission denied");
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
            real.setOption(name, value);
            return this;
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return real.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return real.supportedOptions();
        }

        @Override
        public ServerSocket socket() {
            return real.socket();
        }

        @Override
        public SocketChannel accept() throws IOException {
            return real.accept();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return real.getLocalAddress();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            real.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            real.configureBlocking(block);
        }
    }

    @Test
    void aProviderMayKnowOneKindOfChannelOnly() throws IOException {
        try (ServerSocketChannel listener =
                USUAL.bind(new SystemProvider(), Endpoint.tcp("127.0.0.1", 0)).channel()) {
            assertAccepts(listener, "127.0.0.1");
        }
    }

    @Test
    void aBufferOfZeroIsLeftToTheSystem() throws IOException {
        try (ServerSocketChannel fresh = ServerSocketChannel.open();
                ServerSocketChannel listener = listen("127.0.0.1")) {
            assertThat(listener.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isEqualTo(fresh.getOption(StandardSocketOptions.SO_RCVBUF));
        }
    }

    @Test
    void whatFailsLeavesNothingOpen() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "not Linux");
        try (ServerSocketChannel other = listen("127.0.0.1")) {
            Endpoint taken = Endpoint.tcp("127.0.0.1", port(other));
            int before = descriptors.toFile().list().length;
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> USUAL.bind(SelectorProvider.provider(), taken))
                        .isInstanceOf(ListenException.class);
            }
            assertThat(descriptors.toFile().list().length - before).isLessThan(50);
        }
    }
}
