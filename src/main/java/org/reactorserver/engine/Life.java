package org.reactorserver.engine;

import java.io.IOException;
import org.reactorserver.CloseReason;
import org.reactorserver.SessionState;
import org.reactorserver.framing.FramingException;
import org.reactorserver.wire.ProxyException;
import org.reactorserver.wire.TlsException;

/**
 * How far a connection has come, and why it ends. Of its {@link SessionState} it may skip any, and never goes back.
 *
 * <p>Loop only.
 */
final class Life {
    private SessionState state = SessionState.ARRIVING;
    private CloseReason reason; // why no more is wanted from the peer; null while more is
    private long since; // when it came into its state, or, being served, was last active

    Life(long now) {
        since = now;
    }

    SessionState state() {
        return state;
    }

    boolean is(SessionState other) {
        return state == other;
    }

    boolean isClosed() {
        return state.compareTo(SessionState.CLOSED) >= 0;
    }

    void to(SessionState next, long now) {
        if (next.compareTo(state) <= 0) {
            throw new IllegalStateException(state + " cannot become " + next);
        }
        state = next;
        since = now;
    }

    /** When it came into its state; while it is served, when bytes last went in or out or the application was at it. */
    long since() {
        return since;
    }

    void active(long now) {
        if (state == SessionState.OPEN) {
            since = now;
        }
    }

    CloseReason reason() {
        return reason;
    }

    boolean isEnding() {
        return reason != null;
    }

    /** Whether input is still wanted. */
    boolean goesOn() {
        return reason == null && state.compareTo(SessionState.OPEN) <= 0;
    }

    /** No more is wanted from the peer; the first reason wins. */
    void end(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    /**
     * As {@link #end}, but what an earlier reason promises, that everything before is answered, has become
     * untrue.
     *
     * @return whether it is the reason from here on, and was not before
     */
    boolean overtake(CloseReason why) {
        boolean isNews = reason != why && !isSettled();
        if (isNews) {
            reason = why;
        }
        return isNews;
    }

    /** Whether the reason for its end will stay what it is. */
    boolean isSettled() {
        return reason != null && (!reason.isOrderly() || state.compareTo(SessionState.LINGERING) >= 0);
    }

    /** The stream has ended inside a message. */
    void truncate() {
        if (reason == CloseReason.END_OF_STREAM) {
            reason = CloseReason.TRUNCATED_MESSAGE;
        }
    }

    /** Why a connection ends whose transport has failed. */
    static CloseReason reasonOf(IOException failure) {
        if (failure instanceof ProxyException proxy) {
            boolean isLate = proxy.kind() == ProxyException.Kind.TOO_LATE;
            return isLate ? CloseReason.ARRIVAL_TIMEOUT : CloseReason.PROXY_HEADER_REFUSED;
        }
        if (failure instanceof TlsException tls) {
            return switch (tls.kind()) {
                case NOT_TLS -> CloseReason.NOT_TLS;
                case HANDSHAKE -> CloseReason.HANDSHAKE_FAILED;
                case TOO_LATE -> CloseReason.ARRIVAL_TIMEOUT;
                case RENEGOTIATION, RECORD -> CloseReason.TLS_FAILED;
                case OUTPUT_CLOSED -> CloseReason.REPLIES_REFUSED;
            };
        }
        return CloseReason.CONNECTION_LOST;
    }

    static CloseReason reasonOf(FramingException.Kind kind) {
        return switch (kind) {
            case INVALID_UTF8 -> CloseReason.INVALID_UTF8;
            case MESSAGE_TOO_LARGE -> CloseReason.MESSAGE_TOO_LARGE;
            case NEGATIVE_LENGTH -> CloseReason.NEGATIVE_LENGTH;
            case MALFORMED -> CloseReason.MALFORMED_MESSAGE;
        };
    }
}
