package org.reactorserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import org.reactorserver.text.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/** What is logged while it is open: the log goes to System.err, which it replaces. */
final class Captured implements AutoCloseable {
    private final PrintStream real = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private final Object level = level(null);

    /** Has warnings written, which other tests have not. */
    Captured() {
        this(LocationAwareLogger.WARN_INT);
    }

    private Captured(int wanted) {
        System.setErr(new PrintStream(bytes, true, UTF_8));
        level(wanted);
    }

    /** Has information written too. */
    static Captured withInfo() {
        return new Captured(LocationAwareLogger.INFO_INT);
    }

    /** The level of the server's logger, which is set unless null is given. */
    private static Object level(Object wanted) {
        try {
            Logger logger = LoggerFactory.getLogger("org.reactorserver.ReactorServer");
            Field level = logger.getClass().getDeclaredField("currentLogLevel");
            level.setAccessible(true);
            Object before = level.get(logger);
            if (wanted != null) {
                level.set(logger, wanted);
            }
            return before;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** The lines so far that contain this. */
    List<String> lines(String part) {
        Log.flush(Duration.ofSeconds(30));
        return bytes.toString(UTF_8).lines().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void close() {
        Log.flush(Duration.ofSeconds(30));
        level(level);
        System.setErr(real);
        real.print(bytes.toString(UTF_8));
    }
}
