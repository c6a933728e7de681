package org.reactorserver.admin;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A file that is kept back for a request that comes when there is none left, unless the listener gets it first. The JDK's HTTP
 * server does not wait when it cannot accept for want of files: it asks again at once, for ever, and says so only to its
 * log, below what is written. So this listens there, on the server's own thread: gives it the file kept back, and makes it
 * wait if there is none. Where the JDK's logging leads elsewhere, neither happens.
 */
final class Reserve implements Filter {
    private static final String NAME = "com.sun.net.httpserver";
    private static final String DISPATCHER = "HTTP-Dispatcher";
    private static final String WHAT_IS_ALWAYS_THERE = "/dev/null";
    private static final long PAUSE_MILLIS = 100;

    private final Logger logger = Logger.getLogger(NAME); // held: it would be forgotten
    private final Level levelBefore = logger.getLevel();
    private final int leastBefore = least(logger);
    private final Filter filterBefore = logger.getFilter();
    private FileInputStream file; // guarded by this; null: given away
    private boolean closed; // guarded by this
    private volatile long givenAt; // by the JVM's clock; 0: never

    /** Listens, and keeps back a file. */
    Reserve() {
        logger.setLevel(Level.FINER);
        logger.setFilter(this);
        keep();
    }

    /** Keeps back a file again, if it has none and one is to be had. To be called now and then. */
    synchronized void keep() {
        if (file == null && !closed) {
            try {
                file = new FileInputStream(WHAT_IS_ALWAYS_THERE);
            } catch (IOException e) {
                file = null; // later
            }
        }
    }

    /** Whether it was needed within so many nanoseconds. */
    boolean wasNeeded(long within) {
        long at = givenAt;
        return at != 0 && System.nanoTime() - at < within;
    }

    /** On the thread that logs. Nothing is written that was not before. */
    @Override
    public boolean isLoggable(LogRecord record) {
        boolean isDispatcher = Thread.currentThread().getName().equals(DISPATCHER);
        if (isDispatcher && record.getThrown() instanceof IOException && !give()) {
            pause();
        }
        return record.getLevel().intValue() >= leastBefore && (filterBefore == null || filterBefore.isLoggable(record));
    }

    /** From which level on it writes. */
    private static int least(Logger logger) {
        Logger told = logger;
        while (told.getLevel() == null && told.getParent() != null) {
            told = told.getParent();
        }
        return told.getLevel() == null ? Level.INFO.intValue() : told.getLevel().intValue();
    }

    private synchronized boolean give() {
        if (closed) {
            return true;
        }
        givenAt = System.nanoTime() | 1;
        if (file == null) {
            return false;
        }
        try {
            file.close();
        } catch (IOException e) {
            return false; // cannot be
        } finally {
            file = null;
        }
        return true;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the file back, and listens no more, unless somebody who listens behind it passes everything on to it. */
    void close() {
        give();
        synchronized (this) {
            closed = true;
        }
        if (logger.getFilter() == this) {
            logger.setFilter(filterBefore);
            logger.setLevel(levelBefore);
        }
    }
}
