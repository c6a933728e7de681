package org.reactorserver.sim;

import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;

/**
 * A network and a kernel in memory, for one server and one thread. What is certain about TCP and Java
 * NIO it does as Linux and the JDK do, and a test compares the two; what is uncertain the {@link World}
 * decides.
 */
final class FakeNetwork extends SelectorProvider {
    final World world;
    int openSockets; // accepted and not released
    private final List<FakeServerSocketChannel> listeners = new ArrayList<>();
    private FakeSelector selector;
    private int numbers;

    FakeNetwork(World world) {
        this.world = world;
    }

    /** The listeners, in the order in which the server has made them. */
    List<FakeServerSocketChannel> listeners() {
        return listeners;
    }

    /** The selector that was opened last. */
    FakeSelector selector() {
        return selector;
    }

    int nextNumber() {
        return numbers++;
    }

    /** A connection for a peer that is to connect; see {@link FakeServerSocketChannel#offer}. */
    static Wire wire(InetSocketAddress peer, int sendCapacity, int receiveCapacity) {
        return new Wire(peer, sendCapacity, receiveCapacity);
    }

    @Override
    public AbstractSelector openSelector() {
        selector = new FakeSelector(this);
        return selector;
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
        FakeServerSocketChannel listener = new FakeServerSocketChannel(this);
        listeners.add(listener);
        return listener;
    }

    @Override
    public SocketChannel openSocketChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel openDatagramChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pipe openPipe() {
        throw new UnsupportedOperationException();
    }
}
