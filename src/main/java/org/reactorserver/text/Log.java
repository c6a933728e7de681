package org.reactorserver.text;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

/**
 * The server's log, to slf4j. The caller is never blocked, however long the log takes to
 * be written or set up, and nothing is thrown at the caller: the text is made and written by a thread of its own,
 * which exists while there is something to say and goes by the name of the thread that said it. What does not
 * fit into the queue is counted, and the count is logged. Any thread.
 *
 * <p>Arguments are put into the text later and by another thread: they must be immutable or safe for that. If the
 * last one is a {@link Throwable} it is logged with its stack.
 */
public final class Log {
    private static final int ENTRIES = 1_024;
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Speaker SPEAKER = new Speaker("log", ENTRIES, IDLE, Log::leftOut);

    /** The server's, named after the class that users know. */
    public static final Log LOG = named("org.reactorserver.ReactorServer");

    private static volatile Sink sink; // null: slf4j
    private static volatile IOException failure; // of the last write; null: none
    private static Log last; // that wrote; the speaker's thread

    private final String name;

    /** Whether debug was written the last time; null: not known. Only the thread that writes may ask. */
    private volatile Boolean debugs;

    /** Where it goes in place of slf4j. Called on one thread, which has the name of the one that said it. */
    public interface Sink {
        /** Whether this level is to be written. */
        boolean takes(Level level);

        /** Writes it; the cause may be null. */
        void write(Level level, String text, Throwable cause);
    }

    /** Sends everything there from now on, whatever its name; null is slf4j again. */
    public static void to(Sink other) {
        sink = other;
    }

    private Log(String name) {
        this.name = name;
    }

    /** Another one. */
    public static Log named(String name) {
        return new Log(name);
    }

    /** An error, which needs attention. */
    public void error(String format, Object... arguments) {
        say(Level.ERROR, format, arguments);
    }

    /** A condition that may need a change of the configuration. */
    public void warn(String format, Object... arguments) {
        say(Level.WARN, format, arguments);
    }

    /** The same with a text that is dear to make: it is made by the thread that writes, if it is written at all. */
    public void warn(Supplier<String> text) {
        try {
            SPEAKER.say(() -> {
                if (warns()) {
                    write(Level.WARN, "{}", text.get());
                }
            });
        } catch (Throwable e) { // no memory for so much as the task
            SPEAKER.leaveOut();
        }
    }

    /** Information. */
    public void info(String format, Object... arguments) {
        say(Level.INFO, format, arguments);
    }

    /** What helps to find a fault. */
    public void debug(String format, Object... arguments) {
        say(Level.DEBUG, format, arguments);
    }

    /** Whether {@link #debug} was written when this log last wrote; false before. */
    public boolean isDebugEnabled() {
        return Boolean.TRUE.equals(debugs);
    }

    /**
     * Waits until what has been said so far is written.
     *
     * @param atMost how long at most; the reader of the log may have stopped
     * @return whether it is written
     */
    public static boolean flush(Duration atMost) {
        return SPEAKER.flush(atMost);
    }

    /** How many lines were left out since the start, because they came faster than they could be written. */
    public static long everLeftOut() {
        return SPEAKER.everLeftOut();
    }

    /** For how long the line has been under way that is being written, in nanoseconds; 0 if there is none. */
    public static long busyNanos() {
        return SPEAKER.busyNanos();
    }

    /** Reports why the last write to the log failed; null if it did not. Called by the owner of the stream. */
    public static void wrote(IOException failed) {
        failure = failed;
    }

    /** Why the last write failed; null if it did not, or nobody knows. */
    public static IOException failure() {
        return failure;
    }

    private void say(Level level, String format, Object... arguments) {
        if (level == Level.DEBUG && Boolean.FALSE.equals(debugs)) {
            return; // of the others there are few
        }
        try {
            SPEAKER.say(() -> {
                last = this;
                write(level, format, arguments);
            });
        } catch (Throwable e) { // no memory for so much as the task
            SPEAKER.leaveOut();
        }
    }

    private void write(Level level, String format, Object... arguments) {
        Sink other = sink;
        if (other != null) {
            debugs = other.takes(Level.DEBUG);
            if (other.takes(level)) {
                FormattingTuple made = MessageFormatter.arrayFormat(format, arguments);
                other.write(level, made.getMessage(), made.getThrowable());
            }
            return;
        }
        Logger logger = logger();
        switch (level) {
            case ERROR -> logger.error(format, arguments);
            case WARN -> logger.warn(format, arguments);
            case INFO -> logger.info(format, arguments);
            default -> logger.debug(format, arguments);
        }
    }

    private boolean warns() {
        Sink other = sink;
        return other == null ? logger().isWarnEnabled() : other.takes(Level.WARN);
    }

    /** Sets up logging if that is not done, which takes as long as to start the server. The speaker's thread. */
    private Logger logger() {
        Logger logger = LoggerFactory.getLogger(name);
        debugs = logger.isDebugEnabled();
        return logger;
    }

    private static void leftOut(long entries) {
        (last == null ? LOG : last).write(Level.WARN, "{} log lines were left out", entries);
    }
}
