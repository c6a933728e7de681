package org.reactorserver;

/**
 * Makes text of unknown origin fit for a terminal or a log: whatever it holds, it is one line, moves no
 * cursor and hides nothing (CWE-117, CWE-150).
 */
public final class Printable {
    /** Longer texts are cut; nobody reads a log line of this length. */
    private static final int LONGEST = 1_000;

    private Printable() {}

    /**
     * The text with every control character (C0, DEL, C1), line or paragraph separator, bidirectional
     * control, byte order mark, lone surrogate and backslash escaped as Java would, cut after 1,000
     * characters. Any thread.
     */
    public static String escape(String text) {
        int length = Math.min(text.length(), LONGEST);
        int clean = 0;
        while (clean < length && isHarmless(text, clean)) {
            clean++;
        }
        if (clean == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(length + 16).append(text, 0, clean);
        for (int i = clean; i < length; i++) {
            if (isHarmless(text, i)) {
                escaped.append(text.charAt(i));
            } else {
                appendEscaped(escaped, text.charAt(i));
            }
        }
        if (length < text.length()) {
            escaped.append("… (").append(text.length()).append(" characters)");
        }
        return escaped.toString();
    }

    private static boolean isHarmless(String text, int index) {
        char c = text.charAt(index);
        if (c < 0x7F) {
            return c >= ' ' && c != '\\';
        }
        if (Character.isSurrogate(c)) {
            return isPaired(text, index);
        }
        return c > 0x9F && !isInvisible(c);
    }

    private static boolean isPaired(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }

    private static boolean isInvisible(char c) {
        return c == 0x061C // Arabic letter mark
                || c == 0x200E // left-to-right mark
                || c == 0x200F // right-to-left mark
                || (c >= 0x2028 && c <= 0x202E) // separators, embeddings and overrides
                || (c >= 0x2066 && c <= 0x2069) // isolates
                || c == 0xFEFF;
    }

    private static void appendEscaped(StringBuilder out, char c) {
        switch (c) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u%04x".formatted((int) c));
        }
    }
}
