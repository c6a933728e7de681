package org.reactorserver.helper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Takes what is printed during a test. */
public final class Console implements BeforeEachCallback, AfterEachCallback {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public void beforeEach(ExtensionContext context) {
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    /** What was printed to standard output. */
    public String out() {
        return out.toString(UTF_8);
    }

    /** What was printed to standard error. */
    public String err() {
        return err.toString(UTF_8);
    }

    /** Forgets what was printed. */
    public void clear() {
        out.reset();
        err.reset();
    }

    /** Both, for the description of an assertion. */
    @Override
    public String toString() {
        return out() + err();
    }
}
