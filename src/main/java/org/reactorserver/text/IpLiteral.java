package org.reactorserver.text;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * IP addresses as people and proxies write them, and nothing else: what is no address is never looked up as a name,
 * which could take seconds and give anything. {@code InetAddress.getByName} takes {@code 127.1} for 127.0.0.1 and
 * {@code 1111111} for 0.16.244.71; here neither is an address. Any thread.
 */
public final class IpLiteral {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int BYTE_DIGITS = 3;
    private static final int GROUP_DIGITS = 4;

    private IpLiteral() {}

    /**
     * The address: an IPv4 one as four decimal numbers from 0 to 255 without zeros in front, which some programs take
     * for octal; an IPv6 one as RFC 4291, section 2.2, has it, without a zone. An IPv4 address in the form
     * {@code ::ffff:192.0.2.1} or in hexadecimal becomes that IPv4 address.
     *
     * @return null if the text is none
     */
    public static InetAddress parse(String text) {
        byte[] bytes = bytes(text);
        return bytes == null ? null : of(bytes);
    }

    /** An address of 4 or 16 bytes. An IPv4-mapped one becomes IPv4, as {@link InetAddress#getByAddress} does it. */
    public static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // of another length
        }
    }

    /** The 4 or 16 bytes as they are written; an IPv4-mapped address has 16. Null if the text is no address. */
    public static byte[] bytes(String text) {
        if (text.indexOf(':') >= 0) {
            byte[] bytes = new byte[IPV6_BYTES];
            return parseIpv6(text, bytes) ? bytes : null;
        }
        byte[] bytes = new byte[IPV4_BYTES];
        return parseIpv4(text, 0, bytes, 0) ? bytes : null;
    }

    private static boolean parseIpv4(String text, int start, byte[] into, int at) {
        int i = start;
        for (int part = 0; part < IPV4_BYTES; part++) {
            if (part > 0 && (i == text.length() || text.charAt(i++) != '.')) {
                return false;
            }
            int first = i;
            int value = 0;
            while (i < text.length() && i - first < BYTE_DIGITS && isDigit(text.charAt(i))) {
                value = 10 * value + text.charAt(i++) - '0';
            }
            boolean hasZeroInFront = i - first > 1 && text.charAt(first) == '0';
            if (i == first || hasZeroInFront || value > 0xFF) {
                return false;
            }
            into[at + part] = (byte) value;
        }
        return i == text.length();
    }

    private static boolean parseIpv6(String text, byte[] into) {
        int length = 0; // bytes that are there
        int gap = -1; // where :: stands among them
        int i = 0;
        if (text.startsWith("::")) {
            gap = 0;
            i = 2;
        }
        while (i < text.length()) {
            if (length == IPV6_BYTES) {
                return false;
            }
            int first = i;
            int value = 0;
            int digit;
            while (i < text.length() && i - first < GROUP_DIGITS && (digit = hexDigit(text.charAt(i))) >= 0) {
                value = value << 4 | digit;
                i++;
            }
            if (i < text.length() && text.charAt(i) == '.') {
                if (length > IPV6_BYTES - IPV4_BYTES || !parseIpv4(text, first, into, length)) {
                    return false;
                }
                length += IPV4_BYTES;
                break;
            }
            if (i == first) {
                return false;
            }
            into[length++] = (byte) (value >> 8);
            into[length++] = (byte) value;
            if (i == text.length()) {
                break;
            }
            if (text.charAt(i++) != ':' || i == text.length()) {
                return false;
            }
            if (text.charAt(i) == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = length;
                i++;
            }
        }
        if (gap < 0) {
            return length == IPV6_BYTES;
        }
        if (length == IPV6_BYTES) {
            return false; // :: is at least one group
        }
        int moved = length - gap;
        System.arraycopy(into, gap, into, IPV6_BYTES - moved, moved);
        Arrays.fill(into, gap, IPV6_BYTES - moved, (byte) 0);
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Of ASCII only: {@link Character#digit} knows the digits of every script. */
    private static int hexDigit(char c) {
        if (isDigit(c)) {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
