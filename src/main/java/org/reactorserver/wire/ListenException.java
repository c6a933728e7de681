package org.reactorserver.wire;

import java.net.BindException;

/** It cannot be listened at an endpoint; the message names the endpoint and the reason. */
public final class ListenException extends BindException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** Another program listens there, or did a moment ago. */
        IN_USE,
        /** Only others may. */
        NOT_ALLOWED,
        /** The address is another machine's. */
        NOT_HERE,
        /** The machine speaks no such protocol, as IPv6. */
        NOT_SUPPORTED,
        /** What the cause says. */
        OTHER
    }

    private final transient Endpoint endpoint;
    private final Reason reason;

    ListenException(Endpoint endpoint, Reason reason, String text, Exception cause) {
        super("cannot listen on %s: %s".formatted(endpoint, text));
        this.endpoint = endpoint;
        this.reason = reason;
        initCause(cause);
    }

    /** Where it cannot be listened. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
