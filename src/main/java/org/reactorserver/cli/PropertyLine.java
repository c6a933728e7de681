package org.reactorserver.cli;

import java.io.IOException;
import java.io.StringReader;
import java.util.Iterator;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of a Java properties file, with those that continue it, and where in it the key and the value stand. */
final class PropertyLine {
    private static final Pattern BAD_ESCAPE =
            Pattern.compile("(?:\\\\\\\\|[^\\\\]|\\\\[^u])*?(\\\\u(?![0-9a-fA-F]{4}))");
    private static final String BLANKS = " \t\f";

    private final String text; // with its line ends, and the backslashes in front of them
    private final int number;

    /** A place in a file; both count from 1. */
    record Place(int line, int column) {
        @Override
        public String toString() {
            return "line " + line + ", column " + column;
        }
    }

    /** What it says. */
    record Pair(String key, String value) {}

    /**
     * Takes as many lines as belong together.
     *
     * @param number that of the first of them
     */
    PropertyLine(Iterator<String> lines, int number) {
        StringBuilder all = new StringBuilder(lines.next());
        while (isContinued(all) && lines.hasNext()) {
            all.append('\n').append(lines.next());
        }
        this.text = all.toString();
        this.number = number;
    }

    /** Whether it ends with a backslash that is not itself behind one, and is no comment. */
    private static boolean isContinued(CharSequence line) {
        String text = line.toString().strip();
        if (text.startsWith("#") || text.startsWith("!")) {
            return false;
        }
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** How many lines it is in the file. */
    int lines() {
        return 1 + (int) text.chars().filter(c -> c == '\n').count();
    }

    /**
     * Its key and its value; null if it is blank or a comment.
     *
     * @throws IllegalArgumentException if it has an escape that means nothing
     */
    Pair pair() {
        Properties one = new Properties();
        try {
            one.load(new StringReader(text));
        } catch (IOException e) {
            throw new AssertionError(e); // of a text
        }
        return one.stringPropertyNames().stream()
                .map(key -> new Pair(key, one.getProperty(key)))
                .findFirst()
                .orElse(null);
    }

    /** Where the key stands. */
    Place key() {
        return place(behindBlanks(0));
    }

    /** Where the value stands; the end of the line if there is none. */
    Place value() {
        int at = behindBlanks(0);
        while (at < text.length() && "=: \t\f".indexOf(text.charAt(at)) < 0 && !isLineEnd(at)) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at = behindBlanks(at);
        if (at < text.length() && "=:".indexOf(text.charAt(at)) >= 0) {
            at = behindBlanks(at + 1);
        }
        return place(at);
    }

    /** Where the escape stands that means nothing. */
    Place badEscape() {
        Matcher matcher = BAD_ESCAPE.matcher(text);
        return place(matcher.lookingAt() ? matcher.start(1) : 0);
    }

    private int behindBlanks(int from) {
        int at = from;
        while (at < text.length() && (BLANKS.indexOf(text.charAt(at)) >= 0 || isLineEnd(at))) {
            at += isLineEnd(at) ? 2 : 1;
        }
        return Math.min(at, text.length());
    }

    /** Whether a line ends here that the next one continues. */
    private boolean isLineEnd(int at) {
        return text.startsWith("\\\n", at);
    }

    private Place place(int at) {
        int lineStart = text.lastIndexOf('\n', at - 1) + 1;
        int before = (int)
                text.substring(0, lineStart).chars().filter(c -> c == '\n').count();
        return new Place(number + before, text.codePointCount(lineStart, at) + 1);
    }

    @Override
    public String toString() {
        return text;
    }
}
