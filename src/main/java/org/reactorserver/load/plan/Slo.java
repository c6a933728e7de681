package org.reactorserver.load.plan;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An objective for a run, such as {@code p99<5ms}, {@code errors=0} or {@code errors<1%}. Immutable.
 *
 * <p>Of latencies there are {@code min mean max} and any percentile with up to four decimals, as in {@code p99.95};
 * they are response times in the open model and service times in the closed one, unless {@code response.} or
 * {@code service.} stands before them. Of counts there are {@code errors sent matched mismatched late unanswered
 * lost}, also as a share of the messages sent if a percent sign follows; of messages a second {@code sent/s} and
 * {@code answered/s}. An objective for which there is no data is not met.
 */
public final class Slo {
    private static final Pattern FORM = Pattern.compile("([a-zA-Z0-9./]+)(<=|>=|<|>|=)([0-9.]+)(ns|us|µs|ms|s|m|%)?");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9);
    private static final Pattern LATENCY =
            Pattern.compile("(?:(response|service)\\.)?(min|mean|max|p999|p(\\d{1,2}(?:\\.\\d{1,4})?))");
    private static final Pattern COUNT = Pattern.compile("errors|sent|matched|mismatched|late|unanswered|lost");
    private static final Pattern RATE = Pattern.compile("sent/s|answered/s");
    private static final String PERCENT = "%";

    private final String text;
    private final Kind kind;
    private final String times; // of a latency: "response", "service", or null: as the model has it
    private final String metric;
    private final String relation;
    private final double limit; // nanoseconds, a number or a share

    /** What an objective is about. */
    public enum Kind {
        /** Nanoseconds. */
        LATENCY,
        /** So many. */
        COUNT,
        /** So many, of the messages sent: 0 to 1. */
        SHARE,
        /** So many a second. */
        RATE
    }

    /** What came of an objective. */
    public record Result(String objective, String observed, boolean met) {}

    private Slo(String text, Kind kind, String times, String metric, String relation, double limit) {
        this.text = text;
        this.kind = kind;
        this.times = times;
        this.metric = metric;
        this.relation = relation;
        this.limit = limit;
    }

    /** Whether it is a limit, so that what makes a figure greater cannot be why it is met. */
    public boolean isLimit() {
        return relation.startsWith("<") || relation.equals("=") && limit == 0;
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
        boolean isRate = RATE.matcher(form.group(1)).matches();
        String unit = form.group(4);
        try {
            double number = Double.parseDouble(form.group(3));
            String relation = form.group(2);
            if (isLatency && NANOS.containsKey(String.valueOf(unit))) {
                double limit = number * NANOS.get(unit);
                return new Slo(text, Kind.LATENCY, latency.group(1), latency.group(2), relation, limit);
            } else if (isCount && PERCENT.equals(unit)) {
                return new Slo(text, Kind.SHARE, null, form.group(1), relation, number / 100);
            } else if ((isCount || isRate) && unit == null) {
                return new Slo(text, isRate ? Kind.RATE : Kind.COUNT, null, form.group(1), relation, number);
            }
            throw refused(text);
        } catch (NumberFormatException e) {
            throw refused(text);
        }
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("'" + text + "' is no objective; write for example"
                + " p99<5ms, service.p99.9<=20ms, mean<1ms, errors=0, errors<1% or answered/s>9000");
    }

    /** What it is about. */
    public Kind kind() {
        return kind;
    }

    /** Of a percentile: the share of the samples that it is about, 0 to 1; empty if it is about something else. */
    public OptionalDouble share() {
        Matcher latency = LATENCY.matcher(metric);
        if (kind != Kind.LATENCY || !latency.matches()) {
            return OptionalDouble.empty();
        } else if (metric.equals("p999")) {
            return OptionalDouble.of(0.999);
        }
        String percent = latency.group(3);
        return percent == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(percent) / 100);
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

    /** Whether this is as it should be, in the unit of its {@link #kind}. */
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
