package org.reactorserver.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.measure.Books;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.measure.Stalls;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Part;
import org.reactorserver.load.report.TextReport;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.run.LoadRun;

/** A server that answers at once, but stops for 100 ms once a second. */
@Timeout(60)
class CoordinatedOmissionTest {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long STALL = 100 * MILLI;
    private static final int SECONDS = 10;

    /** Neither machine nor network: the client's own books, fed with such a server's replies. */
    @Test
    void atTenThousandMessagesASecondTheResponseTimeTells() throws Exception {
        AtomicLong clock = new AtomicLong();
        LoadPlan plan = LoadPlan.builder().rate(10_000).connections(1).build();
        RunContext context = new RunContext(plan, new InetSocketAddress(1), SelectorProvider.provider(), clock::get);
        LoadConnection connection = new LoadConnection(1, context, null);
        Books books = context.books;
        Arrivals arrivals = new Arrivals(plan, new Part(0, 1), 0, null);
        books.recorder.slice.begin(Slice.Phase.MEASURED, 0);

        ArrayDeque<Long> replies = new ArrayDeque<>();
        for (long k = 0; k < 10_000 * SECONDS; k++) {
            long time = arrivals.next();
            connection.outstanding.plan(time);
            while (!replies.isEmpty() && replies.peek() <= time) {
                deliver(connection, books, clock, replies.remove());
            }
            clock.set(time);
            books.sent(connection.outstanding, 1, time, false);
            replies.add(replyTime(time));
        }
        while (!replies.isEmpty()) {
            deliver(connection, books, clock, replies.remove());
        }
        context.loop.stop();
        context.loop.run(error -> {});

        Samples response = books.recorder.slice.response;
        assertThat(response.count()).isEqualTo(100_000);
        assertThat(response.quantile(0.5)).isLessThan(MILLI);
        assertThat(response.quantile(0.99)).isBetween(80 * MILLI, 110 * MILLI);
        assertThat(books.ledger.matched).isEqualTo(100_000);
        List<Stalls.Stall> stalls = books.stalls.list(50 * MICRO);
        assertThat(stalls).hasSize(SECONDS).allSatisfy(stall -> {
            assertThat(stall.length()).isBetween(99 * MILLI, 101 * MILLI);
            assertThat(stall.from() % SECOND).isBetween(499 * MILLI, 501 * MILLI);
        });
    }

    /** Half a second into each, for 100 ms, nobody is served. */
    private static long replyTime(long sent) {
        long inSecond = sent % SECOND;
        boolean stalled = inSecond >= SECOND / 2 && inSecond < SECOND / 2 + STALL;
        return (stalled ? sent - inSecond + SECOND / 2 + STALL : sent) + 50 * MICRO;
    }

    private static void deliver(LoadConnection connection, Books books, AtomicLong clock, long time) {
        clock.set(time);
        books.heard(connection.outstanding, time);
        books.replied(connection.outstanding, 1, time);
    }

    /** The same for real. A slow machine makes the times longer and not shorter. */
    @Test
    void aRealStallIsInTheResponseTimeAndNamed() throws Exception {
        long stall = 300 * MILLI;
        long begin = System.nanoTime();
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 100) {
                Thread.sleep(stall / MILLI);
            }
            out.write(line);
        })) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .connections(2)
                    .rate(400)
                    .messages(400)
                    .expectEcho()
                    .timeout(Duration.ofSeconds(20))
                    .build();
            Report report = new LoadRun(plan, List.of()).run();
            assertThat(System.nanoTime() - begin).isGreaterThan(stall);
            assertThat(report.messages().matched()).isEqualTo(400);
            // 300 ms at 400 a second: 120 messages of 400 are held up, the first for all of it
            assertThat(report.response().max()).isGreaterThanOrEqualTo(stall);
            assertThat(report.response().p90()).isGreaterThan(stall / 4);
            if (report.service().p50() < stall / 2 / Stalls.USUAL_TIMES) { // else it is not unusual
                assertThat(report.stalls()).anyMatch(found -> found.seconds() * SECOND > stall * 0.9);
                assertThat(TextReport.of(report)).contains("no reply for");
            }
        }
    }
}
