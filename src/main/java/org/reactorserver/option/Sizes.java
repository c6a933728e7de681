package org.reactorserver.option;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as text: {@code 64}, {@code 16KiB}, {@code 1MiB}, {@code 1GiB}; {@code 64k} is 64 KiB. */
public final class Sizes {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,40})(?:([kKmMgG])(?:iB|ib)?|[bB])?");

    /** What some mean by thousands and others by KiB. */
    private static final Pattern AMBIGUOUS = Pattern.compile("([0-9]{1,40}) ?([kKmMgG])i?[bB]?");

    private Sizes() {}

    /** Whether the text is a size, of whatever number of bytes. */
    public static boolean isSize(String text) {
        return FORM.matcher(text).matches();
    }

    /** What to say of a text that is none. */
    public static String misread(String text) {
        Matcher ambiguous = AMBIGUOUS.matcher(text);
        return "'" + text + "' is not a size such as 64, 16KiB or 1MiB"
                + (ambiguous.matches()
                        ? "; did you mean " + ambiguous.group(1)
                                + ambiguous.group(2).toUpperCase(Locale.ROOT) + "iB?"
                        : "");
    }

    /** The number of bytes; null if the text is none, or one of 8 EiB and more. */
    public static Long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int shift = matcher.group(2) == null
                ? 0
                : 10 * (1 + "KMG".indexOf(matcher.group(2).toUpperCase(Locale.ROOT)));
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    /** The shortest form that {@link #parse} reads. */
    public static String text(long bytes) {
        if (bytes == 0 || bytes % 1024 != 0) {
            return Long.toString(bytes);
        }
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
    }
}
