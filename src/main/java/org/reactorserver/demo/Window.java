package org.reactorserver.demo;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.text.Terminal;

/**
 * The room for a demo's output.
 *
 * @param columns how many characters a line has
 * @param rows how many lines are seen at once
 * @param keys where the reader's Enter comes from, when the next lines would push the earlier ones out of sight
 */
public record Window(int columns, int rows, InputStream keys) {
    private static final int IN = 0; // the number of standard input
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,3}) ([1-9]\\d{0,3})\\s*");
    private static final int LEGIBLE = 100; // longer lines are hard to read

    /** A pipe or a file: 80 columns, and nobody to wait for. */
    public static Window endless() {
        return new Window(80, Integer.MAX_VALUE, InputStream.nullInputStream());
    }

    /** That of this process; one of 80 columns and 24 rows if a terminal does not tell. */
    public static Window ofProcess() {
        if (Terminal.of(Terminal.OUT).isEmpty()) {
            return endless();
        }
        Window window = of(sizeOfTerminal(), System.in);
        return Terminal.of(IN).isPresent() ? window : new Window(window.columns, Integer.MAX_VALUE, window.keys);
    }

    /** One of a size as {@code stty size} prints it: rows, columns. */
    static Window of(String size, InputStream keys) {
        Matcher known = SIZE.matcher(size);
        return known.matches()
                ? new Window(
                        Math.min(LEGIBLE, Integer.parseInt(known.group(2))), Integer.parseInt(known.group(1)), keys)
                : new Window(80, 24, keys);
    }

    private static String sizeOfTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .start();
            return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return ""; // there is no such program, or no such file
        }
    }

    /** Waits for a line, or for the end of the input. */
    void awaitEnter() {
        try {
            int key = keys.read();
            while (key >= 0 && key != '\n') {
                key = keys.read();
            }
        } catch (IOException e) {
            return; // as at its end
        }
    }
}
