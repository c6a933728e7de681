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
        /** The handshake was not complete when the time was up. */
        TOO_LATE,
        /**
         * The peer wanted to shake hands again, which only TLS 1.2 has and which is not supported. The peer was sent
         * the end.
         */
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

    /** Of what the engine throws, or of one of these itself. */
    static TlsException of(SSLException cause, boolean isEstablished) {
        if (cause instanceof TlsException ours) {
            return ours;
        }
        return isEstablished
                ? new TlsException(Kind.RECORD, "TLS failed: " + cause.getMessage(), cause)
                : new TlsException(Kind.HANDSHAKE, "TLS handshake failed: " + cause.getMessage(), cause);
    }

    static TlsException notTls() {
        return new TlsException(
                Kind.NOT_TLS,
                "what the peer sends is not TLS; clients that speak none need a --listen without it",
                null);
    }

    static TlsException renegotiation() {
        return new TlsException(Kind.RENEGOTIATION, "the peer asks for a renegotiation, which is refused", null);
    }

    static TlsException endedByPeer() {
        return new TlsException(
                Kind.OUTPUT_CLOSED, "the peer has ended the connection, as in TLS 1.2 both ways at once", null);
    }

    /** The time for the handshake is up. */
    public static TlsException tooLate() {
        return new TlsException(
                Kind.TOO_LATE,
                "TLS handshake not complete in time: clients that speak no TLS need a --listen without it, slow ones a"
                        + " longer --handshake-timeout",
                null);
    }

    /** Why not. */
    public Kind kind() {
        return kind;
    }
}
