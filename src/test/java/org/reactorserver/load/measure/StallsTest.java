package org.reactorserver.load.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stall is a time without a single reply, so that it can be checked against the replies. */
class StallsTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final List<Long> replies = new ArrayList<>();
    private long now;
    private final Books books = new Books(false, SECOND, () -> now);

    private record Reply(long at, int connection) {}

    /** A closed run: every connection sends its next message when it has its reply. */
    private List<Stalls.Stall> run(int connections, long length, LongUnaryOperator serviceAt) {
        PriorityQueue<Reply> coming = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
        List<Outstanding> outstanding = new ArrayList<>();
        books.span.from = 1;
        for (int i = 0; i < connections; i++) {
            outstanding.add(new Outstanding(i + 1));
            books.opened(1);
            books.sent(outstanding.get(i), 1, now, false);
            coming.add(new Reply(now + serviceAt.applyAsLong(now), i));
        }
        while (coming.peek().at < length) {
            Reply reply = coming.remove();
            now = reply.at;
            replies.add(now);
            books.heard(outstanding.get(reply.connection), now);
            books.replied(outstanding.get(reply.connection), 1, now);
            books.sent(outstanding.get(reply.connection), 1, now, false);
            coming.add(new Reply(now + serviceAt.applyAsLong(now), reply.connection));
        }
        return books.stalls.list(MILLI);
    }

    private void assertTrueOf(List<Stalls.Stall> stalls, long length) {
        long sum = 0;
        long end = Long.MIN_VALUE;
        for (Stalls.Stall stall : stalls) {
            assertThat(stall.from()).as("they do not overlap").isGreaterThanOrEqualTo(end);
            assertThat(replies).noneMatch(reply -> reply > stall.from() && reply < stall.to());
            sum += stall.length();
            end = stall.to();
        }
        assertThat(sum).isLessThanOrEqualTo(length);
    }

    @Test
    void slowRepliesAmongOthersAreNoStall() {
        Random random = new Random(1);
        List<Stalls.Stall> stalls = run(500, 3 * SECOND, at -> random.nextInt(100) == 0 ? 50 * MILLI : MILLI);
        assertThat(stalls).isEmpty();
        assertThat(books.waits.count()).isGreaterThan(1_000); // but each of them was a wait, on its connection
        assertThat(books.waits.max()).isEqualTo(50 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void haltsOfTheServerAreFoundAsLongAsTheyWere(int connections) {
        List<Stalls.Stall> stalls = run(connections, 3 * SECOND, at -> {
            long inSecond = at % SECOND;
            return inSecond > 900 * MILLI ? SECOND + 50 * MILLI - inSecond : MILLI;
        });
        assertTrueOf(stalls, 3 * SECOND);
        assertThat(stalls).hasSize(2).allSatisfy(stall -> {
            assertThat(stall.length()).isBetween(148 * MILLI, 150 * MILLI);
            assertThat(stall.connections()).isEqualTo(connections);
        });
    }

    @Test
    void whateverHappensTheyAddUp() {
        for (int seed = 0; seed < 50; seed++) {
            StallsTest other = new StallsTest();
            Random random = new Random(seed);
            other.assertTrueOf(
                    other.run(1 + random.nextInt(5), SECOND, at -> MILLI + random.nextInt(60) * MILLI), SECOND);
        }
    }

    @Test
    void aSilenceThatEndsWithTheConnectionIsOne() {
        Outstanding outstanding = new Outstanding(1);
        books.opened(1);
        books.sent(outstanding, 3, now, false);
        now = 1_500 * MILLI;
        books.ended(outstanding, true);
        assertThat(books.stalls.list(MILLI)).singleElement().satisfies(stall -> {
            assertThat(stall.length()).isEqualTo(1_500 * MILLI);
            assertThat(stall.connections()).isEqualTo(1);
        });
        assertThat(books.ledger.lost).isEqualTo(3);
        assertThat(books.outstanding).isZero();
    }

    /** A client that stood still reads the replies first, and looks at its own clock later. */
    @Test
    void thatTheClientStoodStillIsKnownThoughTheReplyIsReadFirst() {
        Outstanding outstanding = new Outstanding(1);
        books.opened(1);
        books.sent(outstanding, 1, now, false);
        now = 250 * MILLI;
        books.heard(outstanding, now);
        books.stalls.clientLag(now + 1, 248 * MILLI);
        assertThat(books.stalls.list(MILLI))
                .singleElement()
                .satisfies(stall -> assertThat(stall.clientLag()).isEqualTo(248 * MILLI));
    }

    @Test
    void aTimeInWhichNothingIsWaitedForIsNone() {
        Outstanding outstanding = new Outstanding(1);
        books.opened(1);
        for (int i = 0; i < 3; i++) {
            books.sent(outstanding, 1, now, false);
            now += MILLI;
            books.heard(outstanding, now);
            books.replied(outstanding, 1, now);
            now += SECOND;
        }
        assertThat(books.stalls.list(0)).isEmpty();
    }

    @Test
    void aTimerThatIsLateStandsForAllTheMomentsInBetween() {
        Samples lag = new Samples();
        for (int i = 0; i < 900; i++) {
            lag.recordEach(0, 2 * MILLI);
        }
        lag.recordEach(200 * MILLI, 2 * MILLI); // a tenth of the time it did not run
        assertThat(lag.count()).isEqualTo(1_000);
        assertThat(lag.quantile(0.9)).isZero();
        assertThat(lag.quantile(0.95)).isBetween(98 * MILLI, 102 * MILLI);
        assertThat(lag.max()).isEqualTo(200 * MILLI);
    }
}
