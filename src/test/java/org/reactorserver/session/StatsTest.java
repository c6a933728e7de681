package org.reactorserver.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactorserver.CloseReason;

/** The counters as a line. */
class StatsTest {
    @Test
    void ofTheReasonsOnlyThoseAreSaidThatThereWere() {
        Map<CloseReason, Long> closed = new EnumMap<>(CloseReason.class);
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, 0L);
        }
        closed.put(CloseReason.END_OF_STREAM, 3L);
        Stats stats = new Stats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, closed);
        assertThat(stats)
                .hasToString(
                        "1 accepted, 2 refused, 4 open, 5 waiting; 8 messages and 6 bytes read, 9 handled, 10 dropped;"
                                + " 11 replies and 7 bytes written, 12 dropped; waiting: 14 B undecoded, 15 B messages,"
                                + " 16 B replies, 17 held, 18 lost; accept failed 3 times; ended: {"
                                + CloseReason.END_OF_STREAM + "=3}");
        assertThat(closed).as("what it was made of stays").hasSize(CloseReason.values().length);
    }
}
