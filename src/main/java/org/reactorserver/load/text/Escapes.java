package org.reactorserver.load.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes as they are written in options and scenarios. */
public final class Escapes {
    private Escapes() {}

    /**
     * The UTF-8 of a text, in which {@code \r \n \t \0 \e \\} and {@code \xHH}, one byte, are replaced. A backslash
     * before a character that is neither a letter nor a digit is left out.
     *
     * @throws IllegalArgumentException if there is another escape; names it
     */
    public static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
            out.writeBytes(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
            from = at + 2;
            char c = at + 1 < text.length() ? text.charAt(at + 1) : 0;
            switch (c) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case 'e' -> out.write(0x1B);
                case 'x' -> {
                    String digits = text.substring(from, Math.min(from + 2, text.length()));
                    if (!digits.matches("[0-9a-fA-F]{2}")) {
                        throw new IllegalArgumentException("\\x needs two hexadecimal digits, not '" + digits + "'");
                    }
                    out.write(Integer.parseInt(digits, 16));
                    from += 2;
                }
                default -> {
                    if (c == 0 || Character.isLetterOrDigit(c)) {
                        throw new IllegalArgumentException("'\\" + (c == 0 ? "" : c)
                                + "' is no escape: there are \\r \\n \\t \\0 \\e \\xHH and \\\\");
                    }
                    from = at + 1; // and the character for itself
                    out.writeBytes(text.substring(from, from + Character.charCount(text.codePointAt(from)))
                            .getBytes(StandardCharsets.UTF_8));
                    from += Character.charCount(text.codePointAt(from));
                }
            }
        }
        out.writeBytes(text.substring(Math.min(from, text.length())).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
