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
    // Of xterm's 256 colours, those that have a contrast of 4.5 or more there. The first one is the selector's.

    static final int[] NONE = {};

    /** For pipes and files. */
    static final TraceLayout PLAIN = new TraceLayout(false, NONE);

    /** Where the background is not known: the only ones with 4.5 on white and on black; it is 3.5 on dark grey. */
    static final int[] ON_ANY = {63, 29, 163, 131, 98, 243};

    static final int[] ON_DARK = {75, 113, 176, 209, 79, 141};

    static final int[] ON_LIGHT = {25, 28, 90, 130, 161, 240};

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");
    private static final String SELECTOR = "selector";
    private static final String WORKER = "worker-";
    private static final int COLUMN = 12;
    private static final String RULE = "─".repeat(40);

    private final boolean hasColumns;
    private final int[] colours;

    TraceLayout(boolean hasColumns, int... colours) {
        this.hasColumns = hasColumns;
        this.colours = colours;
    }

    /** The one for standard error. */
    static TraceLayout of(Map<String, String> environment) {
        boolean isTerminal = Terminal.of(Terminal.ERR).isPresent();
        boolean wantsNone = !environment.getOrDefault("NO_COLOR", "").isEmpty(); // no-color.org
        boolean hasColours = isTerminal && !wantsNone && Terminal.isClever(environment.get("TERM"));
        return new TraceLayout(isTerminal, hasColours ? colours(environment.get("COLORFGBG")) : NONE);
    }

    /**
     * Those for the background of a terminal.
     *
     * @param colorFgBg what some terminals say of themselves, as {@code 15;0} or {@code 0;default;15}: the last number
     *     is the background's, of the 16 colours; null and all else is one that is not known
     */
    static int[] colours(String colorFgBg) {
        String background = colorFgBg == null ? "" : colorFgBg.replaceFirst(".*;", "");
        return background.matches("[0-68]") ? ON_DARK : background.matches("7|9|1[0-5]") ? ON_LIGHT : ON_ANY;
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
        return colour > 0 ? "\033[38;5;" + colour + "m" + text + "\033[m" : text;
    }

    /** Zero for none, as threads have that are none of the server's. */
    private int colour(String thread) {
        if (colours.length == 0) {
            return 0;
        }
        if (thread.equals(SELECTOR)) {
            return colours[0];
        }
        String number = thread.startsWith(WORKER) ? thread.substring(WORKER.length()) : "";
        return number.matches("[0-9]{1,9}") ? colours[1 + Integer.parseInt(number) % (colours.length - 1)] : 0;
    }

    private static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - text.length()));
    }
}
