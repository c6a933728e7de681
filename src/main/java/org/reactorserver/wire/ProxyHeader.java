package org.reactorserver.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.zip.CRC32C;
import org.reactorserver.text.IpLiteral;
import org.reactorserver.text.Printable;

/**
 * What a proxy says of the client at the beginning of a connection: the PROXY protocol, versions 1 and 2, as HAProxy's
 * <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">specification</a> has it. Immutable; any
 * thread.
 *
 * @param source the client's address; null if the connection is the proxy's own, as its health checks are (LOCAL), or
 *     if the proxy does not know (UNKNOWN, UNSPEC): then it is the connection's own address that counts. Whatever a
 *     LOCAL header says of addresses is ignored: it could be any address
 * @param destination what the client has connected to; null if {@code source} is
 * @param isOwn whether the connection is the proxy's own and no client's (LOCAL). "The receiver must accept this
 *     connection as valid" (section 2.2): what is decided by a client's address is not decided of it
 */
public record ProxyHeader(SocketAddress source, SocketAddress destination, boolean isOwn) {
    /** The longest header that is taken, in bytes; the specification allows 65,551. */
    public static final int LONGEST = 4096;

    private static final ProxyHeader UNKNOWN = new ProxyHeader(null, null);
    private static final ProxyHeader OWN = new ProxyHeader(null, null, true);

    private static final byte[] V1_START = ascii("PROXY ");
    private static final byte[] V2_START = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int V1_LONGEST = 107; // with its CR LF: section 2.1
    private static final int V2_FIXED = 16;
    private static final int V2_COMMAND = 12;
    private static final int V2_FAMILY = 13;
    private static final int V2_LENGTH = 14;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int UNIX = 3;
    private static final int STREAM = 1;
    private static final int DATAGRAM = 2;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int UNIX_BYTES = 108;
    private static final int TLV_FIXED = 3;
    private static final int CRC32C_TYPE = 3;
    private static final byte[] CRC32C_ZERO = new byte[4];
    private static final int SHOWN = 16;

    /** Of a client's connection. */
    public ProxyHeader(SocketAddress source, SocketAddress destination) {
        this(source, destination, false);
    }

    /**
     * The client's address: the one that the proxy names, else that of the connection.
     *
     * @param connected the connection's own peer
     */
    public SocketAddress client(SocketAddress connected) {
        return source == null ? connected : source;
    }

    // ---- reading

    /**
     * Reads a header from the beginning of what has arrived. Bytes behind it are left where they are.
     *
     * @param from stands behind the header afterwards, and where it stood if the header is not complete yet
     * @return null if the header is not complete yet
     * @throws ProxyException if what is there is not the beginning of one; thrown as soon as that can be seen
     */
    public static ProxyHeader parse(ByteBuffer from) throws ProxyException {
        int length = length(from);
        if (length == 0 || length > from.remaining()) {
            return null;
        }
        int start = from.position();
        ProxyHeader header =
                from.get(start) == V1_START[0] ? parseV1(from, start, length) : parseV2(from, start, length);
        from.position(start + length);
        return header;
    }

    /** How long the header is with everything; 0 if too little of it has arrived to know. */
    static int length(ByteBuffer from) throws ProxyException {
        if (!from.hasRemaining()) {
            return 0;
        }
        boolean isV1 = from.get(from.position()) == V1_START[0];
        byte[] start = isV1 ? V1_START : V2_START;
        for (int i = 0; i < Math.min(from.remaining(), start.length); i++) {
            if (from.get(from.position() + i) != start[i]) {
                throw ProxyException.missing(shown(from));
            }
        }
        return isV1 ? lengthOfV1(from) : lengthOfV2(from);
    }

    private static int lengthOfV1(ByteBuffer from) throws ProxyException {
        byte[] line = new byte[Math.min(from.remaining(), V1_LONGEST)];
        from.get(from.position(), line); // at once: four times as fast as byte by byte
        for (int i = V1_START.length; i < line.length; i++) {
            if (line[i] == '\n') {
                if (line[i - 1] == '\r') {
                    return i + 1;
                }
                if (line[V1_START.length] != 'U') { // of UNKNOWN everything up to CR LF is ignored
                    throw ProxyException.malformed("version 1 ends with LF alone, expected CR LF");
                }
            }
        }
        if (line.length == V1_LONGEST) {
            throw ProxyException.tooLong("version 1 without CR LF in its first " + V1_LONGEST + " bytes");
        }
        return 0;
    }

    private static int lengthOfV2(ByteBuffer from) throws ProxyException {
        int start = from.position();
        if (from.remaining() > V2_COMMAND) {
            int command = from.get(start + V2_COMMAND) & 0xFF;
            if (command != LOCAL && command != PROXY) {
                throw ProxyException.malformed(
                        "version and command are 0x%02x, expected 0x20 or 0x21".formatted(command));
            }
        }
        if (from.remaining() < V2_FIXED) {
            return 0;
        }
        int length = V2_FIXED + unsigned(from, start + V2_LENGTH);
        if (length > LONGEST) {
            throw ProxyException.tooLong("version 2 of " + length + " bytes, at most " + LONGEST + " are taken");
        }
        return length;
    }

    private static ProxyHeader parseV1(ByteBuffer from, int start, int length) throws ProxyException {
        byte[] bytes = new byte[length - V1_START.length - 2];
        from.get(start + V1_START.length, bytes);
        String line = new String(bytes, StandardCharsets.ISO_8859_1);
        if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
            return UNKNOWN;
        }
        boolean isIpv4 = line.startsWith("TCP4 ");
        int host = line.indexOf(' ') + 1; // of the source; the destination's is next, then the two ports
        int other = line.indexOf(' ', host) + 1;
        int port = line.indexOf(' ', other) + 1;
        int otherPort = line.indexOf(' ', port) + 1;
        boolean isTcp = isIpv4 || line.startsWith("TCP6 ");
        if (!isTcp || other == 0 || port == 0 || otherPort == 0) { // what follows a field that is missing begins at 0
            throw ProxyException.malformed("'" + Printable.escape(line)
                    + "', expected UNKNOWN, or TCP4 or TCP6 with two addresses and two ports");
        }
        int size = isIpv4 ? IPV4_BYTES : IPV6_BYTES;
        return new ProxyHeader(
                addressOfV1(line.substring(host, other - 1), line.substring(port, otherPort - 1), size, line),
                addressOfV1(line.substring(other, port - 1), line.substring(otherPort), size, line));
    }

    private static InetSocketAddress addressOfV1(String host, String port, int length, String line)
            throws ProxyException {
        byte[] address = IpLiteral.bytes(host);
        int number = portOfV1(port);
        if (address == null || address.length != length || number < 0) {
            throw ProxyException.malformed("'" + Printable.escape(line) + "' has "
                    + (number < 0 ? "no port '" + Printable.escape(port) : "no address '" + Printable.escape(host))
                    + "', expected numbers without zeros in front");
        }
        return new InetSocketAddress(IpLiteral.of(address), number);
    }

    private static int portOfV1(String text) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || (port == 0 && i > 0) || port > 0xFFFF) {
                return -1;
            }
            port = 10 * port + c - '0';
        }
        return text.isEmpty() || port > 0xFFFF ? -1 : port;
    }

    private static ProxyHeader parseV2(ByteBuffer from, int start, int length) throws ProxyException {
        if ((from.get(start + V2_COMMAND) & 0xFF) == LOCAL) {
            return OWN; // family, addresses and TLVs are skipped and not looked at
        }
        int family = from.get(start + V2_FAMILY) >> 4 & 0xF;
        int protocol = from.get(start + V2_FAMILY) & 0xF;
        if (family > UNIX || protocol > DATAGRAM) {
            throw ProxyException.malformed(
                    "family and protocol are 0x%x%x, expected 0 to 3 and 0 to 2".formatted(family, protocol));
        }
        if (family == 0 || protocol == 0) {
            return UNKNOWN; // where addresses end and TLVs begin is not known either
        }
        int size = family == UNIX ? UNIX_BYTES : family == IPV6 ? IPV6_BYTES : IPV4_BYTES;
        int ports = family == UNIX ? 0 : 2;
        int addresses = 2 * (size + ports);
        int at = start + V2_FIXED;
        if (length < V2_FIXED + addresses) {
            throw ProxyException.malformed(
                    "version 2 has %d bytes of addresses, expected %d".formatted(length - V2_FIXED, addresses));
        }
        checkTlvs(from, start, at + addresses, start + length);
        return family == UNIX
                ? new ProxyHeader(path(from, at), path(from, at + size))
                : new ProxyHeader(
                        address(from, at, size, at + 2 * size), address(from, at + size, size, at + 2 * size + ports));
    }

    private static InetSocketAddress address(ByteBuffer from, int at, int size, int portAt) {
        byte[] bytes = new byte[size];
        from.get(at, bytes);
        return new InetSocketAddress(IpLiteral.of(bytes), unsigned(from, portAt));
    }

    /** Up to the first zero; a name in Linux's abstract space begins with one, and is here no name. */
    private static SocketAddress path(ByteBuffer from, int at) throws ProxyException {
        int length = 0;
        while (length < UNIX_BYTES && from.get(at + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        from.get(at, bytes);
        try {
            return UnixDomainSocketAddress.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (InvalidPathException e) {
            throw ProxyException.malformed("'" + Printable.escape(e.getInput()) + "' is no path");
        }
    }

    /** Goes from one to the next by their lengths, whatever their types; only a checksum is looked at. */
    private static void checkTlvs(ByteBuffer from, int start, int first, int end) throws ProxyException {
        int at = first;
        while (at < end) {
            int value = at + TLV_FIXED;
            int next = value <= end ? value + unsigned(from, at + 1) : value;
            if (next > end) {
                throw ProxyException.malformed("a TLV goes beyond the end of the header");
            }
            if (from.get(at) == CRC32C_TYPE) {
                if (next - value != CRC32C_ZERO.length || crc32c(from, start, value, end) != from.getInt(value)) {
                    throw ProxyException.malformed("its CRC32C is wrong");
                }
            }
            at = next;
        }
    }

    /** Of the whole header, with zeros where the checksum is. */
    private static int crc32c(ByteBuffer from, int start, int valueAt, int end) {
        CRC32C crc = new CRC32C();
        crc.update(from.duplicate().limit(valueAt).position(start));
        crc.update(CRC32C_ZERO);
        crc.update(from.duplicate().limit(end).position(valueAt + CRC32C_ZERO.length));
        return (int) crc.getValue();
    }

    private static int unsigned(ByteBuffer from, int at) {
        return from.getShort(at) & 0xFFFF;
    }

    private static String shown(ByteBuffer from) {
        byte[] bytes = new byte[Math.min(SHOWN, from.remaining())];
        from.get(from.position(), bytes);
        return Printable.escape(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    // ---- writing

    /**
     * A header of version 1: UNKNOWN, unless both addresses are of IP. An IPv4 one beside an IPv6 one is written as
     * IPv4-mapped.
     */
    public static byte[] v1(SocketAddress source, SocketAddress destination) {
        if (!(source instanceof InetSocketAddress from && destination instanceof InetSocketAddress to)) {
            return ascii("PROXY UNKNOWN\r\n");
        }
        boolean isIpv4 = isIpv4(from) && isIpv4(to);
        return ascii("PROXY %s %s %s %d %d\r\n"
                .formatted(
                        isIpv4 ? "TCP4" : "TCP6", text(from, isIpv4), text(to, isIpv4), from.getPort(), to.getPort()));
    }

    /**
     * A header of version 2, of the command PROXY: UNSPEC, unless both addresses are of IP or both are Unix sockets'.
     */
    public static byte[] v2(SocketAddress source, SocketAddress destination) {
        if (source instanceof InetSocketAddress from && destination instanceof InetSocketAddress to) {
            boolean isIpv4 = isIpv4(from) && isIpv4(to);
            int size = isIpv4 ? IPV4_BYTES : IPV6_BYTES;
            return start(PROXY, isIpv4 ? IPV4 : IPV6, 2 * (size + 2))
                    .put(bytes(from, isIpv4))
                    .put(bytes(to, isIpv4))
                    .putShort((short) from.getPort())
                    .putShort((short) to.getPort())
                    .array();
        }
        if (source instanceof UnixDomainSocketAddress from && destination instanceof UnixDomainSocketAddress to) {
            byte[] name = ascii(from.toString());
            byte[] other = ascii(to.toString());
            if (Math.max(name.length, other.length) <= UNIX_BYTES) {
                ByteBuffer header = start(PROXY, UNIX, 2 * UNIX_BYTES).put(name);
                return header.position(V2_FIXED + UNIX_BYTES).put(other).array();
            }
        }
        return start(PROXY, 0, 0).array();
    }

    /** A header of version 2 that says that the connection is the sender's own. */
    public static byte[] local() {
        return start(LOCAL, 0, 0).array();
    }

    private static ByteBuffer start(int command, int family, int length) {
        return ByteBuffer.allocate(V2_FIXED + length)
                .put(V2_START)
                .put((byte) command)
                .put((byte) (family == 0 ? 0 : family << 4 | STREAM))
                .putShort((short) length);
    }

    private static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    private static byte[] bytes(InetSocketAddress address, boolean asIpv4) {
        byte[] bytes = address.getAddress().getAddress();
        return asIpv4 || bytes.length == IPV6_BYTES
                ? bytes
                : ByteBuffer.allocate(IPV6_BYTES)
                        .putShort(10, (short) -1)
                        .put(12, bytes)
                        .array();
    }

    /** Without a zone, which means nothing on another machine. */
    private static String text(InetSocketAddress address, boolean asIpv4) {
        InetAddress host = address.getAddress();
        if (host instanceof Inet6Address) {
            return host.getHostAddress().replaceFirst("%.*", "");
        }
        return asIpv4 ? host.getHostAddress() : "::ffff:" + host.getHostAddress();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
