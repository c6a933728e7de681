package org.reactorserver.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client by {@link TlsTransport}, which waits for what it reads. */
final class TlsCaller implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final SocketChannel channel;
    private final Selector selector = Selector.open();
    private final SelectionKey key;
    private final TlsTransport transport;
    private final StringBuilder received = new StringBuilder();
    private boolean ended;

    TlsCaller(ClientTls tls, int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.configureBlocking(false);
        key = channel.register(selector, 0);
        transport = new TlsTransport(
                new PlainTransport(channel), tls.engine("localhost", port), new TlsBuffers(), Runnable::run, () -> {});
        while (!transport.isEstablished() && !ended) {
            read();
        }
    }

    TlsSession session() {
        return transport.tls();
    }

    void send(String text) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (from.hasRemaining() || transport.holdsOutput()) {
            transport.write(from);
        }
    }

    /** Reads until this has come, or the end. Returns all that has come. */
    String await(String text) throws IOException {
        while (received.indexOf(text) < 0 && !ended) {
            read();
        }
        return received.toString();
    }

    private void read() throws IOException {
        if (!transport.holdsInput()) {
            key.interestOps(transport.interestOps(true, false));
            if (selector.select(PATIENCE_MILLIS) == 0) {
                throw new AssertionError("nothing came; so far: " + received);
            }
            selector.selectedKeys().clear();
        }
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        ended = transport.read(buffer) < 0;
        received.append(StandardCharsets.UTF_8.decode(buffer.flip()));
    }

    @Override
    public void close() throws IOException {
        transport.close(false);
        selector.close();
    }
}
