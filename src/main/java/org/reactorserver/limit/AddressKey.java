package org.reactorserver.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** What counts as one address where something is limited by address. */
public final class AddressKey {
    private AddressKey() {}

    /**
     * Of IPv6 the first 64 bits, since whoever has one has them all (RFC 4291); null for a peer without an address,
     * all of which count together.
     */
    public static Object of(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }
}
