package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.bench.process.CProgram;
import org.reactorserver.bench.process.Child;

/**
 * {@code lines.c}, a closed-loop generator with nothing in it: it checks our load client's figures, and shows what a
 * client that checks nothing costs.
 */
final class Lines extends Generator {

    private static final Pattern RESULT =
            Pattern.compile("(\\d+) replies a second, p50 (\\d+) us, p99 (\\d+) us, p99\\.9 (\\d+) us");

    /** It prints when its window ends; a little is cut off both ends, as the trace has gaps. */
    private static final long TRIM_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String program;

    /** Null if it cannot be compiled here. */
    Lines(String program) {
        this.program = program;
    }

    @Override
    String name() {
        return "lines";
    }

    @Override
    String refusal(Load load) {
        if (program == null) {
            return "lines.c: " + CProgram.NO_COMPILER;
        } else if (load.tls() || load.fixedReply()) {
            return "lines.c knows lines and their echo, and no TLS";
        }
        return load.rate() > 0 ? "lines.c has no open model" : null;
    }

    @Override
    List<String> command(Load load, int port, double warmUp, double seconds, Path reportFile) {
        return List.of(
                program,
                Integer.toString(port),
                Integer.toString(load.connections()),
                Integer.toString(load.depth()),
                Integer.toString(load.size()),
                String.format(Locale.ROOT, "%.3f", warmUp),
                String.format(Locale.ROOT, "%.3f", seconds));
    }

    @Override
    Map<String, String> environment(Load load, double warmUp) {
        return Map.of();
    }

    @Override
    Report read(Child finished, int exitCode, double seconds, Path reportFile) throws IOException {
        Matcher result = RESULT.matcher(finished.output());
        if (exitCode != 0 || !result.find()) {
            throw new IOException("lines: exit code " + exitCode + finished.complaint());
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
