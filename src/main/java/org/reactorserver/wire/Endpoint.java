package org.reactorserver.wire;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where a server listens. Immutable; any thread. Kinds may be added.
 *
 * @see #tcp
 */
public final class Endpoint {
    private final String host;
    private final int port;

    private Endpoint(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * A TCP port.
     *
     * @param host an address of this machine or a name for one; 0.0.0.0 for all of IPv4, :: for all
     * @param port 0 for any that is free
     */
    public static Endpoint tcp(String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, not " + port);
        }
        return new Endpoint(host, port);
    }

    /** The host as it was asked for. */
    public String host() {
        return host;
    }

    /** The address to bind. Looks up the name, which may take as long as the system's resolver takes. */
    public InetSocketAddress resolve() throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("cannot listen on %s: there is no such host".formatted(this));
        }
        return address;
    }

    /** {@code 127.0.0.1:8888}, {@code [::1]:8888}. */
    @Override
    public String toString() {
        boolean isIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (isIpv6 ? "[" + host + "]" : host) + ":" + port;
    }
}
