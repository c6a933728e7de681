package org.reactorserver.dial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ExecutorService;
import org.reactorserver.loop.EventLoop;
import org.reactorserver.wire.PlainTransport;
import org.reactorserver.wire.TlsBuffers;
import org.reactorserver.wire.TlsThreads;
import org.reactorserver.wire.TlsTransport;
import org.reactorserver.wire.Transport;

/** What the connections of one loop to one server have in common. Loop only. */
public final class Dialer implements AutoCloseable {
    /** The name that a certificate must have behind a Unix socket, which has no name of its own. */
    private static final String THIS_MACHINE = "localhost";

    final Route route;
    final SocketAddress server;
    final EventLoop loop;
    private final SelectorProvider provider;
    private final int receiveBuffer;
    private final TlsBuffers buffers; // null without TLS
    private final ExecutorService tasks; // null without TLS

    /**
     * Does not connect yet.
     *
     * @param server as {@link Route#resolve} says it
     * @param provider of the loop's channels
     * @param receiveBuffer SO_RCVBUF in bytes; zero for what the system gives
     */
    public Dialer(Route route, SocketAddress server, EventLoop loop, SelectorProvider provider, int receiveBuffer) {
        this.route = route;
        this.server = server;
        this.loop = loop;
        this.provider = provider;
        this.receiveBuffer = receiveBuffer;
        this.buffers = route.tls() == null ? null : new TlsBuffers();
        this.tasks = route.tls() == null ? null : TlsThreads.pool();
    }

    boolean isUnix() {
        return server instanceof UnixDomainSocketAddress;
    }

    /** A channel that can be connected from an address, or from the system's choice if it is null. */
    SocketChannel open(InetAddress source) throws IOException {
        SocketChannel channel =
                isUnix() ? provider.openSocketChannel(StandardProtocolFamily.UNIX) : provider.openSocketChannel();
        try {
            channel.configureBlocking(false);
            if (!isUnix()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            if (receiveBuffer > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            if (source != null) {
                channel.bind(new InetSocketAddress(source, 0));
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * What is spoken over a channel that has just been connected.
     *
     * @param resume called on any thread when it can go on after a pause of its own
     */
    Transport begin(SocketChannel channel, Runnable resume) throws IOException {
        if (route.introduction() != null) {
            ByteBuffer header = ByteBuffer.wrap(route.introduction().header(channel));
            channel.write(header);
            if (header.hasRemaining()) { // nothing else was written before, and a header is short
                throw new IOException("the system did not take the PROXY header");
            }
        }
        Transport socket = new PlainTransport(channel);
        if (route.tls() == null) {
            return socket;
        }
        boolean isTcp = server instanceof InetSocketAddress;
        String host = isTcp ? ((InetSocketAddress) server).getHostString() : THIS_MACHINE;
        int port = isTcp ? ((InetSocketAddress) server).getPort() : 0;
        return new TlsTransport(socket, route.tls().engine(host, port), buffers, tasks, resume);
    }

    /** When the loop has ended. */
    @Override
    public void close() {
        if (tasks != null) {
            tasks.shutdown();
        }
    }
}
