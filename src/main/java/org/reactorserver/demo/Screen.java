package org.reactorserver.demo;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.reactorserver.text.Words;

/** Where a demo tells what it does: sentences in the reader's language, and bars for its figures. One thread. */
public final class Screen {
    private static final int BAR = 40;
    private static final int LABEL = 18;
    private static final int FIRST_WIDE = 0x1100; // from here on, characters of East Asia take two columns

    private final PrintStream out;
    private final Words words;

    /**
     * One that prints.
     *
     * @param language see {@link Words#beside}
     */
    public Screen(PrintStream out, Locale language) {
        this.out = out;
        this.words = Words.beside(Screen.class, language);
    }

    /** A time on the way: which part of a row it fills, and with what. */
    record Span(double from, double to, char fill) {}

    /** Prints the text with this key; the values go into it. */
    void say(String key, Object... values) {
        line(word(key, values));
    }

    /** The text with this key, which becomes a part of something. */
    String word(String key, Object... values) {
        return words.text(key, values);
    }

    /** Prints a line as it is. */
    void line(String text) {
        out.println(text);
    }

    void blank() {
        out.println();
    }

    /** A bar as long as the value is of the largest one, with the figure that it stands for. */
    void bar(String label, double value, double largest, String figure) {
        int length = largest <= 0 || value <= 0 ? 0 : (int) Math.round(BAR * value / largest);
        String bar = length == 0 ? "▏" : "█".repeat(Math.min(BAR, length));
        line("  " + padded(label, LABEL) + bar + " " + figure);
    }

    /** A row of time from 0 to the end, with what filled it; where spans overlap the later one of the list is seen. */
    void row(String label, List<Span> spans, double end) {
        StringBuilder row = new StringBuilder(" ".repeat(BAR));
        for (Span span : spans) {
            int from = column(span.from, end);
            int to = Math.max(from + 1, column(span.to, end));
            for (int i = from; i < Math.min(BAR, to); i++) {
                row.setCharAt(i, span.fill);
            }
        }
        line("  " + padded(label, LABEL) + row.toString().stripTrailing());
    }

    /** The scale below such rows. */
    void scale(double endMillis) {
        String right = "%,.0f ms".formatted(endMillis);
        line("  " + " ".repeat(LABEL) + "0 ms" + " ".repeat(Math.max(1, BAR - 4 - right.length())) + right);
    }

    private static int column(double time, double end) {
        return (int) Math.max(0, Math.min(BAR - 1.0, BAR * time / end));
    }

    private static String padded(String text, int columns) {
        int width = text.codePoints().map(c -> c >= FIRST_WIDE ? 2 : 1).sum();
        return text + " ".repeat(Math.max(1, columns - width));
    }
}
