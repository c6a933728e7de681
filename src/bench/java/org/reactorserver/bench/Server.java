package org.reactorserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.bench.process.Child;

/** A contestant that is up: it has printed its ready line, and so its port is known. */
final class Server implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Pattern READY = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

    private final Child child;
    final int port;
    final long readyAt; // System.nanoTime

    private Server(Child child, int port, long readyAt) {
        this.child = child;
        this.port = port;
        this.readyAt = readyAt;
    }

    static Server start(Contestant contestant, Settings settings) throws IOException, InterruptedException {
        if (contestant.missing() != null) {
            throw new IOException(contestant.missing());
        }
        Child child = Child.start(contestant.command(), Map.of(), settings.log(contestant.id() + ".log"));
        try {
            Matcher ready = child.await(READY, START_LIMIT);
            return new Server(child, Integer.parseInt(ready.group(1)), System.nanoTime());
        } catch (IOException | InterruptedException e) {
            child.close();
            throw e;
        }
    }

    long pid() {
        return child.pid();
    }

    boolean isAlive() {
        return child.isAlive();
    }

    String complaint() {
        return child.complaint();
    }

    @Override
    public void close() {
        child.close();
    }
}
