package org.reactorserver.load.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The self-test itself: it counts rightly wherever it runs, and it can fail. */
@Timeout(120)
class SelfTestTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);

    @Test
    void whatIsCountedIsRightOnAnyMachine() throws Exception {
        int code = new SelfTest(out, 1).run();
        assertThat(bytes.toString(UTF_8))
                .contains("right  a drop in every hundred replies: 50 found of 50")
                .contains("right  a duplicate in every hundred replies: 50 found of 50");
        assertThat(code).isIn(0, 3);
        assertThat(bytes.toString(UTF_8).contains("WRONG")).isEqualTo(code == 3);
    }

    @Test
    void aTimeThatIsNotWhatItShouldBeIsWrong() throws Exception {
        new SelfTest(out).constant(5_000_000, 20_000_000);
        assertThat(bytes.toString(UTF_8))
                .startsWith("again  every reply after 5.00 ms: p50 2")
                .containsPattern("\nWRONG  every reply after 5.00 ms: p50 2.*\\(the server took [2-9]\\d.*\\), p99")
                .contains("should be 5.00 ms");
    }
}
