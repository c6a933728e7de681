package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.reactorserver.bench.process.CProgram;
import org.reactorserver.bench.process.Child;
import org.reactorserver.bench.report.Metric;

/**
 * Ten connections of a process of their own that ask one thing at a time, with a pause of 10 ms
 * after each reply: at most 1,000 requests a second in all, so that what they see is how others are
 * treated and not what they do themselves. Its program is {@code polite.c}.
 */
final class Polite implements AutoCloseable {

    private static final int CONNECTIONS = 10;
    private static final int PAUSE_MILLIS = 10;
    private static final Duration START_LIMIT = Duration.ofSeconds(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final Pattern ASKING = Pattern.compile("asking");

    /** Both in nanoseconds; {@link System#nanoTime} counts as the program does. */
    private record Request(long sent, long took) {}

    private final Child child;
    private final Path file;
    private final List<Request> requests = new ArrayList<>();

    private Polite(Child child, Path file) {
        this.child = child;
        this.file = file;
    }

    static Polite start(Run run, Server server, String logName) throws IOException, InterruptedException {
        String program = run.contestants.polite;
        if (program == null) {
            throw new IOException("polite.c: " + CProgram.NO_COMPILER);
        }
        Path file = run.settings.log(logName + ".polite");
        Files.deleteIfExists(file); // an old one must not pass for this run's
        List<String> command = List.of(
                program,
                Integer.toString(server.port),
                Integer.toString(CONNECTIONS),
                Integer.toString(PAUSE_MILLIS),
                file.toString());
        Child child = Child.start(command, Map.of(), run.settings.log("polite.log"));
        try {
            child.await(ASKING, START_LIMIT);
        } catch (IOException | InterruptedException e) {
            child.close();
            throw e;
        }
        return new Polite(child, file);
    }

    /** Ends the asking; fails if a connection failed meanwhile. */
    void end() throws IOException, InterruptedException {
        child.endInput();
        int exitCode = child.waitFor(END_LIMIT);
        if (exitCode != 0) {
            throw new IOException("polite: exit code " + exitCode + child.complaint());
        }
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split(" ");
            requests.add(new Request(Long.parseLong(fields[0]), Long.parseLong(fields[1])));
        }
    }

    /**
     * What requests took that were sent between two moments of {@link System#nanoTime}; after {@link
     * #end}.
     */
    Map<Metric, Double> between(long from, long until) throws IOException {
        long[] took = requests.stream()
                .filter(request -> request.sent >= from && request.sent < until)
                .mapToLong(Request::took)
                .sorted()
                .toArray();
        if (took.length == 0) {
            throw new IOException("no polite request was sent in that time");
        }
        return Map.of(Metric.P50, micros(took, 0.5), Metric.P99, micros(took, 0.99));
    }

    private static double micros(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(1, rank) - 1] / 1e3;
    }

    @Override
    public void close() {
        child.close();
    }
}
