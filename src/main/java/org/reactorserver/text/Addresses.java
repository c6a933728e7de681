package org.reactorserver.text;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as text: numbers only, since looking up a name may take seconds. */
public final class Addresses {
    private Addresses() {}

    /** Puts {@code ::} for the first run of zeros, as RFC 4291 allows. */
    private static String shortened(String ipv6) {
        return ipv6.replaceFirst("(^|:)0(:0)+(:|$)", "::");
    }

    /** {@code 127.0.0.1:8888}, {@code [::1]:8888}. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + shortened(host) + "]") + ":" + address.getPort();
    }

    /**
     * The same of any socket; {@code unix:/run/server.sock}, and of the user at the other end of one {@code
     * unix:user:group}.
     */
    public static String text(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? text(internet) : "unix:" + address;
    }
}
