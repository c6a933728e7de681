package org.reactorserver.option;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans as text: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}; also {@code 0} and {@code 1.5s}. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(us|ms|s|m|h)");
    private static final Pattern SPELT = Pattern.compile("([1-9]\\d{0,8}) ?([a-zA-Z]*)");
    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("", "s"),
            Map.entry("s", "s"),
            Map.entry("sec", "s"),
            Map.entry("secs", "s"),
            Map.entry("second", "s"),
            Map.entry("seconds", "s"),
            Map.entry("ms", "ms"),
            Map.entry("msec", "ms"),
            Map.entry("millis", "ms"),
            Map.entry("m", "m"),
            Map.entry("min", "m"),
            Map.entry("mins", "m"),
            Map.entry("minute", "m"),
            Map.entry("minutes", "m"),
            Map.entry("h", "h"),
            Map.entry("hour", "h"),
            Map.entry("hours", "h"));
    private static final Map<String, Long> NANOS =
            Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L);

    /** Deadlines stay comparable by difference (see {@link System#nanoTime}) up to 292 years. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}

    /** The time span; null if the text is none. */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        BigDecimal nanos = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(NANOS.get(matcher.group(2))))
                .setScale(0, RoundingMode.HALF_UP);
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
        return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
    }

    /**
     * What to say of a text that is none, with the nearest one that is. A number without a unit is none: it could be
     * seconds or milliseconds.
     */
    public static String misread(String text) {
        Matcher spelt = SPELT.matcher(text);
        String unit = spelt.matches() ? UNITS.get(spelt.group(2).toLowerCase(Locale.ROOT)) : null;
        return "'" + text + "' is not a duration such as 500ms, 10s or 2m"
                + (unit == null ? "" : "; did you mean " + spelt.group(1) + unit + "?");
    }

    /** The shortest form that {@link #parse} reads. */
    public static String text(Duration duration) {
        long micros = nanos(duration) / 1_000;
        if (micros == 0) {
            return "0";
        }
        if (micros % 1_000 != 0) {
            return micros + "us";
        }
        long millis = micros / 1_000;
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        return seconds % 60 != 0 ? seconds + "s" : seconds / 60 + "m";
    }

    /** In nanoseconds; of more than a hundred years, a hundred years. */
    public static long nanos(Duration duration) {
        return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
    }
}
