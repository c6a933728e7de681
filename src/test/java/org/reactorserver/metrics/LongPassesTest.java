package org.reactorserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The minute that it looks back moves on. */
class LongPassesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long NEARLY_NEGATIVE = -30 * SECOND; // it passes zero on the way

    private final LongPasses passes = new LongPasses();

    private static Pass pass(long nanos) {
        return new Pass(nanos, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void thoseOfTheLastMinuteAreAddedUp() {
        assertThat(passes.longest(NEARLY_NEGATIVE)).isNull();
        for (int i = 0; i < 90; i++) {
            passes.add(pass(10 + i), NEARLY_NEGATIVE + i * SECOND);
            passes.add(pass(1), NEARLY_NEGATIVE + i * SECOND + 5);
        }
        long now = NEARLY_NEGATIVE + 89 * SECOND;
        assertThat(passes.longest(now)).isEqualTo(pass(99));
        assertThat(passes.nanos(now)).isEqualTo((40 + 99) * 60 / 2 + 60);
        assertThat(passes.nanos(now + 59 * SECOND)).isEqualTo(100);
        assertThat(passes.nanos(now + 60 * SECOND)).isZero();
        assertThat(passes.longest(now + 60 * SECOND)).isNull();
    }

    @Test
    void aSecondThatComesBackAfterAMinuteStartsAnew() {
        passes.add(pass(50), 0);
        passes.add(pass(20), 60 * SECOND);
        assertThat(passes.nanos(60 * SECOND)).isEqualTo(20);
        assertThat(passes.longest(60 * SECOND)).isEqualTo(pass(20));
    }
}
