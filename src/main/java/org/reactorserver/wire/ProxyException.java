package org.reactorserver.wire;

import java.io.IOException;

/**
 * What a proxy sent is no PROXY header that can be used. The message says in one line what came, what was expected
 * and what helps; it holds nothing that has to be escaped before it is printed.
 */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** The connection began with something else. */
        MISSING,
        /** It began like a header and is none, or it ended inside one. */
        MALFORMED,
        /** It is longer than it may be. */
        TOO_LONG,
        /** It was not complete when the time was up. */
        TOO_LATE,
        /** The sender is not one of those that may send it. */
        UNTRUSTED
    }

    private final Kind kind;

    ProxyException(Kind kind, String text) {
        super(text);
        this.kind = kind;
    }

    /** The time for it is up. */
    public static ProxyException tooLate() {
        return new ProxyException(
                Kind.TOO_LATE,
                "PROXY header too late: it is to be the first that is sent; clients that send none need a --listen"
                        + " without it");
    }

    /** The sender, as {@code 192.0.2.1}, may not send it. */
    public static ProxyException untrusted(String sender) {
        return new ProxyException(
                Kind.UNTRUSTED,
                "no PROXY header is taken from " + sender + ": --proxy-trust names those that may send it");
    }

    static ProxyException malformed(String text) {
        return new ProxyException(Kind.MALFORMED, "PROXY header malformed: " + text);
    }

    static ProxyException tooLong(String text) {
        return new ProxyException(Kind.TOO_LONG, "PROXY header too long: " + text);
    }

    static ProxyException missing(String beginning) {
        return new ProxyException(
                Kind.MISSING,
                "no PROXY header: the connection begins with '" + beginning
                        + "'; clients that send none need a --listen without it");
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
