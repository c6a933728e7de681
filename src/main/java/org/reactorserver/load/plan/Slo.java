package org.reactorserver.load.plan;

import java.util.Map;
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
    private final boolean latency; // not a number
    private final String times; // of a latency: "response", "service", or null: as the model has it
    private final String metric;
    private final String relation;
    private final double limit; // nanoseconds, or a number

    /** What came of an objective. */
    public record Result(String objective, String observed, boolean met) {}

    private Slo(String text, boolean latency, String times, String metric, String relation, double limit) {
        this.text = text;
        this.latency = latency;
        this.times = times;
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
        Matcher latency = LATENCY.matcher(form.group(1));
        boolean isLatency = latency.matches();
        boolean isCount = COUNT.matcher(form.group(1)).matches();
        String unit = form.group(4);
        if (isLatency == (unit == null) || isLatency == isCount) {
            throw refused(text);
        }
        try {
            double number = Double.parseDouble(form.group(3));
            double limit = isLatency ? number * NANOS.get(unit) : number;
            String relation = form.group(2);
            return isLatency
                    ? new Slo(text, true, latency.group(1), latency.group(2), relation, limit)
                    : new Slo(text, false, null, form.group(1), relation, limit);
        } catch (NumberFormatException e) {
            throw refused(text);
        }
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("'" + text + "' is no objective; write for example"
                + " p99<5ms, service.p99.9<=20ms, errors=0 or answered/s>9000");
    }

    /** Whether it is about a latency: otherwise it is about a number. */
    public boolean isLatency() {
        return latency;
    }

    /** Of a latency: whether it is about response times, and not about service times. */
    public boolean isOfResponse(boolean openModel) {
        return times == null ? openModel : times.equals("response");
    }

    /** Which latency or number: {@code p99}, {@code errors}, {@code sent/s}. */
    public String metric() {
        return metric;
    }

    /** What came of it. */
    public Result result(String observed, boolean met) {
        return new Result(text, observed, met);
    }

    /** Whether this is as it should be: nanoseconds if it {@linkplain #isLatency is a latency}. */
    public boolean holds(double observed) {
        return switch (relation) {
            case "<" -> observed < limit;
            case "<=" -> observed <= limit;
            case ">" -> observed > limit;
            case ">=" -> observed >= limit;
            default -> observed == limit;
        };
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
