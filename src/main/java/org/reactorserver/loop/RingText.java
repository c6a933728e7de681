package org.reactorserver.loop;

import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;

/** What a {@link Ring} held at one time, for a person: a line for each pass. Immutable; any thread. */
public final class RingText {
    private static final int MOST_IN_A_ROW = 32;
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] events;
    private final long first;
    private final long end;

    RingText(long[] events, long first, long end) {
        this.events = events;
        this.first = first;
        this.end = end;
    }

    /** The last passes, so many at most, with how long before this time of the loop's clock they began. */
    public String text(long now, int most) {
        List<String> lines = lines(now);
        List<String> last = lines.subList(Math.max(0, lines.size() - most), lines.size());
        return last.isEmpty() ? "" : String.join("\n", last) + "\n";
    }

    /** When the select of the pass returned that is not over; null if there is none: it sleeps, or is about to look. */
    public Long unfinishedSince() {
        for (long i = end - 1; i >= first; i--) {
            int place = place(i);
            switch (Note.of(events[place])) {
                case PASS -> {
                    return events[place + 1];
                }
                case SLEEP, OVER -> {
                    return null;
                }
                default -> {}
            }
        }
        return null;
    }

    private int place(long event) {
        return (int) (event & (events.length / 2 - 1)) << 1;
    }

    private List<String> lines(long now) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        Note before = null;
        int inARow = 0;
        for (long i = first; i < end; i++) {
            int place = place(i);
            Note step = Note.of(events[place]);
            long number = Note.number(events[place]);
            long value = events[place + 1];
            if (step == Note.PASS && before != Note.SLEEP || step == Note.SLEEP) {
                end(line, lines);
            }
            if (step != before) {
                leftOut(line, inARow);
                inARow = 0;
                line.append(line.length() == 0 ? "" : "  ").append(word(step));
            }
            if (inARow++ < MOST_IN_A_ROW) {
                append(line, step, number, value, now);
            }
            before = step;
        }
        leftOut(line, inARow);
        end(line, lines);
        return lines;
    }

    private static void end(StringBuilder line, List<String> lines) {
        if (line.length() > 0) {
            lines.add(line.toString());
            line.setLength(0);
        }
    }

    private static void leftOut(StringBuilder line, int inARow) {
        if (inARow > MOST_IN_A_ROW) {
            line.append(" and ").append(inARow - MOST_IN_A_ROW).append(" more");
        }
    }

    private static String word(Note step) {
        return switch (step) {
            case SLEEP -> "sleep";
            case PASS -> "";
            case READY -> "ready";
            case HAND_OFF -> "hand-off";
            case LETTER -> "letters";
            case TIMER -> "timers";
            case SETTLE -> "settle";
            case OVER -> "over";
        };
    }

    private static void append(StringBuilder line, Note step, long number, long value, long now) {
        switch (step) {
            case SLEEP -> line.append(value == 0 ? "" : " " + value + " ms at most");
            case PASS ->
                line.append("%+.3f ms  %d %s"
                        .formatted((value - now) / NANOS_PER_MILLI, number, number == 1 ? "key" : "keys"));
            case READY -> line.append(' ').append(name(number)).append(':').append(ops(value));
            case HAND_OFF -> {}
            case LETTER, SETTLE -> line.append(' ').append(name(number));
            case TIMER -> line.append(" %s(+%.3f ms)".formatted(name(number), value / NANOS_PER_MILLI));
            case OVER -> line.append(" after %.3f ms".formatted(value / NANOS_PER_MILLI));
        }
    }

    /** A session's number; a dash for what is no session's. */
    private static String name(long number) {
        return number == 0 ? "-" : Long.toString(number);
    }

    private static String ops(long ops) {
        return ((ops & SelectionKey.OP_ACCEPT) == 0 ? "" : "a")
                + ((ops & SelectionKey.OP_READ) == 0 ? "" : "r")
                + ((ops & SelectionKey.OP_WRITE) == 0 ? "" : "w");
    }
}
