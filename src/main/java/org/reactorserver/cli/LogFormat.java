package org.reactorserver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.reactorserver.text.JsonText;
import org.reactorserver.text.Log;
import org.reactorserver.text.Printable;
import org.slf4j.event.Level;

/** Log lines for programs, in place of those for people. */
enum LogFormat implements Log.Sink {
    /** For the journal: each line begins with its priority, as sd-daemon(3) has it; the journal knows the time. */
    JOURNAL {
        @Override
        String text(Level level, String thread, String text, Throwable cause) {
            String all = "[" + thread + "] " + text + (cause == null ? "" : "\n" + stack(cause));
            String priority = "<" + priority(level) + ">";
            return priority + all.stripTrailing().replace("\n", "\n" + priority)
                    + "\n"; // each line is one to the journal
        }
    },
    /** An object a line. */
    JSON {
        @Override
        String text(Level level, String thread, String text, Throwable cause) {
            StringBuilder line = new StringBuilder("{\"time\": ");
            JsonText.append(line, Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
            append(line, "level", level.toString());
            append(line, "thread", thread);
            append(line, "message", text);
            if (cause != null) {
                append(line, "exception", stack(cause));
            }
            return line.append("}\n").toString();
        }
    };

    private static final String JOURNAL_STREAM = "JOURNAL_STREAM";
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private static final int ERROR = 3; // of syslog(3)
    private static final int WARNING = 4;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    /** One or more lines, each with its end. */
    abstract String text(Level level, String thread, String text, Throwable cause);

    /** Has the log written as {@link ServeOptions#LOG_FORMAT} has it; before anything is. */
    static void choose(String choice) {
        switch (choice) {
            case "auto" -> Log.to(isJournal(System.getenv(), STANDARD_ERROR) ? JOURNAL : null);
            case "json" -> Log.to(JSON);
            default -> Log.to(null);
        }
    }

    /** Whether systemd has connected this file to its journal, and it has not been redirected since. */
    static boolean isJournal(Map<String, String> environment, Path file) {
        String told = environment.get(JOURNAL_STREAM);
        if (told == null) {
            return false;
        }
        try {
            Map<String, Object> facts = Files.readAttributes(file, "unix:dev,ino");
            return told.equals(facts.get("dev") + ":" + facts.get("ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false; // not Linux
        }
    }

    @Override
    public boolean takes(Level level) {
        return level.toInt() >= (Verbosity.isVerbose() ? Level.DEBUG : Level.INFO).toInt();
    }

    @Override
    public void write(Level level, String text, Throwable cause) {
        System.err.print(text(level, Thread.currentThread().getName(), text, cause));
        System.err.flush();
    }

    private static int priority(Level level) {
        return switch (level) {
            case ERROR -> ERROR;
            case WARN -> WARNING;
            case INFO -> INFO;
            default -> DEBUG;
        };
    }

    private static void append(StringBuilder line, String key, String value) {
        line.append(", \"").append(key).append("\": ");
        JsonText.append(line, value);
    }

    private static String stack(Throwable cause) {
        StringBuilder text = new StringBuilder(Printable.failure(cause, Integer.MAX_VALUE));
        for (Throwable each = cause.getCause(); each != null; each = each.getCause()) {
            text.append("\nCaused by: ").append(Printable.failure(each, Integer.MAX_VALUE));
        }
        return text.toString();
    }
}
