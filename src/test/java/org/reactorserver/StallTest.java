package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pass that takes too long is logged, with what it did. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StallTest {
    private static final String STALL = "a pass took ";

    private HandRun server;

    /** Its handler, which runs in the midst of a pass, takes as many milliseconds as the message says. */
    private HandRun start(Duration stallAfter) throws IOException {
        server = new HandRun(HandRun.lines((session, message) -> {
                    server.leap(Duration.ofMillis(Long.parseLong(message)));
                    session.send(message);
                })
                .stallAfter(stallAfter));
        server.inTheLoop = true;
        return server;
    }

    private void ask(TestClient client, int millis) throws IOException {
        client.send(millis + "\n");
        assertThat(server.line(client)).isEqualTo(Integer.toString(millis));
    }

    @Test
    void itIsToldWithTheSessionsThatItLookedAfter() throws Exception {
        try (Captured log = new Captured();
                HandRun started = start(Duration.ofMillis(250));
                TestClient client = started.connect()) {
            ask(client, 250);
            assertThat(log.lines(STALL)).as("as long as it may take").isEmpty();
            ask(client, 251);
            assertThat(log.lines(STALL)).singleElement().asString().endsWith("a pass took 251 ms; the last ones were:");
            assertThat(log.lines("over after 251.000 ms"))
                    .singleElement()
                    .asString()
                    .contains("1 key  ready 1:r  hand-off  letters ");
        }
    }

    @Test
    void zeroIsNever() throws Exception {
        try (Captured log = new Captured();
                HandRun started = start(Duration.ZERO);
                TestClient client = started.connect()) {
            ask(client, 3_600_000);
            assertThat(log.lines(STALL)).isEmpty();
        }
    }
}
