package org.reactorserver.wire;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.text.IpLiteral;

/**
 * An endpoint and what is spoken there before messages are, as one text has it: {@code 127.0.0.1:8888},
 * {@code [::1]:8888,tls}, {@code unix:/run/server.sock,proxy}, {@code inherit,tls,proxy}. Immutable; any thread.
 *
 * @param proxy whether every connection begins with a PROXY header; it comes before TLS
 */
public record Listen(Endpoint endpoint, boolean tls, boolean proxy) {
    /** What a text may be, as it goes on after "expected". */
    public static final String FORM =
            "HOST:PORT, [IPV6]:PORT, unix:PATH or inherit, with ,tls or ,proxy or both behind it";

    private static final String TLS = ",tls";
    private static final String PROXY = ",proxy";
    private static final String UNIX = "unix:";
    private static final Pattern TCP = Pattern.compile("(?:\\[([^\\]]*)]|([^:\\[\\]]*)):([0-9]{1,5})");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]*");
    private static final int MOST_PORT = 65_535;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; the message is a clause with what is wrong and what is expected
     */
    public static Listen parse(String text) {
        String place = text;
        boolean tls = false;
        boolean proxy = false;
        while (place.endsWith(TLS) && !tls || place.endsWith(PROXY) && !proxy) {
            boolean isTls = place.endsWith(TLS);
            place = place.substring(0, place.length() - (isTls ? TLS : PROXY).length());
            tls |= isTls;
            proxy |= !isTls;
        }
        return new Listen(endpoint(place, text), tls, proxy);
    }

    private static Endpoint endpoint(String place, String text) {
        if (place.equals("inherit")) {
            return Endpoint.inherit();
        }
        if (place.startsWith(UNIX)) {
            return Endpoint.unix(path(place.substring(UNIX.length()), text));
        }
        Matcher matcher = TCP.matcher(place);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MOST_PORT) {
            boolean isBareIpv6 = place.indexOf(':') != place.lastIndexOf(':') && !place.startsWith("[");
            throw wrong(text, isBareIpv6 ? "has an IPv6 address without brackets" : "is no place to listen at");
        }
        String ipv6 = matcher.group(1);
        String host = ipv6 == null ? matcher.group(2) : ipv6;
        if (host.isEmpty()) {
            throw wrong(text, "has no host; 0.0.0.0 is all of IPv4, [::] is all");
        }
        boolean isAddress = ipv6 != null || DIGITS_AND_DOTS.matcher(host).matches();
        if (isAddress
                && (IpLiteral.bytes(host.replaceFirst("%.*", "")) == null || ipv6 != null && !host.contains(":"))) {
            throw wrong(text, "has no IP address '" + host + "'");
        }
        return Endpoint.tcp(host, Integer.parseInt(matcher.group(3)));
    }

    private static Path path(String path, String text) {
        if (path.isEmpty()) {
            throw wrong(text, "has no path");
        }
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw wrong(text, "has no path that there can be");
        }
    }

    private static IllegalArgumentException wrong(String text, String what) {
        return new IllegalArgumentException("'%s' %s: expected %s".formatted(text, what, FORM));
    }

    /** What is spoken there, as it stands behind the place: {@code ,tls,proxy}. */
    public String spoken() {
        return (tls ? TLS : "") + (proxy ? PROXY : "");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return endpoint + spoken();
    }
}
