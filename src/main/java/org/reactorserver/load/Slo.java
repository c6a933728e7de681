package org.reactorserver.load;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An objective for a run, such as {@code p99<5ms} or {@code errors=0}. Immutable.
 *
 * <p>Of latencies there are {@code min p50 p90 p99 p99.9 max}; they are response times in the open
 * model and service times in the closed one, unless {@code response.} or {@code service.} stands before
 * them. Of counts there are {@code errors sent matched mismatched late unanswered lost}, of messages a
 * second {@code sent/s} and {@code answered/s}. An objective for which there is no data is not met.
 */
public final class Slo {
    private static final Pattern FORM = Pattern.compile("([a-zA-Z0-9./]+)(<=|>=|<|>|=)([0-9.]+)(ns|us|µs|ms|s|m)?");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9);
    private static final Pattern LATENCY =
            Pattern.compile("(?:(response|service)\\.)?(min|p50|p90|p99|p99\\.9|p999|max)");
    private static final Pattern COUNT =
            Pattern.compile("errors|sent|matched|mismatched|late|unanswered|lost|sent/s|answered/s");

    private final String text;
    private final String metric;
    private final String relation;
    private final double limit; // nanoseconds, or a number

    /** What came of an objective. */
    public record Result(String objective, String observed, boolean met) {}

    private Slo(String text, String metric, String relation, double limit) {
        this.text = text;
        this.metric = metric;
        this.relation = relation;
        this.limit = limit;
    }

    /**
     * Reads an objective.
     *
     * @throws IllegalArgumentException if it is none; says what would be right
     */
    public static Slo parse(String text) {
        Matcher form = FORM.matcher(text.replace(" ", ""));
        if (!form.matches()) {
            throw refused(text);
        }
        boolean isLatency = LATENCY.matcher(form.group(1)).matches();
        boolean isCount = COUNT.matcher(form.group(1)).matches();
        String unit = form.group(4);
        if (isLatency == (unit == null) || isLatency == isCount) {
            throw refused(text);
        }
        try {
            double number = Double.parseDouble(form.group(3));
            double limit = isLatency ? number * NANOS.get(unit) : number;
            return new Slo(text, form.group(1), form.group(2), limit);
        } catch (NumberFormatException e) {
            throw refused(text);
        }
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("'" + text + "' is no objective; write for example"
                + " p99<5ms, service.p99.9<=20ms, errors=0 or answered/s>9000");
    }

    /** Compares the objective with what was observed. */
    Result check(Report report) {
        Matcher latency = LATENCY.matcher(metric);
        boolean isLatency = latency.matches();
        OptionalDouble value =
                isLatency ? nanos(report, latency.group(1), latency.group(2)) : OptionalDouble.of(number(report));
        if (value.isEmpty()) {
            return new Result(text, "no data", false);
        }
        double observed = value.getAsDouble();
        String shown = isLatency
                ? Units.nanos((long) observed)
                : metric.endsWith("/s") ? Units.perSecond(observed) + " a second" : Units.count((long) observed);
        return new Result(text, shown, holds(observed));
    }

    private boolean holds(double observed) {
        return switch (relation) {
            case "<" -> observed < limit;
            case "<=" -> observed <= limit;
            case ">" -> observed > limit;
            case ">=" -> observed >= limit;
            default -> observed == limit;
        };
    }

    private static OptionalDouble nanos(Report report, String which, String metric) {
        boolean response = which == null ? report.response() != null : which.equals("response");
        Latency latency = response ? report.response() : report.service();
        if (latency == null || latency.n() == 0) {
            return OptionalDouble.empty();
        }
        long value = switch (metric.toLowerCase(Locale.ROOT)) {
            case "min" -> latency.min();
            case "p50" -> latency.p50();
            case "p90" -> latency.p90();
            case "p99" -> latency.p99();
            case "max" -> latency.max();
            default -> latency.p999();
        };
        return value < 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private double number(Report report) {
        Report.Messages messages = report.messages();
        return switch (metric) {
            case "errors" ->
                report.errors().stream().mapToLong(Report.ErrorCount::count).sum();
            case "sent" -> messages.sent();
            case "matched" -> messages.matched();
            case "mismatched" -> messages.mismatched();
            case "late" -> messages.late();
            case "unanswered" -> messages.unanswered();
            case "lost" -> messages.lost();
            case "sent/s" -> report.traffic().sentPerSecond();
            default -> report.traffic().answeredPerSecond();
        };
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
