package org.reactorserver.testkit.net;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * A listener. Closed, it still takes connections into its backlog until the next select; then every client that
 * stands there is reset. A failed {@code accept()} leaves the connection pending and the channel ready.
 */
public final class FakeServerSocketChannel extends ServerSocketChannel implements FakeChannel {
    private final Kernel kernel;
    private final ArrayDeque<Wire> pending = new ArrayDeque<>();
    private SocketAddress address;
    private int backlog;
    private boolean listening;
    private int taken;

    FakeServerSocketChannel(SelectorProvider provider, Kernel kernel) {
        super(provider);
        this.kernel = kernel;
    }

    /** Whether one can connect to it. */
    public boolean isListening() {
        return listening;
    }

    /** Whether somebody has connected whom the server has not accepted yet. */
    public boolean isAwaited() {
        return listening && !pending.isEmpty();
    }

    /** How many connections the server has accepted here. */
    public int taken() {
        return taken;
    }

    /** A peer's connect: false if the backlog is full, and then the peer has to try again. */
    public boolean offer(Wire wire) {
        return pending.size() < backlog && pending.add(wire);
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) {
        this.address = local;
        this.backlog = backlog;
        this.listening = true;
        return this;
    }

    @Override
    public SocketChannel accept() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        kernel.world.pause();
        IOException failure = kernel.world.acceptFailure(this);
        if (failure != null) {
            throw failure;
        }
        if (pending.isEmpty()) {
            return null;
        }
        taken++;
        Wire wire = pending.remove();
        kernel.world.onAccepted(wire);
        return new FakeSocketChannel(provider(), kernel, wire, address);
    }

    @Override
    public int pollReady(int interest) {
        return pending.isEmpty() ? 0 : interest & SelectionKey.OP_ACCEPT;
    }

    @Override
    public void release() {
        listening = false;
        pending.forEach(wire -> wire.server.abort());
        pending.clear();
    }

    @Override
    protected void implCloseSelectableChannel() {
        if (!isRegistered()) {
            release();
        }
    }

    @Override
    public SocketAddress getLocalAddress() {
        return address;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
        return this;
    }

    @Override
    protected void implConfigureBlocking(boolean block) {}

    // -- what the server does not ask

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket socket() {
        throw new UnsupportedOperationException();
    }
}
