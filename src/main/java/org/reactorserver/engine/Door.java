package org.reactorserver.engine;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.reactorserver.wire.Listen;
import org.reactorserver.wire.LiveTls;
import org.reactorserver.wire.PlainTransport;
import org.reactorserver.wire.ProxyTransport;
import org.reactorserver.wire.TlsBuffers;
import org.reactorserver.wire.TlsTransport;
import org.reactorserver.wire.Transport;

/**
 * How clients come in at one endpoint. First the PROXY header, if there is to be one; then it is known who the client
 * is, and whether it may come in; then TLS, so that nobody pays for a handshake with a client that may not. Loop only.
 *
 * @param tls null if the endpoint speaks no TLS
 * @param tlsTasks what the costly part of handshakes runs on
 */
record Door(Listen listen, LiveTls tls, TlsBuffers buffers, Executor tlsTasks) {

    /** What a connection begins with: established when it is known who the client is. */
    Transport begin(SocketChannel channel) {
        PlainTransport socket = new PlainTransport(channel);
        return listen.proxy() ? new ProxyTransport(socket) : socket;
    }

    /** Who the client is: who has connected, or whom a proxy has connected for. */
    static SocketAddress client(Transport begun, SocketAddress sender) {
        return begun instanceof ProxyTransport proxied ? proxied.header().client(sender) : sender;
    }

    /**
     * What messages are spoken over, with a client that may come in.
     *
     * @param resume called on any thread when it can go on after a pause of its own
     */
    Transport secure(Transport begun, Runnable resume) throws IOException {
        return tls == null ? begun : new TlsTransport(begun, tls.engine(), buffers, tlsTasks, resume);
    }
}
