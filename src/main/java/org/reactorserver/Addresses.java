package org.reactorserver;

import java.net.InetSocketAddress;

/** Addresses as text: numbers only, since looking up a name may take seconds. */
public final class Addresses {
    private Addresses() {}

    /** {@code 127.0.0.1:8888}, {@code [::1]:8888}. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
