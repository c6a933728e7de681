package org.reactorserver.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** For how long something is awaited, and when all that had arrived is taken in. */
class InputTest {
    private final Input input = new Input(100);

    @Test
    void aPauseDoesNotCount() {
        input.pause(130);
        input.resume(170);
        assertThat(input.awaitedSince()).isEqualTo(140);
    }

    @Test
    void whatIsAwaitedOnlySinceTheMiddleOfAPauseIsAwaitedFromItsEnd() {
        input.pause(90);
        input.resume(170);
        assertThat(input.awaitedSince()).isEqualTo(170);
    }

    /** By a clock that begins anywhere. */
    @Test
    void whatGoesOnThoughItNeverPausedIsAwaitedFromNow() {
        Input input = new Input(-1_000);
        input.resume(-400);
        assertThat(input.awaitedSince()).isEqualTo(-400);
    }

    @Test
    void aReadThatFindsNothingHasTakenInAll() {
        assertThat(input.isTakenIn(10, 100)).isFalse();
        assertThat(input.isTakenIn(0, 100)).isTrue();
    }

    @Test
    void soDoReadsOfMoreThanCanHaveStoodThere() {
        assertThat(input.isTakenIn(60, 100)).isFalse();
        assertThat(input.isTakenIn(40, 100)).as("as much as can").isFalse();
        assertThat(input.isTakenIn(1, 100)).isTrue();
    }

    @Test
    void soMuchThatItCannotBeCountedIsMore() {
        assertThat(input.isTakenIn(Integer.MAX_VALUE, Integer.MAX_VALUE)).isFalse();
        assertThat(input.isTakenIn(Integer.MAX_VALUE, Integer.MAX_VALUE - 1)).isTrue();
    }
}
