package org.reactorserver.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.reactorserver.text.Log;
import org.reactorserver.text.Terminal;

/**
 * In which charset the process prints: on a terminal in the terminal's own, into pipes and files in UTF-8, whatever the
 * locale. Where no locale is set, as in a container, a terminal is taken for one of UTF-8: Java would print every other
 * character as a question mark.
 */
final class Output {
    private Output() {}

    /** Has both streams print so, and the log know whether it can be written. */
    static void choose() {
        String encoding = System.getProperty("native.encoding");
        Charset own = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        OutputStream err = new LogFile(new FileOutputStream(FileDescriptor.err));
        System.setErr(stream(err, Terminal.ERR, own));
        if (!own.equals(StandardCharsets.UTF_8)) {
            System.setOut(stream(new FileOutputStream(FileDescriptor.out), Terminal.OUT, own));
        }
    }

    private static PrintStream stream(OutputStream file, int number, Charset own) {
        OutputStream out = new BufferedOutputStream(file);
        boolean isUtf8 = own.equals(StandardCharsets.UTF_8)
                || own.equals(StandardCharsets.US_ASCII)
                || Terminal.of(number).isEmpty();
        return new PrintStream(isUtf8 ? out : new RecodedStream(out, own), true, StandardCharsets.UTF_8);
    }

    /** Standard error, to which the log goes. A print stream keeps to itself that it cannot write. */
    private static final class LogFile extends FilterOutputStream {
        LogFile(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
                Log.wrote(null);
            } catch (IOException e) {
                Log.wrote(e);
                throw e;
            }
        }
    }
}
