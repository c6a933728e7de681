package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.reactorserver.helper.Verdicts.assertFine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** Rates that rise, random arrivals, connections that come and go. */
@Timeout(60)
class WaysToLoadTest {
    private static Report run(int port, Consumer<LoadPlan.Builder> changes) throws Exception {
        LoadPlan.Builder plan = LoadPlan.builder()
                .port(port)
                .framing(Framing.lines())
                .connections(4)
                .warmUp(Duration.ZERO)
                .messages(400)
                .timeout(Duration.ofSeconds(20))
                .expectEcho();
        changes.accept(plan);
        Report report = new LoadRun(plan.build(), List.of()).run();
        assertThat(report.messages().addUp())
                .as("the ledger: %s", report.messages())
                .isTrue();
        return report;
    }

    @Test
    void aRateThatRisesIsSentWhole() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(server.port(), plan -> plan.rate(200, 600).duration(Duration.ofSeconds(1)));
            assertFine(report);
            assertThat(report.messages().sent()).isCloseTo(400, within(1L));
            assertThat(report.traffic().offeredPerSecond()).isEqualTo(400);
        }
    }

    @Test
    void randomArrivalsAreSentAllAndMeasured() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(server.port(), plan -> plan.rate(2_000).randomArrivals(true));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(400);
            assertThat(report.response().n()).isEqualTo(400);
        }
    }

    /** Answers so many messages on each connection, and ends it in order. */
    private static TestServer ending(int messages, AtomicInteger connections) throws Exception {
        return TestServer.of((in, out, connection) -> {
            connections.incrementAndGet();
            for (int lines = 0; lines < messages; ) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                out.write(next);
                lines += next == '\n' ? 1 : 0;
            }
        });
    }

    @Test
    void aConnectionThatEndsInOrderIsOpenedAgain() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (TestServer server = ending(10, connections)) {
            Report report = run(
                    server.port(),
                    plan -> plan.reconnect(true).think(Duration.ofMillis(20)).messages(100));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(100);
            assertThat(report.connections().lost()).isZero();
            assertThat(report.connections().reopened()).isBetween(4L, 10L);
        }
    }

    @Test
    void whatWasUnderWayIsLostAndTheRunGoesOn() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 10) {
                throw new TestServer.Hangup();
            }
            out.write(line);
        })) {
            Report report = run(
                    server.port(), plan -> plan.reconnect(true).connections(1).messages(50));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.messages().matched()).isEqualTo(45);
            assertThat(report.messages().lost()).isEqualTo(5);
            assertThat(report.connections().lost()).isEqualTo(5);
            assertThat(report.connections().reopened())
                    .as("perhaps not after the last")
                    .isBetween(4L, 5L);
            assertThat(report.errors().get(0).kind()).isEqualTo(ErrorKind.END_OF_STREAM);
        }
    }

    @Test
    void withoutItWhatIsLostStaysLost() throws Exception {
        try (TestServer server = ending(10, new AtomicInteger())) {
            Report report = run(server.port(), plan -> plan.messages(100).think(Duration.ofMillis(5)));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.connections().lost()).isEqualTo(4);
            assertThat(report.messages().matched()).isEqualTo(40);
        }
    }
}
