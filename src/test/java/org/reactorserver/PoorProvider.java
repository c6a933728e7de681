package org.reactorserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/** The system's, but for one kind of thing that it cannot make. */
final class PoorProvider extends SelectorProvider {
    /** What it cannot make. */
    enum Missing {
        SELECTOR,
        DATAGRAM_CHANNEL
    }

    private final SelectorProvider system = SelectorProvider.provider();
    private final Missing missing;
    private final Throwable failure;

    PoorProvider(Missing missing, Throwable failure) {
        this.missing = missing;
        this.failure = failure;
    }

    private void make(Missing what) throws IOException {
        if (what == missing) {
            if (failure instanceof IOException e) {
                throw e;
            } else if (failure instanceof RuntimeException e) {
                throw e;
            }
            throw (Error) failure;
        }
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        make(Missing.SELECTOR);
        return system.openSelector();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        make(Missing.DATAGRAM_CHANNEL);
        return system.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        make(Missing.DATAGRAM_CHANNEL);
        return system.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return system.openPipe();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return system.openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return system.openSocketChannel();
    }
}
