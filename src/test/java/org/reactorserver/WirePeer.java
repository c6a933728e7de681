package org.reactorserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;

/** A client in clear on a network in memory; nothing that it is sent arrives until it takes it. */
final class WirePeer {
    private static final int RECEIVE_BUFFER = 1 << 21;

    final Wire wire;

    /** Connects; the server has yet to accept it. Port and host are made up. */
    WirePeer(FakeNetwork network, int sendBufferOfServer) {
        wire = new Wire(new InetSocketAddress("127.0.0.2", 10_000), sendBufferOfServer, RECEIVE_BUFFER);
        if (!network.listeners().get(0).offer(wire)) {
            throw new AssertionError("the backlog is full");
        }
    }

    /** Has it stand in the server's buffer. */
    WirePeer send(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        wire.peer.write(ByteBuffer.wrap(bytes), bytes.length);
        wire.peer.transfer(bytes.length);
        return this;
    }

    /** Takes what the server has sent so far. */
    String take() throws IOException {
        wire.server.transfer(Integer.MAX_VALUE);
        ByteBuffer taken = ByteBuffer.allocate(Math.max(1, wire.peer.readable()));
        wire.peer.read(taken, taken.remaining());
        return UTF_8.decode(taken.flip()).toString();
    }
}
