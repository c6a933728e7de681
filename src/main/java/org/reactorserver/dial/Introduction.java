package org.reactorserver.dial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.reactorserver.wire.ProxyHeader;

/**
 * The PROXY header with which a connection begins, as from a proxy. Immutable; any thread.
 *
 * @param version of the header
 * @param source the client's address that it tells; null for the connection's own
 */
public record Introduction(Version version, InetSocketAddress source) {
    /** Of the PROXY protocol. */
    public enum Version {
        /** One line of text. */
        V1,
        /** Bytes. */
        V2
    }

    private static final InetAddress NO_ADDRESS = new InetSocketAddress(0).getAddress();

    byte[] header(SocketChannel connected) throws IOException {
        SocketAddress from = source == null ? connected.getLocalAddress() : source;
        SocketAddress to = connected.getRemoteAddress();
        if (source != null && !(to instanceof InetSocketAddress)) {
            to = new InetSocketAddress(NO_ADDRESS, 0); // beside a path, the source would not be told
        }
        return version == Version.V1 ? ProxyHeader.v1(from, to) : ProxyHeader.v2(from, to);
    }
}
