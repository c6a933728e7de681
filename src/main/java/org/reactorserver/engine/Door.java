package org.reactorserver.engine;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.PlainTransport;
import org.reactorserver.wire.ProxyTransport;
import org.reactorserver.wire.Transport;

/**
 * How clients come in at one endpoint. First the PROXY header, if there is one; then it is known which client it
 * is, and whether it is admitted; then TLS, so that no handshake is made with a client that is refused. Loop only.
 *
 * @param keys null if the endpoint has no TLS
 */
record Door(Listen listen, TlsKeys keys) {

    /** What a connection begins with: established when the client's address is known. */
    Transport begin(SocketChannel channel) {
        PlainTransport socket = new PlainTransport(channel);
        return listen.proxy() ? new ProxyTransport(socket) : socket;
    }

    /** The client's address: that of the connection, or the one that the proxy names. */
    static SocketAddress client(Transport begun, SocketAddress sender) {
        return begun instanceof ProxyTransport proxied ? proxied.header().client(sender) : sender;
    }

    /** Whether it is a proxy's own connection, as its health checks are, and no client's. */
    static boolean isOwn(Transport begun) {
        return begun instanceof ProxyTransport proxied && proxied.header().isOwn();
    }

    /**
     * The transport of messages, for a client that is admitted.
     *
     * @param resume called on any thread when it can go on after a pause of its own
     */
    Transport secure(Transport begun, Runnable resume) throws IOException {
        return keys == null ? begun : keys.secure(begun, resume);
    }
}
