package org.reactorserver.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.reactorserver.text.IpLiteral;

/**
 * What counts as one client where something is limited for each: of IPv4 the address; of IPv6 the block with the first
 * so many bits, since the owner of one of its addresses has them all. RFC 4291 gives a network 64 bits; many hosters
 * give a customer 56 or 48. Immutable; any thread.
 *
 * @param ip6Prefix from 1 to 128
 */
public record ClientKey(int ip6Prefix) {
    /** The usual size of a network. */
    public static final ClientKey USUAL = new ClientKey(64);

    private static final int BITS = 128;

    /** Refuses a prefix that there cannot be. */
    public ClientKey {
        if (ip6Prefix < 1 || ip6Prefix > BITS) {
            throw new IllegalArgumentException("a prefix must be from 1 to " + BITS + ", not " + ip6Prefix);
        }
    }

    /**
     * The client that the address belongs to, as the first address of its block.
     *
     * @param address null for a client without one; then the key is null, so that all of these count together
     */
    public InetAddress of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        int whole = ip6Prefix / 8;
        if (whole < bytes.length) {
            bytes[whole] &= (byte) (0xFF00 >> ip6Prefix % 8);
            Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
        }
        return IpLiteral.of(bytes); // without the zone
    }
}
