package org.reactorserver.metrics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The numbers as a text: in Prometheus' format 0.0.4, or as OpenMetrics 1.0. Any thread.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
public final class Exposition implements Registry {
    /** What {@link #text} is called by HTTP if it is not OpenMetrics. */
    public static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** What it is called if it is. */
    public static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final int NANO_DIGITS = 9;

    private enum Type {
        COUNTER("counter", "_total"),
        GAUGE("gauge", ""),
        HISTOGRAM("histogram", ""),
        INFO("info", "_info");

        private final String word;
        private final String suffix;

        Type(String word, String suffix) {
            this.word = word;
            this.suffix = suffix;
        }
    }

    /** Writes the lines of one metric; {@code name} is as they begin. */
    private interface Samples {
        void write(String name, StringBuilder out);
    }

    private record Family(Type type, String help, List<Samples> samples) {}

    private final Map<String, Family> families = new LinkedHashMap<>(); // guarded by this

    private synchronized void add(Type type, String name, String help, Samples samples) {
        families.computeIfAbsent(name, first -> new Family(type, help, new CopyOnWriteArrayList<>()))
                .samples
                .add(samples);
    }

    @Override
    public void counter(String name, String help, LongSupplier value, String... labels) {
        add(Type.COUNTER, name, help, sample(() -> Long.toString(value.getAsLong()), labels));
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        add(Type.GAUGE, name, help, sample(() -> number(value.getAsDouble()), labels));
    }

    @Override
    public void info(String name, String help, String... labels) {
        add(Type.INFO, name, help, sample(() -> "1", labels));
    }

    @Override
    public LongConsumer histogram(String name, String help, Unit unit) {
        Histogram histogram = Histogram.of(unit);
        int digits = unit == Unit.SECONDS ? NANO_DIGITS : 0;
        add(Type.HISTOGRAM, name, help, (line, out) -> {
            long[] bounds = histogram.bounds();
            long[] counts = histogram.counts();
            long total = 0;
            for (int i = 0; i < counts.length; i++) {
                total += counts[i];
                String bound = i < bounds.length ? scaled(bounds[i], digits) : "+Inf";
                sample(line + "_bucket", labels("le", bound), Long.toString(total), out);
            }
            sample(line + "_sum", "", scaled(histogram.sum(), digits), out);
            sample(line + "_count", "", Long.toString(total), out);
        });
        return histogram;
    }

    /** Everything as it is now. */
    public String text(boolean isOpenMetrics) {
        StringBuilder out = new StringBuilder(16 * 1024);
        registered().forEach((name, family) -> {
            String line = name + family.type.suffix;
            String called = isOpenMetrics ? name : line;
            boolean isInfo = family.type == Type.INFO && !isOpenMetrics; // which Prometheus' format does not know
            out.append("# HELP ").append(called).append(' ').append(family.help).append('\n');
            out.append("# TYPE ").append(called).append(' ').append(isInfo ? Type.GAUGE.word : family.type.word);
            out.append('\n');
            String unit = name.substring(name.lastIndexOf('_') + 1);
            if (isOpenMetrics && (unit.equals("seconds") || unit.equals("bytes"))) {
                out.append("# UNIT ").append(called).append(' ').append(unit).append('\n');
            }
            family.samples.forEach(each -> each.write(line, out));
        });
        return out.append(isOpenMetrics ? "# EOF\n" : "").toString();
    }

    private synchronized Map<String, Family> registered() {
        return new LinkedHashMap<>(families);
    }

    private static Samples sample(Supplier<String> value, String... labels) {
        String text = labels(labels);
        return (line, out) -> sample(line, text, value.get(), out);
    }

    private static void sample(String line, String labels, String value, StringBuilder out) {
        out.append(line).append(labels).append(' ').append(value).append('\n');
    }

    private static String labels(String... labels) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < labels.length; i += 2) {
            String value =
                    labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            pairs.add(labels[i] + "=\"" + value + "\"");
        }
        return pairs.isEmpty() ? "" : "{" + String.join(",", pairs) + "}";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** In decimal, and with a point where there may be something behind it, as OpenMetrics wants bounds. */
    private static String scaled(long value, int digits) {
        String text = BigDecimal.valueOf(value, digits).stripTrailingZeros().toPlainString();
        return text.indexOf('.') < 0 ? text + ".0" : text;
    }
}
