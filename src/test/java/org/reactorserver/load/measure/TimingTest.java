package org.reactorserver.load.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The samples and what is outstanding: all that latencies are made of. */
class TimingTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void leastAndGreatestAreExactThoughAHistogramRounds() {
        Samples samples = new Samples();
        samples.record(12_496_123);
        samples.record(1_003_001);
        assertThat(samples.histogram().getMaxValue()).isNotEqualTo(12_496_123); // which is why
        assertThat(samples.max()).isEqualTo(12_496_123);
        assertThat(samples.min()).isEqualTo(1_003_001);
        assertThat(samples.quantile(1)).isEqualTo(12_496_123);
    }

    @Test
    void whatIsOutOfRangeIsCountedAndNotPlaced() {
        Samples samples = new Samples();
        for (int i = 0; i < 98; i++) {
            samples.record(SECOND);
        }
        samples.record(Samples.HIGHEST + 1);
        samples.record(2 * Samples.HIGHEST);
        assertThat(samples.count()).isEqualTo(100);
        assertThat(samples.outOfRange()).isEqualTo(2);
        assertThat(samples.max()).isEqualTo(2 * Samples.HIGHEST);
        assertThat(samples.quantile(0.98)).isBetween(SECOND, SECOND + SECOND / 1000);
        assertThat(samples.quantile(0.99)).isEqualTo(-1);
    }

    @Test
    void samplesAddUp() {
        Samples sum = new Samples();
        Samples part = new Samples();
        part.record(5);
        part.record(7);
        sum.add(part);
        part.reset();
        assertThat(part.count()).isZero();
        part.record(3);
        sum.add(part);
        sum.add(new Samples());
        assertThat(sum.count()).isEqualTo(3);
        assertThat(sum.min()).isEqualTo(3);
        assertThat(sum.max()).isEqualTo(7);
        assertThat(sum.quantile(0.5)).isEqualTo(5);
    }

    @Test
    void whatIsOutstandingKeepsItsTimes() {
        Outstanding outstanding = new Outstanding(1);
        for (int round = 0; round < 100; round++) {
            outstanding.add(1 + round % 7, round);
        }
        int count = outstanding.count();
        assertThat(outstanding.next()).isEqualTo(count + 1);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 1 + round % 7; i++) {
                assertThat(outstanding.firstSentAt()).isEqualTo(round);
                outstanding.removeFirst(1);
            }
        }
        assertThat(outstanding.isEmpty()).isTrue();
    }

    @Test
    void eachMessageTimesOutOnce() {
        Outstanding outstanding = new Outstanding(1);
        outstanding.add(2, 100);
        outstanding.add(1, 200);
        assertThat(outstanding.timeOut(150, 50)).isZero();
        assertThat(outstanding.timeOut(151, 50)).isEqualTo(1);
        assertThat(outstanding.timeOut(151, 50)).isEqualTo(2);
        assertThat(outstanding.timeOut(151, 50)).isZero();
        assertThat(outstanding.waitedFor()).isEqualTo(1);
        assertThat(outstanding.count()).isEqualTo(3);
        outstanding.removeFirst(1);
        outstanding.removeFirst(1);
        outstanding.removeFirst(1);
        assertThat(outstanding.waitedFor()).isZero();
        assertThat(outstanding.timeOut(1_000, 50)).isZero();
    }

    @Test
    void whatIsDueKeepsItsTimesUntilItIsAnswered() {
        Outstanding outstanding = new Outstanding(1);
        for (int i = 1; i <= 100; i++) {
            outstanding.plan(i * 10L);
            if (i % 3 == 0) {
                outstanding.add(2, i);
            }
            if (i % 10 == 0) {
                outstanding.removeFirst(1);
            }
        }
        assertThat(outstanding.due()).isEqualTo(100 - 66);
        for (long seq = outstanding.first(); seq <= 100; seq++) {
            assertThat(outstanding.intended(seq)).isEqualTo(seq * 10);
        }
        outstanding.forgetDue();
        assertThat(outstanding.due()).isZero();
    }
}
