package org.reactorserver.load.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BooksTest {
    private static final long TIMEOUT = 300;

    /** Many replies at once are what they are one by one: in the ledger, by time, among the errors. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void repliesInOneGoAreCountedAndTimedAsEachAlone(boolean byTimetable) {
        Books together = new Books(byTimetable, TIMEOUT, () -> 0);
        Books alone = new Books(byTimetable, TIMEOUT, () -> 0);
        Outstanding a = new Outstanding(1);
        Outstanding b = new Outstanding(1);
        together.span.from = alone.span.from = 500;
        together.span.start = alone.span.start = 500;
        Random random = new Random(1);
        for (long now = 1; now < 20_000; now += random.nextInt(100)) {
            int sent = random.nextInt(5);
            for (int i = 0; byTimetable && i < sent; i++) {
                a.plan(now - 7L * i);
                b.plan(now - 7L * i);
            }
            together.sent(a, sent, now, false);
            alone.sent(b, sent, now, false);
            int answered = random.nextInt(a.count() + 1);
            long then = now + random.nextInt(50);
            together.replied(a, answered, then);
            for (int i = 0; i < answered; i++) {
                alone.replied(b, 1, then);
            }
            assertThat(a.count()).isEqualTo(b.count());
        }
        assertThat(together.ledger).usingRecursiveComparison().isEqualTo(alone.ledger);
        assertThat(together.errors.list()).isEqualTo(alone.errors.list()).isNotEmpty();
        assertThat(together.ledger.late).isPositive();
        assertThat(together.outstanding).isEqualTo(alone.outstanding);
        assertThat(together.recorder.slice.answered).isEqualTo(alone.recorder.slice.answered);
        assertSame(together.recorder.slice.service, alone.recorder.slice.service);
        assertSame(together.recorder.slice.response, alone.recorder.slice.response);
        assertSame(together.recorder.slice.warmUp, alone.recorder.slice.warmUp);
    }

    private static void assertSame(Samples samples, Samples expected) {
        assertThat(samples.histogram()).isEqualTo(expected.histogram());
        assertThat(samples.count()).isEqualTo(expected.count());
        assertThat(samples.min()).isEqualTo(expected.min());
        assertThat(samples.max()).isEqualTo(expected.max());
    }
}
