package org.reactorserver.wire;

import javax.net.ssl.SSLException;
import org.reactorserver.text.Printable;

/** It cannot be spoken with the peer by TLS, or no longer; the message is one line that says why. */
public final class TlsException extends SSLException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Kind {
        /** What the peer has sent first is not TLS. Nothing was answered. */
        NOT_TLS,
        /** The two cannot agree, or one does not trust the other. The peer was told so by an alert. */
        HANDSHAKE,
        /** The peer wanted to shake hands again, which only TLS 1.2 has and nobody needs. The peer was told the end. */
        RENEGOTIATION,
        /** After the handshake: a record that was tampered with, or an alert of the peer's. */
        RECORD,
        /** The peer, which speaks TLS 1.2, has ended the connection: what is written now cannot reach it. */
        OUTPUT_CLOSED
    }

    private final Kind kind;

    TlsException(Kind kind, String message, Throwable cause) {
        super(Printable.escape(message), cause); // it may quote the peer
        this.kind = kind;
    }

    /** Why not. */
    public Kind kind() {
        return kind;
    }
}
