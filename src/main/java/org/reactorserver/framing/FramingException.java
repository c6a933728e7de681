package org.reactorserver.framing;

/** The peer sent bytes that are no message under the framing in force. Carries no stack trace. */
public final class FramingException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What was wrong with the bytes. */
    public enum Kind {
        /** They are not UTF-8, or whichever charset texts are in. */
        INVALID_UTF8,
        /** The message is, or says that it is, longer than allowed. */
        MESSAGE_TOO_LARGE,
        /** A length below zero. */
        NEGATIVE_LENGTH,
        /** They do not have the framing's form. */
        MALFORMED
    }

    private final Kind kind;
    private final transient Guess guess;

    /** Bytes that do not have the framing's form; the message is sent to the peer, and should be one line of ASCII. */
    public FramingException(String message) {
        this(Kind.MALFORMED, message);
    }

    FramingException(Kind kind, String message) {
        this(kind, message, null);
    }

    FramingException(Kind kind, String message, Guess guess) {
        super(message, null, false, false);
        this.kind = kind;
        this.guess = guess;
    }

    /** What the bytes probably are; null if unknown. */
    public Guess guess() {
        return guess;
    }

    /** What was wrong, for a program; {@link #getMessage} says it to a person. */
    public Kind kind() {
        return kind;
    }
}
