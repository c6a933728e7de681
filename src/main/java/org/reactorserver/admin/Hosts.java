package org.reactorserver.admin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.reactorserver.text.IpLiteral;

/**
 * By which names the endpoint may be called. A page from elsewhere, in a browser on this machine, can have its own name
 * point here (DNS rebinding) and would then be let in as if it were ours; it cannot have the browser send another name
 * than its own. An IP address is nobody's name, and {@code localhost} only this machine's (RFC 6761). Any thread.
 */
final class Hosts {
    private final Set<String> names;

    /**
     * Knows these.
     *
     * @param names in lower case, beside IP addresses and {@code localhost}
     */
    Hosts(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /** Whether a request with this {@code Host} is meant for us; null, as HTTP/1.0 may have it, is no browser's. */
    boolean isOurs(String host) {
        return host == null || isName(withoutPort(host));
    }

    /**
     * Whether a request from a page of this {@code Origin} may come in; null is no page's.
     *
     * @param host the request's {@code Host}
     */
    boolean isOwnPage(String origin, String host) {
        if (origin == null) {
            return true;
        }
        try {
            String authority = new URI(origin).getRawAuthority(); // of "null", as sandboxed pages send it: none
            return authority != null && authority.equalsIgnoreCase(host) && isOurs(authority);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private boolean isName(String host) {
        boolean isIpv6 = host.startsWith("[") && host.endsWith("]");
        String bare = isIpv6 ? host.substring(1, host.length() - 1) : host;
        return IpLiteral.bytes(bare) != null || host.equalsIgnoreCase("localhost") || names.contains(lower(host));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }
}
