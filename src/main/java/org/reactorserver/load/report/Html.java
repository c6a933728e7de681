package org.reactorserver.load.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What every page needs: text that cannot be taken for tags, and the style sheet. */
final class Html {
    private static final String STYLE_SHEET = "report.css";

    private Html() {}

    /** With control characters and halves of surrogate pairs, which no page may hold, replaced by U+FFFD. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                    boolean isHalf = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
                    out.appendCodePoint(isHalf || Character.isISOControl(c) ? 0xFFFD : c);
                }
            }
        });
        return out.toString();
    }

    /** JSON as the content of a script element, which must not contain the element's end. */
    static String embed(String json) {
        return json.replace("<", "\\u003c");
    }

    static String styleSheet() {
        try (InputStream in = Html.class.getResourceAsStream(STYLE_SHEET)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
