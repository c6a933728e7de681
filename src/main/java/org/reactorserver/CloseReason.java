package org.reactorserver;

/**
 * Why a session ended. The same value stands in {@link MessageHandler#onClose}, in
 * {@link ServerObserver#closed}, in the counters of {@link ServerStats}, in the transcript and in the
 * log. The first reason wins, unless what it promises becomes untrue: see {@link #isOrderly}.
 *
 * <p>Reasons may be added: a {@code switch} over them needs a default.
 */
public enum CloseReason {
    /** The peer ended its stream between two messages, and has got every reply. */
    END_OF_STREAM("end of stream"),
    /** The peer ended its stream inside a message, which was not handed to the handler. */
    TRUNCATED_MESSAGE("end of stream inside a message"),
    /** The connection broke: a reset, or any other failure to read or write. */
    CONNECTION_LOST("connection lost"),
    /**
     * The peer's stream ended without the notice that TLS demands at the end: the peer, or an attacker on the network,
     * cut it off. What was complete by then is answered.
     */
    TRUNCATED_STREAM("stream cut off without close notify"),
    /** The peer, which uses TLS 1.2, ended the connection in both directions before it had every reply. */
    REPLIES_REFUSED("ended by the peer in both directions"),
    /** After the handshake: a record that was tampered with, an alert of the peer's, or another handshake. */
    TLS_FAILED("TLS failed"),
    /** At an endpoint with TLS, the first bytes were something else. Nothing was answered. */
    NOT_TLS("not TLS"),
    /** At an endpoint without TLS, the first bytes were a TLS handshake. */
    TLS_NOT_SPOKEN("TLS where none is spoken"),
    /** The two could not agree on TLS, or one does not trust the other. */
    HANDSHAKE_FAILED("the TLS handshake failed"),
    /** The PROXY header was missing, malformed, too long, or from a sender that is not trusted. */
    PROXY_HEADER_REFUSED("no PROXY header that is accepted"),
    /** The PROXY header, or the TLS handshake, was not complete in time. */
    ARRIVAL_TIMEOUT("did not arrive in time"),
    /** It had not arrived, had been silent the longest, and others needed the room. */
    ARRIVAL_OVERTAKEN("silent while others arrived"),
    /** The access list does not let this address in. */
    ACCESS_DENIED("access denied"),
    /** The address has made more connections in a second than it may. */
    CONNECT_RATE_EXCEEDED("too many new connections from this address"),
    /** A message was not UTF-8, or not in the charset that texts are in, and is not to be repaired. */
    INVALID_UTF8("invalid UTF-8"),
    /** A message was, or announced itself as, longer than allowed. */
    MESSAGE_TOO_LARGE("message too large"),
    /** A message announced a length below zero. */
    NEGATIVE_LENGTH("negative message length"),
    /** What came did not have the framing's form. */
    MALFORMED_MESSAGE("malformed message"),
    /** The rest of a message did not arrive in time. */
    MESSAGE_TIMEOUT("message not completed in time"),
    /** Nothing was sent or received for the idle timeout. */
    IDLE_TIMEOUT("idle for too long"),
    /** The peer took none of its waiting replies for the write timeout. */
    WRITE_TIMEOUT("replies not taken in time"),
    /** More replies were waiting for the peer than a session may hold. */
    OUTBOX_FULL("too many replies waiting"),
    /** More replies were waiting for slow peers than the server may hold for all of them. */
    REPLY_MEMORY_EXHAUSTED("too many replies waiting for all peers"),
    /**
     * More was waiting to be completed than the server may hold for all sessions. The session was told so, and cut off
     * if it had not taken that a second later.
     */
    REQUEST_MEMORY_EXHAUSTED("too much waiting from all peers"),
    /** More messages were waiting to be handled than the server may hold for all sessions. */
    MESSAGE_MEMORY_EXHAUSTED("too many messages waiting from all peers"),
    /** The handler threw. */
    HANDLER_FAILED("the handler failed"),
    /** {@link Session#close} was called. */
    CLOSED_BY_APPLICATION("closed by the application"),
    /** As many connections as allowed were open already. */
    TOO_MANY_CONNECTIONS("too many connections"),
    /** As many connections as allowed from one address were open already. */
    TOO_MANY_FROM_ADDRESS("too many connections from this address"),
    /** The server is shutting down; the session was ended in order. */
    SERVER_SHUTDOWN("server shutting down"),
    /** The server is shutting down and the session did not end within the drain timeout. */
    DRAIN_TIMEOUT("cut off at the drain timeout"),
    /** The kernel did not take the connection into the selector. */
    NOT_SELECTABLE("not watched by the selector"),
    /** A defect of this server; the log has the stack trace. */
    INTERNAL_ERROR("internal error");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    /**
     * Whether everything that was queued for the peer before the end was written. A session that ends for such a
     * reason, and whose replies cannot be written after all, gets the reason for that instead.
     */
    public boolean isOrderly() {
        return switch (this) {
            case CONNECTION_LOST,
                    REPLIES_REFUSED,
                    TLS_FAILED,
                    WRITE_TIMEOUT,
                    OUTBOX_FULL,
                    REPLY_MEMORY_EXHAUSTED,
                    REQUEST_MEMORY_EXHAUSTED,
                    DRAIN_TIMEOUT,
                    INTERNAL_ERROR -> false;
            default -> true;
        };
    }

    /** The reason in a few words, for a person. */
    @Override
    public String toString() {
        return text;
    }
}
