package org.reactorserver.testkit.net;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/**
 * The server's end of a {@link Wire}. Like the JDK's, a registered channel that is closed ends its stream
 * at once, and its file descriptor is closed at the next select.
 */
public final class FakeSocketChannel extends SocketChannel implements FakeChannel {
    private final Kernel kernel;
    private final Wire wire;
    private final SocketAddress local;
    private boolean outputShut;
    private boolean wasShort; // the last write
    private boolean resets; // when it is closed

    FakeSocketChannel(SelectorProvider provider, Kernel kernel, Wire wire, SocketAddress local) {
        super(provider);
        this.local = local;
        this.kernel = kernel;
        this.wire = wire;
        kernel.openSockets++;
    }

    /** The connection of which this is the server's end. */
    public Wire wire() {
        return wire;
    }

    @Override
    public int pollReady(int interest) {
        if (interest == 0 || wire.server.isHungUp()) {
            return interest;
        }
        int ready = wire.server.isReadable() ? SelectionKey.OP_READ : 0;
        ready |= wire.server.isWritable() ? SelectionKey.OP_WRITE : 0;
        return ready & interest;
    }

    @Override
    public void release() {
        kernel.openSockets--;
        if (resets) {
            wire.server.abort();
        } else {
            wire.server.close();
        }
        kernel.world.onReleased(wire);
    }

    @Override
    public void onAsked(int interest) {
        kernel.world.onAsked(wire, interest);
    }

    @Override
    public void onUnwatched() {
        kernel.world.onUnwatched(wire);
    }

    @Override
    public void onReported() {
        kernel.world.onReported(wire);
    }

    private boolean isWatched() {
        return !(keyFor(kernel.selector) instanceof FakeKey key) || !key.isDeaf();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        requireOpen();
        kernel.world.pause();
        int possible = Math.min(target.remaining(), wire.server.readable());
        int count = wire.server.read(target, kernel.world.some(possible));
        kernel.world.onRead(wire, count, isWatched());
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        requireOpen();
        if (outputShut) {
            throw new ClosedChannelException();
        }
        kernel.world.pause();
        boolean isAwaited = wasShort && pollReady(SelectionKey.OP_WRITE) != 0;
        int possible = Math.min(source.remaining(), wire.server.writable());
        int count = wire.server.write(source, kernel.world.some(possible));
        wasShort = source.hasRemaining();
        kernel.world.onWritten(wire, count, wasShort, isAwaited);
        kernel.world.pause();
        return count;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        requireOpen();
        outputShut = true;
        wire.server.shutdownOutput();
        kernel.world.onOutputEnded(wire);
        return this;
    }

    @Override
    protected void implCloseSelectableChannel() {
        if (!resets) {
            wire.server.shutdownOutput();
        }
        if (!isRegistered()) {
            release();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        requireOpen();
        return wire.peerAddress;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        requireOpen();
        IOException failure = kernel.world.setupFailure();
        if (failure != null) {
            throw failure;
        }
        resets |= name == StandardSocketOptions.SO_LINGER && Integer.valueOf(0).equals(value);
        return this;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public SocketAddress getLocalAddress() {
        return local;
    }

    /** The size of its receive buffer; no server asks for another one. */
    @Override
    public <T> T getOption(SocketOption<T> name) {
        if (name != StandardSocketOptions.SO_RCVBUF) {
            throw new UnsupportedOperationException();
        }
        return name.type().cast(wire.server.receiveCapacity());
    }

    // -- what no server asks of an accepted socket

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
        throw new UnsupportedOperationException();
    }
}
