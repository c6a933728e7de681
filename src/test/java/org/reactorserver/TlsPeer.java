package org.reactorserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.reactorserver.sim.FakeTls;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/** A client of {@link FakeTls} on a network in memory; nothing that it is sent arrives until it takes it. */
final class TlsPeer {
    /** What a record has in bytes beside what it says. */
    static final int OVERHEAD = FakeTls.record(FakeTls.DATA, new byte[0], 0, true).length;

    private final Wire wire;
    private int said;

    /** Connects. Port and host are made up. */
    TlsPeer(FakeNetwork network, String host, int sendBufferOfServer) {
        wire = new Wire(new InetSocketAddress(host, 10_000), sendBufferOfServer, 5_000);
        if (!network.listeners().get(0).offer(wire)) {
            throw new AssertionError("the backlog is full");
        }
    }

    /** Has the server speak TLS 1.3 on such a network. */
    static ReactorServer.Builder on(FakeNetwork network, ReactorServer.Builder builder) {
        return builder.selectorProvider(network).tls(FakeTls.afterTrial(FakeTls.context(true, new World() {})));
    }

    private void say(int type, byte[] clear) throws IOException {
        byte[] record = FakeTls.record(type, clear, said, said > 0);
        said++;
        put(record, record.length);
    }

    private void put(byte[] bytes, int count) throws IOException {
        wire.peer.write(ByteBuffer.wrap(bytes), count);
        wire.peer.transfer(count);
    }

    /** Begins the handshake, and waits for the server's answer. */
    TlsPeer greet(HandRun server) throws IOException {
        int room = wire.server.writable();
        say(FakeTls.HANDSHAKE, FakeTls.HELLO);
        server.until("the server's flight", () -> wire.server.writable() < room);
        return this;
    }

    /** Ends the handshake. */
    TlsPeer finish() throws IOException {
        say(FakeTls.HANDSHAKE, FakeTls.FINISHED);
        return this;
    }

    /** Updates its keys, and wants the server to do so too. */
    TlsPeer update() throws IOException {
        say(FakeTls.HANDSHAKE, FakeTls.KEY_UPDATE);
        return this;
    }

    TlsPeer send(String text) throws IOException {
        say(FakeTls.DATA, text.getBytes(UTF_8));
        return this;
    }

    /** Sends a record of such a length, but for its last byte; nothing can follow. */
    TlsPeer begin(int length) throws IOException {
        put(FakeTls.record(FakeTls.DATA, new byte[length], said, true), length);
        return this;
    }

    /** Says that nothing follows. */
    TlsPeer end() throws IOException {
        say(FakeTls.ALERT, FakeTls.CLOSE_NOTIFY);
        return this;
    }

    /** Takes what the server has sent so far. */
    void take() throws IOException {
        take(Integer.MAX_VALUE);
    }

    /** The same, at most so many bytes of it. */
    void take(int most) throws IOException {
        wire.server.transfer(most);
        wire.peer.read(ByteBuffer.allocate(5_000), 5_000);
    }
}
