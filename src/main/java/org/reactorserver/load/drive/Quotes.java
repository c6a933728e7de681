package org.reactorserver.load.drive;

import org.reactorserver.text.Printable;

/** What a server has said, as a sample for a person. */
final class Quotes {
    private static final int MOST = 60; // characters

    private Quotes() {}

    /** The beginning of a text, in quotes, with what cannot be printed escaped. */
    static String of(String text) {
        return Printable.escape(raw(text));
    }

    /** The same as it is, to be escaped with what stands around it. */
    static String raw(String text) {
        int end = text.offsetByCodePoints(0, Math.min(MOST, text.codePointCount(0, text.length())));
        return '"' + text.substring(0, end) + (end < text.length() ? "…" : "") + '"';
    }
}
