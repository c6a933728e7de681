package org.reactorserver.load.measure;

import java.net.BindException;
import java.net.ConnectException;
import java.util.Locale;

/** What can go wrong, told apart. */
public enum ErrorKind {
    /** Nobody listens there. */
    REFUSED("refused"),
    /** No answer to the attempt to connect. */
    CONNECT_TIMEOUT("connect timeout"),
    /** No route to the host or its network. */
    UNREACHABLE("unreachable"),
    /** No local port left for another connection. */
    NO_LOCAL_PORT("out of local ports"),
    /** No file descriptor left for another connection. */
    FD_LIMIT("fd limit"),
    /** The two could not agree on TLS, or do not trust each other. */
    TLS("TLS"),
    /** What the server said before the first message was not as expected. */
    NOT_GREETED("wrong greeting"),
    /** The server reset the connection. */
    RESET("reset"),
    /** The server ended the stream between two replies. */
    END_OF_STREAM("end of stream"),
    /** The server ended the stream inside a reply. */
    END_INSIDE_MESSAGE("end of stream inside a message"),
    /** The server took no byte of what was to be written for as long as the timeout. */
    WRITE_STALLED("write stalled"),
    /** No reply within the timeout. */
    REPLY_TIMEOUT("reply timeout"),
    /** A reply that is not the expected one. */
    MISMATCH("mismatch"),
    /** The reply to a later message came, and this one's did not. */
    MISSING_REPLY("missing reply"),
    /** A reply that had come before. */
    DUPLICATE_REPLY("duplicate reply"),
    /** The reply to an earlier message, after that of a later one. */
    OUT_OF_ORDER("out of order"),
    /** A reply, and nothing outstanding. */
    UNEXPECTED_REPLY("unexpected reply"),
    /** Bytes that are no message of the framing. */
    UNFRAMEABLE("not framed"),
    /** The server did not end the stream after the client's half-close. */
    NO_END_OF_STREAM("no end of stream after half-close"),
    /** Anything else. */
    OTHER("other");

    private final String text;

    ErrorKind(String text) {
        this.text = text;
    }

    /** What an exception of a channel means. */
    public static ErrorKind of(Exception cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("too many open files")) {
            return FD_LIMIT;
        } else if (message.contains("cannot assign requested address") || cause instanceof BindException) {
            return NO_LOCAL_PORT;
        } else if (message.contains("timed out")) {
            return CONNECT_TIMEOUT;
        } else if (message.contains("unreachable") || message.contains("no route")) {
            return UNREACHABLE;
        } else if (message.contains("reset") || message.contains("broken pipe")) {
            return RESET;
        } else if (cause instanceof ConnectException) {
            return REFUSED;
        }
        return OTHER;
    }

    /** As it is written in reports. */
    @Override
    public String toString() {
        return text;
    }
}
