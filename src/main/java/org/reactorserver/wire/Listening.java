package org.reactorserver.wire;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import org.reactorserver.wire.ListenException.Reason;

/**
 * How it is listened at endpoints. Any thread.
 *
 * @param backlog how many connections the kernel keeps for {@code accept()}
 * @param reuseAddress SO_REUSEADDR
 * @param reusePort SO_REUSEPORT
 * @param receiveBuffer SO_RCVBUF, which accepted connections inherit; 0 leaves it to the kernel
 */
public record Listening(int backlog, boolean reuseAddress, boolean reusePort, int receiveBuffer) {
    private static final int PRIVILEGED = 1024;

    /**
     * Opens a channel that listens there and does not block. At an IPv4 address only IPv4 is spoken, so that
     * 0.0.0.0 does not accept IPv6; at {@code ::} both are.
     *
     * @param provider of TCP channels; the other kinds are the system's own
     * @throws ListenException if it cannot be listened there; nothing is left open then
     * @throws java.net.UnknownHostException if there is no such host
     */
    public Bound bind(SelectorProvider provider, Endpoint endpoint) throws IOException {
        return switch (endpoint.kind()) {
            case TCP -> new Bound(endpoint, tcp(provider, endpoint), null);
            case UNIX -> unix(endpoint);
            case INHERITED -> new Bound(endpoint, inherited(endpoint), null);
        };
    }

    private Bound unix(Endpoint endpoint) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean open = false;
        try {
            channel.configureBlocking(false);
            if (receiveBuffer > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            Bound bound = new Bound(endpoint, channel, SocketFile.bind(channel, endpoint, backlog));
            open = true;
            return bound;
        } finally {
            if (!open) {
                channel.close();
            }
        }
    }

    /** What is no listening socket is left open too: to close it is to lose stdout and stderr, see {@link Bound}. */
    private static ServerSocketChannel inherited(Endpoint endpoint) throws IOException {
        Channel channel = System.inheritedChannel();
        if (channel instanceof ServerSocketChannel listener) {
            listener.configureBlocking(false);
            return listener;
        }
        String what =
                channel == null ? "no socket" : channel instanceof SocketChannel ? "a connection" : "a datagram socket";
        throw new ListenException(
                endpoint,
                Reason.OTHER,
                "file 0 is %s, expected a socket that listens, as a systemd socket unit with Accept=no passes it to a"
                                .formatted(what)
                        + " service with StandardInput=socket",
                null);
    }

    private ServerSocketChannel tcp(SelectorProvider provider, Endpoint endpoint) throws IOException {
        InetSocketAddress address = endpoint.resolve();
        ServerSocketChannel channel = openFor(address, provider);
        boolean open = false;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
            if (reusePort) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            if (receiveBuffer > 0) { // before the bind: accepted sockets inherit it
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            channel.bind(address, backlog);
            open = true;
            return channel;
        } catch (SocketException e) {
            throw new ListenException(endpoint, reason(address, e), e.getMessage(), e);
        } catch (UnsupportedAddressTypeException e) {
            throw new ListenException(endpoint, Reason.NOT_SUPPORTED, "this machine has no IPv6", e);
        } finally {
            if (!open) {
                channel.close();
            }
        }
    }

    private static ServerSocketChannel openFor(InetSocketAddress address, SelectorProvider provider)
            throws IOException {
        if (address.getAddress() instanceof Inet4Address) {
            try {
                return provider.openServerSocketChannel(StandardProtocolFamily.INET);
            } catch (UnsupportedOperationException e) { // a provider that has one kind only
                return provider.openServerSocketChannel();
            }
        }
        return provider.openServerSocketChannel();
    }

    /** By what is known of the address: the cause's text is the system's, in the user's language. */
    private static Reason reason(InetSocketAddress address, SocketException cause) throws SocketException {
        if (cause instanceof BindException) {
            return isHere(address.getAddress()) ? Reason.IN_USE : Reason.NOT_HERE;
        }
        boolean privileged = address.getPort() > 0 && address.getPort() < PRIVILEGED;
        return privileged ? Reason.NOT_ALLOWED : Reason.OTHER;
    }

    private static boolean isHere(InetAddress address) throws SocketException {
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }
}
