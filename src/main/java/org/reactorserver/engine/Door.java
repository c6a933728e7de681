package org.reactorserver.engine;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.PlainTransport;
import org.reactorserver.wire.ProxyTransport;
import org.reactorserver.wire.Transport;

/**
 * How clients come in at one endpoint. First the PROXY header, if there is to be one; then it is known who the client
 * is, and whether it may come in; then TLS, so that nobody pays for a handshake with a client that may not. Loop only.
 *
 * @param keys null if the endpoint speaks no TLS
 */
record Door(Listen listen, TlsKeys keys) {

    /** What a connection begins with: established when it is known who the client is. */
    Transport begin(SocketChannel channel) {
        PlainTransport socket = new PlainTransport(channel);
        return listen.proxy() ? new ProxyTransport(socket) : socket;
    }

    /** Who the client is: who has connected, or whom a proxy has connected for. */
    static SocketAddress client(Transport begun, SocketAddress sender) {
        return begun instanceof ProxyTransport proxied ? proxied.header().client(sender) : sender;
    }

    /** Whether it is a proxy's own connection, as its health checks are, and no client's. */
    static boolean isOwn(Transport begun) {
        return begun instanceof ProxyTransport proxied && proxied.header().isOwn();
    }

    /**
     * What messages are spoken over, with a client that may come in.
     *
     * @param resume called on any thread when it can go on after a pause of its own
     */
    Transport secure(Transport begun, Runnable resume) throws IOException {
        return keys == null ? begun : keys.secure(begun, resume);
    }
}
