package org.reactorserver.helper;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.AbstractSelector;

/** The system's, but for one kind of thing that it cannot make. */
public final class PoorProvider extends SystemProvider {
    /** What it cannot make. */
    public enum Missing {
        SELECTOR,
        DATAGRAM_CHANNEL
    }

    private final Missing missing;
    private final Throwable failure;

    /** Fails with this where it is asked for that. */
    public PoorProvider(Missing missing, Throwable failure) {
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
        return super.openSelector();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        make(Missing.DATAGRAM_CHANNEL);
        return super.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        make(Missing.DATAGRAM_CHANNEL);
        return super.openDatagramChannel(family);
    }
}
