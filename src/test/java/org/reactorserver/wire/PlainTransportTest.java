package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport that is the socket and nothing else. */
@Timeout(60)
class PlainTransportTest {
    private SocketChannel client;
    private SocketChannel accepted;
    private PlainTransport transport;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client = SocketChannel.open(listener.getLocalAddress());
            accepted = listener.accept();
        }
        transport = new PlainTransport(accepted);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        accepted.close();
    }

    @Test
    void itHoldsNothing() throws IOException {
        assertThat(transport.isEstablished()).isTrue();
        assertThat(transport.holdsInput()).isFalse();
        assertThat(transport.holdsOutput()).isFalse();
        assertThat(transport.heapBytes()).isZero();
        assertThat(transport.isReadBlocked()).isFalse();
        assertThat(transport.mostUnread()).isEqualTo(accepted.getOption(StandardSocketOptions.SO_RCVBUF));
        assertThat(transport.end()).isEqualTo(Transport.End.ORDERLY);
    }

    @Test
    void itAsksForWhatIsWanted() {
        assertThat(transport.interestOps(false, false)).isZero();
        assertThat(transport.interestOps(true, false)).isEqualTo(SelectionKey.OP_READ);
        assertThat(transport.interestOps(false, true)).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(transport.interestOps(true, true)).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    @Test
    void itsAddressIsKnownWhileItIsOpen() throws IOException {
        assertThat(transport.localAddress()).isEqualTo(client.getRemoteAddress());
        transport.close(false);
        assertThat(transport.localAddress()).isNull();
    }

    @Test
    void aCloseEndsTheStreamAndCuttingOffResetsIt() throws IOException {
        transport.close(false);
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        connect();
        transport.close(true);
        assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }

    @Test
    void itsOutputMayEndBeforeItsInput() throws IOException {
        assertThat(transport.endOutput()).isTrue();
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(new PlainTransport(client).write(ByteBuffer.wrap(new byte[] {7})))
                .isEqualTo(1);
        ByteBuffer read = ByteBuffer.allocate(1);
        assertThat(transport.read(read)).isEqualTo(1);
        assertThat(read.get(0)).isEqualTo((byte) 7);
    }
}
