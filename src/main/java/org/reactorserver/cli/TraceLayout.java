package org.reactorserver.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.reactorserver.text.Terminal;

/**
 * How a line of the trace looks. In a pipe or a file it is as it is; on a terminal the selector thread has one column
 * and the others have another one, each thread has a colour, and a rule stands before each pass. Immutable; any thread.
 */
final class TraceLayout {
    /** For pipes and files. */
    static final TraceLayout PLAIN = new TraceLayout(false, false);

    /** Of xterm's 256 colours, those that can be read on black and on white. The first one is the selector's. */
    static final int[] COLOURS = {32, 64, 133, 166, 30, 98};

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");
    private static final String SELECTOR = "selector";
    private static final String WORKER = "worker-";
    private static final int COLUMN = 12;
    private static final String RULE = "─".repeat(40);

    private final boolean hasColumns;
    private final boolean hasColours;

    TraceLayout(boolean hasColumns, boolean hasColours) {
        this.hasColumns = hasColumns;
        this.hasColours = hasColours;
    }

    /** The one for standard error. */
    static TraceLayout of(Map<String, String> environment) {
        boolean isTerminal = Terminal.of(Terminal.ERR).isPresent();
        boolean wantsNone = !environment.getOrDefault("NO_COLOR", "").isEmpty(); // no-color.org
        return new TraceLayout(isTerminal, isTerminal && !wantsNone && Terminal.isClever(environment.get("TERM")));
    }

    /** A step of a thread. */
    String line(Instant time, String thread, String text) {
        String name = "[" + thread + "]";
        String column = !hasColumns
                ? name
                : thread.equals(SELECTOR) ? padded(name, 2 * COLUMN) : " ".repeat(COLUMN) + padded(name, COLUMN);
        return TIME.format(time.atZone(ZoneId.systemDefault())) + " " + coloured(thread, column + " " + text);
    }

    /** What stands before a pass; null if nothing does. */
    String rule(long pass) {
        return hasColumns ? RULE + " pass " + pass : null;
    }

    private String coloured(String thread, String text) {
        int colour = colour(thread);
        return hasColours && colour > 0 ? "\033[38;5;" + colour + "m" + text + "\033[m" : text;
    }

    /** Zero for threads that are none of the server's. */
    private static int colour(String thread) {
        if (thread.equals(SELECTOR)) {
            return COLOURS[0];
        }
        String number = thread.startsWith(WORKER) ? thread.substring(WORKER.length()) : "";
        return number.matches("[0-9]{1,9}") ? COLOURS[1 + Integer.parseInt(number) % (COLOURS.length - 1)] : 0;
    }

    private static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - text.length()));
    }
}
