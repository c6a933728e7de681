package org.reactorserver.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.reactorserver.text.Addresses;

/**
 * A channel that listens at an endpoint. Any thread.
 *
 * <p>What was inherited is the launcher's, which keeps it open and gives it to the next process. So it is
 * {@linkplain #isInherited not closed}, only its key is cancelled, and its backlog is not drained: the clients there
 * are the successor's. To close it would even send this process's stdout and stderr to {@code /dev/null}, which the JDK
 * does when an inherited channel is closed, and with them the report of the drain.
 */
public final class Bound {
    private final Endpoint endpoint;
    private final ServerSocketChannel channel;
    private final SocketFile file; // null unless it is a Unix socket

    Bound(Endpoint endpoint, ServerSocketChannel channel, SocketFile file) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.file = file;
    }

    /** Where it listens, as it was asked for. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** What listens; it does not block. */
    public ServerSocketChannel channel() {
        return channel;
    }

    /** Whether another process's connections may wait in its backlog, see above. */
    public boolean isInherited() {
        return endpoint.kind() == Endpoint.Kind.INHERITED;
    }

    /** Closes the channel, unless it is inherited. Connections in its backlog are reset. */
    public void close() throws IOException {
        if (!isInherited()) {
            channel.close();
        }
    }

    /**
     * Removes a Unix socket's file if it is still this process's own; for every other kind nothing. After the drain,
     * so that until then a client is refused at once, or reaches the successor.
     */
    public void removeFile() {
        if (file != null) {
            file.remove();
        }
    }

    /**
     * The TCP address with the port that it has got; null if it is none. Of 0.0.0.0 the system makes ::, but 0.0.0.0 is
     * what was asked for.
     */
    public InetSocketAddress address() {
        try {
            if (endpoint.kind() == Endpoint.Kind.UNIX
                    || !(channel.getLocalAddress() instanceof InetSocketAddress bound)) {
                return null;
            }
            boolean isAsked =
                    endpoint.kind() == Endpoint.Kind.TCP && bound.getAddress().isAnyLocalAddress();
            return isAsked ? new InetSocketAddress(endpoint.host(), bound.getPort()) : bound;
        } catch (IOException e) { // closed
            return null;
        }
    }

    /**
     * Where clients find it: {@code 127.0.0.1:8888} with the port that it has got, {@code unix:/run/server.sock}, or
     * whatever the inherited socket is bound to.
     */
    @Override
    public String toString() {
        InetSocketAddress address = address();
        if (address != null) {
            return Addresses.text(address);
        }
        try {
            return endpoint.kind() == Endpoint.Kind.INHERITED
                    ? Addresses.text(channel.getLocalAddress())
                    : endpoint.toString();
        } catch (IOException e) { // closed
            return endpoint.toString();
        }
    }
}
