package org.reactorserver;

/**
 * What was asked for and cannot be had in full.
 *
 * @param kind for programs, such as those that know how it is asked for
 * @param text for people; a line
 */
public record Notice(Kind kind, String text) {
    /** What it is about. Kinds may be added. */
    public enum Kind {
        /** The server is announced to machines that cannot connect to where it listens. */
        ANNOUNCED_IN_VAIN,
        /** The process may not have so many files open. */
        FEWER_CONNECTIONS,
        /** Messages that are allowed need more memory than they are given. */
        MESSAGES_TOO_LONG_FOR_MEMORY,
        /** The kernel allows no such backlog. */
        SHORTER_BACKLOG
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
