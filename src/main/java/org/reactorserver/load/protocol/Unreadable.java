package org.reactorserver.load.protocol;

/** Bytes that cannot be a reply of the expected kind: where the next one begins, nobody knows. */
public final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what was found and what was expected. */
    public Unreadable(String message) {
        super(message);
    }
}
