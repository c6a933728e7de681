package org.reactorserver.demo;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much room text and bars take on a terminal, where a character of East Asia takes two columns. */
final class Layout {
    /** The spaces and the number before a paragraph; the other lines of it begin below its first word. */
    private static final Pattern INDENT = Pattern.compile(" *(?:\\d\\. )?");

    private Layout() {}

    static int width(String text) {
        return text.codePoints().map(c -> isWide(c) ? 2 : 1).sum();
    }

    private static boolean isWide(int c) {
        return c >= 0x1100 && c < 0x1160 || c >= 0x2E80;
    }

    /** The text, and spaces up to this column, at least one. */
    static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(1, columns - width(text)));
    }

    /** The same in every locale, as the sentences are. */
    static String figure(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** How many of the cells a value fills if the largest one fills all. */
    static int cells(double value, double largest, int cells) {
        double share = largest > 0 ? value / largest : 0;
        return (int) Math.round(cells * Math.max(0, Math.min(1, share)));
    }

    /** The lines of a text, none wider than this unless one word is; a line feed ends a paragraph. */
    static List<String> wrapped(String text, int columns) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            wrap(paragraph, columns, lines);
        }
        return lines;
    }

    private static void wrap(String paragraph, int columns, List<String> lines) {
        Matcher indent = INDENT.matcher(paragraph);
        int margin = indent.lookingAt() ? indent.end() : 0;
        BreakIterator ends = BreakIterator.getLineInstance(Locale.ROOT);
        ends.setText(paragraph);
        String line = paragraph.substring(0, margin);
        int from = margin;
        for (int end = ends.next(); end != BreakIterator.DONE; end = ends.next()) {
            if (end <= from || !mayEnd(paragraph, end)) {
                continue;
            }
            String piece = paragraph.substring(from, end);
            if (!line.isBlank() && width((line + piece).stripTrailing()) > columns) {
                lines.add(line.stripTrailing());
                line = " ".repeat(margin);
            }
            line += piece;
            from = end;
        }
        lines.add(line.stripTrailing());
    }

    /** After a space or beside a wide character, but not after the hyphens of an option. */
    private static boolean mayEnd(String text, int end) {
        return end == text.length()
                || text.charAt(end - 1) == ' '
                || isWide(text.charAt(end - 1))
                || isWide(text.charAt(end));
    }
}
