package org.reactorserver.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.reactorserver.text.Words;

/** Where a demo tells what it does: sentences in the reader's language, and bars for its figures. One thread. */
public final class Screen {
    private static final int BAR = 40;
    private static final int SHORTEST_BAR = 10;
    private static final int BESIDE_A_BAR = 40; // columns for a label and a figure

    private final PrintStream out;
    private final Words words;
    private final Window window;
    private final int cells;
    private List<String> held; // a part that is printed when it is complete; null: each line at once
    private int seen; // lines since the start, or since the reader was waited for

    /**
     * One that prints.
     *
     * @param language see {@link Words#beside}
     */
    public Screen(PrintStream out, Locale language, Window window) {
        this.out = out;
        this.words = Words.beside(Screen.class, language);
        this.window = window;
        this.cells = Math.max(SHORTEST_BAR, Math.min(BAR, window.columns() - BESIDE_A_BAR));
    }

    /** A value in a chart, with the figure that it stands for. */
    record Bar(String label, double value, String figure) {}

    /** A time on the way: which part of a row it fills, and with what. */
    record Span(double from, double to, char fill) {}

    /** What happened to one of several in the course of time; where spans overlap the later one is seen. */
    record Row(String label, List<Span> spans) {}

    /** Prints the text with this key; the values go into it. */
    void say(String key, Object... values) {
        text(word(key, values));
    }

    /** Prints a text of several lines, if it is too long for one. */
    void text(String text) {
        Layout.wrapped(text, window.columns()).forEach(this::line);
    }

    /** The text with this key, which becomes a part of something. */
    String word(String key, Object... values) {
        return words.text(key, values);
    }

    /** So many of the things with this key. */
    String count(String key, long count) {
        return word(count == 1 ? key + ".one" : key + ".many", count);
    }

    /** Prints a line as it is. */
    void line(String text) {
        if (held == null) {
            out.println(text);
            seen++;
        } else {
            held.add(text);
        }
    }

    void blank() {
        line("");
    }

    /**
     * Prints what this says, all of it at once. If it would push what is seen off the terminal, the reader presses Enter
     * first.
     */
    void part(Runnable part) {
        List<String> lines = new ArrayList<>();
        held = lines;
        part.run();
        held = null;
        if (seen > 0 && seen + lines.size() >= window.rows()) { // one row is for the cursor
            out.print(word("enter"));
            out.flush();
            window.awaitEnter();
            seen = 0;
        }
        lines.forEach(this::line);
    }

    /** Bars below each other, each as long as its value is of the largest one of the demo. */
    void chart(double largest, List<Bar> bars) {
        int label = widest(bars.stream().map(Bar::label).toList());
        for (Bar each : bars) {
            int length = Layout.cells(each.value, largest, cells);
            String bar = length == 0 ? "▏" : "█".repeat(length);
            line("  " + Layout.padded(each.label, label) + bar + " " + each.figure);
        }
    }

    /** Rows of time below each other, from 0 to the end, and their scale. */
    void timeline(double endMillis, List<Row> rows) {
        int label = widest(rows.stream().map(Row::label).toList());
        for (Row each : rows) {
            StringBuilder row = new StringBuilder(" ".repeat(cells));
            for (Span span : each.spans) {
                int from = Math.min(cells - 1, Layout.cells(span.from, endMillis, cells));
                int to = Math.max(from + 1, Layout.cells(span.to, endMillis, cells));
                row.replace(from, to, String.valueOf(span.fill).repeat(to - from));
            }
            line("  " + Layout.padded(each.label, label) + row.toString().stripTrailing());
        }
        String right = Layout.figure("%,.0f ms", endMillis);
        line(" ".repeat(2 + label) + "0 ms" + " ".repeat(Math.max(1, cells - 4 - right.length())) + right);
    }

    private static int widest(List<String> labels) {
        return 1 + labels.stream().mapToInt(Layout::width).max().orElse(0);
    }
}
