package org.reactorserver.option;

/** What becomes of bytes that are not UTF-8. */
public enum InvalidUtf8 {
    /** The session gets an error and is ended. */
    REJECT,
    /** They become U+FFFD. */
    REPLACE
}
