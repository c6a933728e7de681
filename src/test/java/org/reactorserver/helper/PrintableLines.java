package org.reactorserver.helper;

import java.util.regex.Pattern;

/** What a line of a log or a transcript must not hold. */
public final class PrintableLines {
    /** All but the joiners of Persian words and of composed emoji. */
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\\u200C\\u200D]]");

    private PrintableLines() {}

    /** Whether nothing in it moves the cursor, ends the line, or is not seen. */
    public static boolean isPrintable(String text) {
        return !UNPRINTABLE.matcher(text).find();
    }
}
