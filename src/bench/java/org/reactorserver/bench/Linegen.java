package org.reactorserver.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.bench.process.Child;

/**
 * linegen, an independent closed-loop generator in C that is not part of this project: {@code
 * linegen PORT CONNECTIONS DEPTH SIZE SECONDS}, warm-up in the environment variable {@code WARM}.
 * It checks our load client's figures, and costs less CPU where there is little to share.
 */
final class Linegen extends Generator {

    private static final Pattern RESULT =
            Pattern.compile("msgs/s ([\\d.]+)\\s+p50 (\\d+) us p90 \\d+ p99 (\\d+) p99\\.9 (\\d+)");

    /** It prints when its window ends; a little is cut off both ends, as the trace has gaps. */
    private static final long TRIM_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path program;

    Linegen(Path program) {
        this.program = program;
    }

    @Override
    String name() {
        return "linegen";
    }

    @Override
    String refusal(Load load) {
        if (load.tls()) {
            return "linegen has no TLS";
        }
        return load.rate() > 0 ? "linegen has no open model" : null;
    }

    @Override
    List<String> command(Load load, int port, double warmUp, double seconds, Path reportFile) {
        return List.of(
                program.toAbsolutePath().toString(),
                Integer.toString(port),
                Integer.toString(load.connections()),
                Integer.toString(load.depth()),
                Integer.toString(load.size()),
                Double.toString(seconds));
    }

    @Override
    Map<String, String> environment(Load load, double warmUp) {
        int replyBytes = Load.FIXED_REPLY.getBytes(StandardCharsets.UTF_8).length;
        String warm = Double.toString(warmUp);
        return load.fixedReply()
                ? Map.of("WARM", warm, "REPLY_BYTES", Integer.toString(replyBytes))
                : Map.of("WARM", warm);
    }

    @Override
    Report read(Child finished, int exitCode, double seconds, Path reportFile) throws IOException {
        Matcher result = RESULT.matcher(finished.output());
        if (exitCode != 0 || !result.find()) {
            throw new IOException("linegen: exit code " + exitCode + finished.complaint());
        }
        double perSecond = Double.parseDouble(result.group(1));
        long window = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        return new Report(
                perSecond,
                perSecond * seconds,
                Double.parseDouble(result.group(2)),
                Double.parseDouble(result.group(3)),
                Double.parseDouble(result.group(4)),
                finished.lastOutputAt() - window + TRIM_NANOS,
                finished.lastOutputAt() - TRIM_NANOS,
                null);
    }
}
