package org.reactorserver.text;

/**
 * Makes text of unknown origin fit for a terminal or a log: whatever it holds, it is one line, moves no
 * cursor and hides nothing (CWE-117, CWE-150).
 */
public final class Printable {
    /** Longer texts are cut: a log line of this length cannot be read. */
    private static final int LONGEST = 1_000;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private Printable() {}

    /**
     * The text with every control character (C0, DEL, C1), line or paragraph separator, character that
     * formats and is not seen (bidirectional controls, zero-width spaces, tags, but not the joiners that
     * Persian and emoji need), lone surrogate and backslash escaped as Java would, cut after 1,000
     * characters. Any thread.
     */
    public static String escape(String text) {
        int end = Math.min(text.length(), LONGEST);
        int i = 0;
        while (i < end && isHarmless(text.codePointAt(i))) {
            i += Character.charCount(text.codePointAt(i));
        }
        if (i >= text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(end + 16).append(text, 0, i);
        while (i < end) {
            int c = text.codePointAt(i);
            if (isHarmless(c)) {
                escaped.appendCodePoint(c);
            } else {
                appendEscaped(escaped, c);
            }
            i += Character.charCount(c);
        }
        if (i < text.length()) {
            escaped.append("… (").append(text.length()).append(" characters)");
        }
        return escaped.toString();
    }

    /**
     * A failure, whose message may contain a peer's text, with so many frames of its stack: the first one on the
     * same line, as is enough to know where it was, the others on lines of their own. Any thread.
     */
    public static String failure(Throwable cause, int frames) {
        StackTraceElement[] stack = cause.getStackTrace();
        StringBuilder text = new StringBuilder(escape(cause.toString()));
        for (int i = 0; i < Math.min(frames, stack.length); i++) {
            text.append(i == 0 ? " at " : "\n\tat ").append(stack[i]);
        }
        return text.toString();
    }

    private static boolean isHarmless(int c) {
        if (c < 0x7F) {
            return c >= ' ' && c != '\\';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
            default -> true;
        };
    }

    private static void appendEscaped(StringBuilder out, int codePoint) {
        switch (codePoint) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                for (char c : Character.toChars(codePoint)) {
                    out.append("\\u%04x".formatted((int) c));
                }
            }
        }
    }
}
