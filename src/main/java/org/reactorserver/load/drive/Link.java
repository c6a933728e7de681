package org.reactorserver.load.drive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.reactorserver.loop.Pollable;

/** The channel of a connection, one after the other, and what the selector watches it for. Loop only. */
final class Link {
    private final RunContext context;
    private final Pollable owner;
    private InetAddress source; // null: the system's choice
    private SocketChannel channel; // null until it is opened
    private SelectionKey key;

    Link(RunContext context, Pollable owner) {
        this.context = context;
        this.owner = owner;
    }

    /** From which address it is to be opened, from now on. */
    void from(InetAddress address) {
        source = address;
    }

    /** Begins to connect, with the end of what was connected before. Returns whether that is done. */
    boolean connect() throws IOException {
        close();
        channel = context.openChannel(source);
        boolean connected = channel.connect(context.target);
        context.loop.register(channel, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, owner);
        return connected;
    }

    void registered(SelectionKey newKey) {
        key = newKey;
    }

    SocketChannel channel() {
        return channel;
    }

    /** It is connected: what comes is waited for. */
    void connected() {
        key.interestOps(SelectionKey.OP_READ);
    }

    void interest(int op, boolean on) {
        int ops = key.interestOps();
        int wanted = on ? ops | op : ops & ~op;
        if (wanted != ops) {
            key.interestOps(wanted);
        }
    }

    /** Has the peer see a reset when it is closed. */
    void resetAtClose() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
