package org.reactorserver.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as text: {@code 64}, {@code 16KiB}, {@code 1MiB}, {@code 1GiB}. */
public final class Sizes {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,40})(KiB|MiB|GiB|B)?");

    private Sizes() {}

    /** Whether the text is a size, of whatever number of bytes. */
    public static boolean isSize(String text) {
        return FORM.matcher(text).matches();
    }

    /** What to say of a text that is none. */
    public static String misread(String text) {
        return "'" + text + "' is not a size such as 64, 16KiB or 1MiB";
    }

    /** The number of bytes; null if the text is none, or one of 8 EiB and more. */
    public static Long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int shift = unit.equals("B") ? 0 : unit.equals("KiB") ? 10 : unit.equals("MiB") ? 20 : 30;
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
