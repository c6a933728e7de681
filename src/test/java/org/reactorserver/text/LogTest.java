package org.reactorserver.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log as slf4j-simple writes it to a standard error that may be stuck. */
@Timeout(60)
class LogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String NAME = LogTest.class.getName();
    private static final Log LOG = Log.named(NAME);

    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void writeThisOne() {
        System.setProperty("org.slf4j.simpleLogger.log." + NAME, "info"); // no others: see simplelogger.properties
    }

    @BeforeEach
    void listenIn() {
        assertThat(Log.flush(PATIENCE)).isTrue();
        System.setErr(new PrintStream(err, true, UTF_8));
    }

    @AfterEach
    void listenNoMore() {
        assertThat(Log.flush(PATIENCE)).isTrue();
        System.setErr(realErr);
    }

    private String written() {
        assertThat(Log.flush(PATIENCE)).isTrue();
        return err.toString(UTF_8);
    }

    @Test
    void writesWithTheNameOfTheThreadThatSpoke() throws InterruptedException {
        Thread thread = new Thread(() -> LOG.warn("a {} with {}", "text", 2), "speaker-7");
        thread.start();
        thread.join();
        assertThat(written()).contains("[speaker-7] WARN", "a text with 2");
    }

    @Test
    void everyLevelAndAStack() {
        LOG.error("an error", new IllegalStateException("the cause"));
        LOG.warn(() -> "a warning");
        LOG.info("an info {}");
        LOG.debug("a debug");
        assertThat(written())
                .contains("ERROR", "an error", "java.lang.IllegalStateException: the cause", "\tat ", "WARN")
                .contains("a warning", "an info {}")
                .doesNotContain("a debug");
        assertThat(LOG.isDebugEnabled()).isFalse();
    }

    @Test
    void aTextThatCannotBeMadeHurtsNobody() {
        LOG.warn(() -> {
            throw new IllegalStateException("said by a test");
        });
        LOG.info("next");
        assertThat(written()).contains("next", "1 log lines were left out");
    }

    @Test
    void aStandardErrorThatNobodyReadsHoldsNobodyUp() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        stuck.countDown();
                        try {
                            released.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        err.write(b);
                    }
                },
                true,
                UTF_8));
        LOG.info("first");
        assertThat(stuck.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 3_000; i++) {
            LOG.warn("number {}", i); // would hang here
        }
        assertThat(Log.flush(Duration.ofMillis(10))).isFalse();
        assertThat(err.size()).isZero();
        released.countDown();
        assertThat(written())
                .contains("number 1023", "1976 log lines were left out")
                .doesNotContain("number 1024");
    }
}
