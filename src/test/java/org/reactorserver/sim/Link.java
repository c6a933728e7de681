package org.reactorserver.sim;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.FakeServerSocketChannel;
import org.reactorserver.testkit.net.FakeSocketChannel;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/**
 * A listener, one connection that it has accepted and its peer, for scripts that run over the real
 * kernel and over the fake one and must see the same.
 */
abstract class Link implements Closeable {
    private static final int CHUNK = 50_000;

    final ServerSocketChannel listener;
    final SocketChannel server;
    final SelectionKey key;
    final Selector selector;

    private Link(SelectorProvider provider) throws IOException {
        selector = provider.openSelector();
        listener = provider.openServerSocketChannel();
        listener.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        connect();
        settle();
        server = listener.accept();
        server.configureBlocking(false);
        server.setOption(StandardSocketOptions.SO_SNDBUF, CHUNK);
        key = server.register(selector, SelectionKey.OP_READ);
    }

    /** A process connects; false if it is refused. The first one is the peer. */
    abstract boolean connect() throws IOException;

    abstract void peerSends(int count) throws IOException;

    abstract void peerEnds() throws IOException;

    abstract void peerCloses() throws IOException;

    abstract void peerResets() throws IOException;

    abstract int peerReads(ByteBuffer target) throws IOException;

    /** Until everything that is under way has arrived. */
    abstract void settle();

    static Link fake() throws IOException {
        return new Fake(new FakeNetwork(new World() {}));
    }

    static Link real() throws IOException {
        return new Real();
    }

    // -- the server's side

    /** What a select finds at the connection with this interest: {@code r}, {@code w}, both, none. */
    String select(int interest) throws IOException {
        settle();
        key.interestOps(interest);
        StringBuilder found = new StringBuilder("select:");
        selector.selectNow(ready -> {
            if (ready == key) {
                found.append(ready.isReadable() ? "r" : "").append(ready.isWritable() ? "w" : "");
            }
        });
        return found.toString();
    }

    String read() {
        try {
            return "read " + server.read(ByteBuffer.allocate(CHUNK));
        } catch (IOException e) {
            return "read fails";
        }
    }

    String write(int count) {
        try {
            return "wrote " + server.write(ByteBuffer.allocate(count));
        } catch (IOException e) {
            return "write fails";
        }
    }

    /** Writes until no more is taken; returns how much was. */
    int fill() throws IOException {
        int total = 0;
        int count;
        while ((count = server.write(ByteBuffer.allocate(CHUNK))) > 0 || hasRoomAfterAll()) {
            total += count;
        }
        return total;
    }

    private boolean hasRoomAfterAll() throws IOException {
        settle();
        key.interestOps(SelectionKey.OP_WRITE);
        return selector.selectNow(ready -> {}) > 0;
    }

    /** The peer reads up to the end of what is there, of the stream, or of the connection. */
    String peerReads() {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        int total = 0;
        try {
            int count = 0;
            for (int pauses = 0; pauses < 2 && count >= 0; pauses += count == 0 ? 1 : 0) {
                if (count == 0) {
                    settle();
                }
                count = peerReads(buffer.clear());
                total += Math.max(0, count);
            }
            return total + (count < 0 ? " and the end" : "");
        } catch (IOException e) {
            return total + " and a reset";
        }
    }

    private static final class Fake extends Link {
        private Wire wire;
        private final FakeNetwork network;

        // the constructor of Link connects before the fields here are set
        private Fake(FakeNetwork network) throws IOException {
            super(network);
            this.network = network;
            this.wire = ((FakeSocketChannel) server).wire();
        }

        @Override
        boolean connect() {
            FakeServerSocketChannel fake = (FakeServerSocketChannel) listener;
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            return fake.isListening() && fake.offer(new Wire(address, CHUNK, 4096));
        }

        @Override
        void peerSends(int count) throws IOException {
            wire.peer.write(ByteBuffer.allocate(count), count);
        }

        @Override
        void peerEnds() {
            wire.peer.shutdownOutput();
        }

        @Override
        void peerCloses() {
            wire.peer.close();
        }

        @Override
        void peerResets() {
            wire.peer.abort();
        }

        @Override
        int peerReads(ByteBuffer target) throws IOException {
            return wire.peer.read(target, CHUNK);
        }

        @Override
        void settle() {
            while (wire != null && (wire.peer.canTransfer() || wire.server.canTransfer())) {
                if (wire.peer.canTransfer()) {
                    wire.peer.transfer(Integer.MAX_VALUE);
                }
                if (wire.server.canTransfer()) {
                    wire.server.transfer(Integer.MAX_VALUE);
                }
            }
        }

        @Override
        public void close() throws IOException {
            network.selector().close();
        }
    }

    private static final class Real extends Link {
        private static final int SETTLE_MILLIS = 20;

        private SocketChannel peer;

        private Real() throws IOException {
            super(SelectorProvider.provider());
        }

        @Override
        boolean connect() throws IOException {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            try {
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listenerPort()));
            } catch (IOException e) {
                return false;
            }
            channel.configureBlocking(false);
            peer = peer == null ? channel : peer;
            return true;
        }

        private int port;

        private int listenerPort() throws IOException {
            port = listener.isOpen() ? listener.socket().getLocalPort() : port;
            return port;
        }

        @Override
        void peerSends(int count) throws IOException {
            peer.write(ByteBuffer.allocate(count));
        }

        @Override
        void peerEnds() throws IOException {
            peer.shutdownOutput();
        }

        @Override
        void peerCloses() throws IOException {
            peer.close();
        }

        @Override
        void peerResets() throws IOException {
            peer.setOption(StandardSocketOptions.SO_LINGER, 0);
            peer.close();
        }

        @Override
        int peerReads(ByteBuffer target) throws IOException {
            return peer.read(target);
        }

        @Override
        void settle() {
            try {
                Thread.sleep(SETTLE_MILLIS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws IOException {
            peer.close();
            server.close();
            listener.close();
            selector.close();
        }
    }
}
