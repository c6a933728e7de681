package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many messages a second of one session are handled, by a clock that stands still until it is moved. */
class PaceTest {
    private static final int RATE = 10;
    private static final Duration TENTH = Duration.ofMillis(100);

    private static HandRun paced() throws Exception {
        return new HandRun(HandRun.echo().maxMessagesPerSecond(RATE).idleTimeout(Duration.ofSeconds(5)));
    }

    private static void read(HandRun server, TestClient client, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            assertThat(server.line(client)).isEqualTo(Integer.toString(i));
        }
    }

    private static String lines(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(i).append('\n');
        }
        return lines.toString();
    }

    @Test
    void aSecondsWorthAtOnceThenOneByOneAndNothingIsLost() throws Exception {
        try (HandRun server = paced();
                TestClient client = server.connect()) {
            client.send(lines(RATE + 3));
            read(server, client, 0, RATE);
            server.settle();
            assertThat(server.witness.received).hasSize(RATE);
            for (int i = RATE; i < RATE + 3; i++) {
                server.advance(TENTH.minusNanos(1));
                server.settle();
                assertThat(server.witness.received).hasSize(i);
                server.advance(Duration.ofNanos(1));
                read(server, client, i, i + 1);
            }
        }
    }

    @Test
    void whoIsHeldUpByItsPaceIsNotReadAndNotIdle() throws Exception {
        try (HandRun server = paced();
                TestClient client = server.connect()) {
            client.send(lines(RATE * 100));
            server.until("a second's worth", () -> server.witness.received.size() == RATE);
            for (int second = 0; second < 10; second++) {
                server.advance(Duration.ofSeconds(1));
                server.settle();
            }
            assertThat(server.reason(1)).isNull();
            assertThat(server.witness.received.size()).isBetween(RATE + 10, RATE * 11);
        }
    }

    @Test
    void aDrainTakesWhatHasArrivedWithoutWaitingForThePace() throws Exception {
        try (HandRun server = paced();
                TestClient client = server.connect()) {
            client.send(lines(RATE * 5));
            server.until("a second's worth", () -> server.witness.received.size() == RATE);
            server.drain(Duration.ofSeconds(10));
            read(server, client, 0, RATE * 5);
            client.leave();
            server.until("drained", server::isDrained);
            assertThat(server.report().messagesDropped()).isZero();
        }
    }
}
