package org.reactorserver.page;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.reactorserver.Session;
import org.reactorserver.wire.TlsSession;

/** A session that is nothing but a number and an address. */
record Spoken(long id) implements Session {
    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress("127.0.0.1", 1_000 + (int) id);
    }

    @Override
    public SocketAddress remoteAddress() {
        return peer();
    }

    @Override
    public TlsSession tls() {
        return null;
    }

    @Override
    public boolean send(String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Hold hold() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object attachment() {
        return null;
    }

    @Override
    public void attach(Object attachment) {
        throw new UnsupportedOperationException();
    }
}
