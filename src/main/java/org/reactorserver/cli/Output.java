package org.reactorserver.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.reactorserver.text.Terminal;

/**
 * In which charset the process prints: on a terminal in the terminal's own, into pipes and files in UTF-8, whatever the
 * locale. Where no locale is set, as in a container, a terminal is taken for one of UTF-8: Java would print every other
 * character as a question mark.
 */
final class Output {
    private Output() {}

    /** Has both streams print so. In a locale of UTF-8 there is nothing to do, and nothing is loaded for it. */
    static void choose() {
        String encoding = System.getProperty("native.encoding");
        if (encoding == null || encoding.equals("UTF-8")) {
            return;
        }
        Charset own = Charset.forName(encoding);
        System.setOut(stream(FileDescriptor.out, Terminal.OUT, own));
        System.setErr(stream(FileDescriptor.err, Terminal.ERR, own));
    }

    private static PrintStream stream(FileDescriptor file, int number, Charset own) {
        OutputStream out = new BufferedOutputStream(new FileOutputStream(file));
        boolean isUtf8 =
                own.equals(StandardCharsets.US_ASCII) || Terminal.of(number).isEmpty();
        return new PrintStream(isUtf8 ? out : new RecodedStream(out, own), true, StandardCharsets.UTF_8);
    }
}
