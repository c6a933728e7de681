package org.reactorserver.limit;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.reactorserver.text.IpLiteral;

/**
 * A block of addresses, {@code 192.0.2.0/24} or {@code 2001:db8::/32}. All stand in one space of 128 bits, IPv4
 * in it where RFC 4291, section 2.5.5.2, maps it, at {@code ::ffff:0:0/96}. Immutable; any thread.
 */
public final class Cidr {
    /** What an IPv4 address has before it in the common space. */
    static final int MAPPED_BITS = 96;

    private static final long MAPPED = 0xFFFF_0000_0000L;
    private static final int IPV4_BYTES = 4;
    private static final int BITS = 128;
    private static final String EXPECTED = "expected an address or a block, as 192.0.2.0/24 or 2001:db8::/32";

    final long high;
    final long low;
    final int prefix; // in the common space
    private final String text;

    private Cidr(long high, long low, int prefix, String text) {
        this.high = high;
        this.low = low;
        this.prefix = prefix;
        this.text = text;
    }

    /**
     * Reads a block. An address alone is a block of one. Names are not looked up. A block with bits behind its prefix
     * is refused: {@code 10.1.2.3/8} may be meant as the network or as the machine, and in an access list
     * a wrong guess can admit all clients.
     *
     * @throws IllegalArgumentException if it is none; the message is a clause with what is wrong and what is expected
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = IpLiteral.bytes(slash < 0 ? text : text.substring(0, slash));
        if (bytes == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no IP address: " + EXPECTED + "; names are not looked up");
        }
        int most = 8 * bytes.length;
        int given = slash < 0 ? most : prefix(text.substring(slash + 1), most);
        if (given < 0) {
            throw new IllegalArgumentException("'" + text + "' has no prefix from 0 to " + most + ": " + EXPECTED);
        }
        int prefix = given + BITS - most;
        long high = high(bytes);
        long low = low(bytes);
        if ((high & ~highMask(prefix)) != 0 || (low & ~lowMask(prefix)) != 0) {
            byte[] network = ByteBuffer.allocate(BITS / 8)
                    .putLong(high & highMask(prefix))
                    .putLong(low & lowMask(prefix))
                    .array();
            byte[] shown = Arrays.copyOfRange(network, network.length - bytes.length, network.length);
            throw new IllegalArgumentException("'%s' has bits behind its prefix: expected %s/%d, or %s"
                    .formatted(text, IpLiteral.of(shown).getHostAddress(), given, text.substring(0, slash)));
        }
        return new Cidr(high, low, prefix, text);
    }

    private static int prefix(String text, int most) {
        if (!text.matches("0|[1-9][0-9]{0,2}")) {
            return -1;
        }
        int prefix = Integer.parseInt(text);
        return prefix > most ? -1 : prefix;
    }

    static long high(byte[] address) {
        return address.length == IPV4_BYTES ? 0 : longAt(address, 0);
    }

    static long low(byte[] address) {
        if (address.length == IPV4_BYTES) {
            return MAPPED | (longOf(address, 0, IPV4_BYTES));
        }
        return longAt(address, 8);
    }

    static long highMask(int prefix) {
        return prefix >= 64 ? -1 : prefix == 0 ? 0 : -1L << 64 - prefix;
    }

    static long lowMask(int prefix) {
        return prefix <= 64 ? 0 : -1L << 128 - prefix;
    }

    private static long longAt(byte[] bytes, int at) {
        return longOf(bytes, at, at + 8);
    }

    private static long longOf(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
    }

    /** Whether the address is in it. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == IPV4_BYTES == isIpv4()
                && (high(bytes) & highMask(prefix)) == high
                && (low(bytes) & lowMask(prefix)) == low;
    }

    private boolean isIpv4() {
        return prefix >= MAPPED_BITS && high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr cidr && high == cidr.high && low == cidr.low && prefix == cidr.prefix;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + low) * 31 + prefix;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
