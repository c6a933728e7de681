package org.reactorserver.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000;

    private long now = -5; // nanoTime may be anything
    private final RateLimit limit = new RateLimit(2, () -> now);

    @Test
    void letsSoManyThroughInASecond() {
        assertThat(limit.allows()).isTrue();
        assertThat(limit.allows()).isTrue();
        assertThat(limit.allows()).isFalse();
        now += SECOND - 1;
        assertThat(limit.allows()).isFalse();
        now += 1;
        assertThat(limit.allows()).isTrue();
        assertThat(limit.allows()).isTrue();
        assertThat(limit.allows()).isFalse();
    }

    @Test
    void saysOnceHowManyWereHeldBack() {
        assertThat(limit.held()).isEmpty();
        for (int i = 0; i < 5; i++) {
            limit.allows();
        }
        assertThat(limit.held()).isEqualTo(" (3 such lines before it were left out)");
        assertThat(limit.held()).isEmpty();
    }

    @Test
    void goesOnAfterTheClockHasWrappedAround() {
        now = Long.MAX_VALUE;
        RateLimit late = new RateLimit(1, () -> now);
        assertThat(late.allows()).isTrue();
        assertThat(late.allows()).isFalse();
        now += SECOND; // now negative
        assertThat(late.allows()).isTrue();
    }
}
