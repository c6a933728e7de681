package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.reactorserver.bench.process.Child;
import org.reactorserver.bench.report.Json;

/** Our own load client, {@code java -jar reactor-server.jar load}, read through its JSON report. */
final class LoadClient extends Generator {

    private static final int FAILED = 1; // exit code: the server, not the client, did wrong

    /** A slow server that owes 100,000 replies takes some seconds for the last of them. */
    private static final String PATIENCE = "20s";

    /** Of the window, at the least: a shorter part would be all 10 ms ticks. */
    private static final double LEAST_SHARE = 0.4;

    private record Window(long from, long until) {
        boolean isEmpty() {
            return from >= until;
        }
    }

    private final Settings settings;
    private final int threads;

    LoadClient(Settings settings, int threads) {
        this.settings = settings;
        this.threads = threads;
    }

    @Override
    String name() {
        return threads == 1 ? "load" : "load-" + threads;
    }

    @Override
    String refusal(Load load) {
        return Files.isRegularFile(settings.jar) ? null : settings.jar + " is not there";
    }

    @Override
    List<String> command(Load load, int port, double warmUp, double seconds, Path reportFile) {
        List<String> command = new ArrayList<>(List.of(settings.java().toString(), "-jar", settings.jar.toString()));
        command.addAll(List.of("load", "--host", "127.0.0.1"));
        command.addAll(List.of("--port", Integer.toString(port)));
        if (load.tls()) {
            command.addAll(List.of("--tls", "--insecure")); // what it costs is the same
        }
        command.addAll(List.of("--framing", load.fixedReply() ? "chunk" : "line"));
        command.addAll(List.of("--expect", load.fixedReply() ? Load.FIXED_REPLY : "echo"));
        command.addAll(List.of("--connections", Integer.toString(load.connections())));
        command.addAll(List.of("--threads", Integer.toString(threads)));
        // The client's size is without the newline.
        int size = load.fixedReply() ? load.size() : load.size() - 1;
        command.addAll(List.of("--size", Integer.toString(size)));
        if (load.rate() > 0) {
            command.addAll(List.of("--rate", Integer.toString(load.rate())));
        } else {
            command.addAll(List.of("--depth", Integer.toString(load.depth())));
        }
        command.addAll(List.of("--warm-up", millis(warmUp), "--duration", millis(seconds)));
        command.addAll(List.of("--timeout", PATIENCE, "--json", reportFile.toString()));
        return command;
    }

    @Override
    Map<String, String> environment(Load load, double warmUp) {
        return Map.of();
    }

    @Override
    Report read(Child finished, int exitCode, double seconds, Path reportFile) throws IOException {
        if (!Files.isRegularFile(reportFile)) {
            throw new IOException("load: exit code " + exitCode + finished.complaint());
        }
        Map<?, ?> json = (Map<?, ?>) Json.parse(Files.readString(reportFile));
        String verdict = "load says " + json.get("verdict") + " " + json.get("reasons");
        if (exitCode == FAILED) {
            throw new IOException(verdict);
        }
        // The open model's latency counts from the intended send; the closed one claims no more
        // than service time.
        String latency = json.get("responseMicros") == null ? "serviceMicros" : "responseMicros";
        Window window = window(json, finished.lastOutputAt());
        List<String> notes = new ArrayList<>();
        if (exitCode != 0) {
            notes.add(verdict);
        }
        if (window.isEmpty()) {
            notes.add("no CPU figures: connecting took so long that load's window is not certain");
        }
        return new Report(
                Json.number(json, "answeredPerSecond"),
                Json.number(json, "matched"),
                Json.number(json, latency, "p50"),
                Json.number(json, latency, "p99"),
                Json.number(json, latency, "p999"),
                window.from,
                window.until,
                notes.isEmpty() ? null : String.join("; ", notes));
    }

    /**
     * The measured window, of {@link System#nanoTime}. A report that names its beginning is taken at
     * its word. From one that does not, only the moments before connecting and after reporting are
     * known; what lies between them beyond warm-up, measurement and drain is connecting and
     * reporting, in unknown shares. The part of the window that is certain whatever the shares is
     * used then, as traffic is as steady in a part as in the whole; or nothing if it is too short.
     */
    private static Window window(Map<?, ?> json, long ended) {
        double seconds = Json.number(json, "seconds");
        if (json.get("measuredFrom") instanceof String moment) {
            long from = nanoTime(Instant.parse(moment));
            return new Window(from, from + nanos(seconds));
        }
        double warmUp = Json.number(json, "warmUpSeconds");
        long began = nanoTime(Instant.parse(String.valueOf(json.get("began"))));
        long latestStart = ended - nanos(Json.number(json, "drainSeconds")) - nanos(seconds);
        long earliestEnd = began + nanos(warmUp) + nanos(seconds);
        boolean isEnough = earliestEnd - latestStart >= nanos(seconds * LEAST_SHARE);
        return new Window(isEnough ? latestStart : earliestEnd, earliestEnd);
    }

    private static long nanoTime(Instant moment) {
        return System.nanoTime() - Duration.between(moment, Instant.now()).toNanos();
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.0fms", seconds * 1000);
    }
}
