package org.reactorserver.load.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.reactorserver.load.text.Units;

/** What every page needs: text that cannot be taken for tags, and the style sheet. */
final class Html {
    private static final String STYLE_SHEET = "report.css";

    private Html() {}

    static String escape(String text) {
        return Units.printable(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
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
