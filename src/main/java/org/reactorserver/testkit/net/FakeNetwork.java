package org.reactorserver.testkit.net;

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
public final class FakeNetwork extends SelectorProvider {
    private final Kernel kernel;
    private final List<FakeServerSocketChannel> listeners = new ArrayList<>();
    private FakeSelector selector;

    /** Nothing is there yet. */
    public FakeNetwork(World world) {
        this.kernel = new Kernel(world);
    }

    /** How many sockets the server has accepted and the kernel not released. */
    public int openSockets() {
        return kernel.openSockets;
    }

    /** The listeners, in the order in which the server has made them. */
    public List<FakeServerSocketChannel> listeners() {
        return listeners;
    }

    /** The selector that was opened last. */
    public FakeSelector selector() {
        return selector;
    }

    @Override
    public AbstractSelector openSelector() {
        selector = new FakeSelector(this, kernel);
        return selector;
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
        FakeServerSocketChannel listener = new FakeServerSocketChannel(this, kernel);
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
