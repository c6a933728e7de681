package org.reactorserver.load.text;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers for people to read: always with their unit, always with a point. */
public final class Units {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private Units() {}

    /** {@code 812 ns}, {@code 81.2 µs}, {@code 8.12 ms}, {@code 81.2 s}: three digits, also when rounded up. */
    public static String nanos(long nanos) {
        if (nanos < MICRO) {
            return nanos + " ns";
        } else if (nanos < MILLI - MICRO / 2) {
            return threeDigits(nanos / (double) MICRO) + " µs";
        } else if (nanos < SECOND - MILLI / 2) {
            return threeDigits(nanos / (double) MILLI) + " ms";
        }
        return threeDigits(nanos / (double) SECOND) + " s";
    }

    /** A number as one types it: {@code 2000}, {@code 0.5}. */
    public static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 12,345}, or {@code 1.23} if it is small. */
    public static String perSecond(double rate) {
        return rate >= 100 || rate == Math.rint(rate) ? count(Math.round(rate)) : threeDigits(rate);
    }

    /** {@code 81.2 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1_000 && unit < 3) {
            value /= 1_000;
            unit++;
        }
        return threeDigits(value) + " " + "kMGT".charAt(unit) + "B";
    }

    /** {@code 1 message}, {@code 2 messages}. */
    public static String plural(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** {@code 12.3 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.2f %%" : "%.1f %%", share * 100);
    }

    private static String threeDigits(double value) {
        int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
