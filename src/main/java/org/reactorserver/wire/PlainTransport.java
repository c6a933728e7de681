package org.reactorserver.wire;

import static org.reactorserver.text.Log.LOG;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The socket itself: what is on the wire is in clear. */
public final class PlainTransport implements Transport {
    private final SocketChannel channel;

    /** Over a connected channel that does not block. */
    public PlainTransport(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public SocketAddress localAddress() {
        try {
            return channel.getLocalAddress();
        } catch (IOException e) {
            return null; // closed
        }
    }

    @Override
    public boolean isEstablished() {
        return true;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    @Override
    public int interestOps(boolean reading, boolean writing) {
        return (reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    public boolean holdsInput() {
        return false;
    }

    @Override
    public int mostUnread() throws IOException {
        return channel.getOption(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public int unsent() {
        return 0;
    }

    @Override
    public boolean endOutput() throws IOException {
        channel.shutdownOutput();
        return true;
    }

    @Override
    public void close(boolean cutOff) throws IOException {
        if (cutOff) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                LOG.debug("{} cannot be reset", channel, e);
            }
        }
        channel.close();
    }
}
