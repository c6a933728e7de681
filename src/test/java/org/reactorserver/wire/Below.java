package org.reactorserver.wire;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** What another transport does, unless it is told otherwise. */
class Below implements Transport {
    private final Transport real;

    Below(Transport real) {
        this.real = real;
    }

    @Override
    public SocketAddress localAddress() {
        return real.localAddress();
    }

    @Override
    public boolean isEstablished() {
        return real.isEstablished();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return real.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return real.write(from);
    }

    @Override
    public boolean isReadBlocked() {
        return real.isReadBlocked();
    }

    @Override
    public int interestOps(boolean reading, boolean writing) {
        return real.interestOps(reading, writing);
    }

    @Override
    public boolean holdsInput() {
        return real.holdsInput();
    }

    @Override
    public End end() {
        return real.end();
    }

    @Override
    public int mostUnread() throws IOException {
        return real.mostUnread();
    }

    @Override
    public int unsent() {
        return real.unsent();
    }

    @Override
    public boolean endOutput() throws IOException {
        return real.endOutput();
    }

    @Override
    public void close(boolean cutOff) throws IOException {
        real.close(cutOff);
    }
}
