package org.reactorserver.load.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Part;

/** When messages are meant to be sent. */
class ArrivalsTest {
    private static final long SECOND = 1_000_000_000;
    private static final long DAY = 86_400 * SECOND;

    private static final Part ALL = new Part(0, 1);

    private static LoadPlan rising(double from, double to, int warmUp) {
        return LoadPlan.builder()
                .rate(from, to)
                .warmUp(Duration.ofSeconds(warmUp))
                .duration(Duration.ofSeconds(10))
                .build();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1, 3, 7, 9_999, 10_000, 123_456.7, 3_000_000})
    void aTimetableDoesNotDrift(double rate) {
        int day = (int) Math.min(2_000_000_000, rate * 86_400);
        Arrivals arrivals = new Arrivals(rising(rate, rate, 1), new Part(day, 1), -5, null);
        long before = -6;
        for (long k = day; k < day + 1_000L; k++) {
            long time = arrivals.next();
            assertThat(time).isGreaterThan(before);
            assertThat((double) time).isCloseTo(k * 1e9 / rate - 5, within(1.0 + DAY * 1e-15));
            before = time;
        }
    }

    @Test
    void severalShareATimetable() {
        TreeSet<Long> together = new TreeSet<>();
        for (int thread = 0; thread < 3; thread++) {
            Arrivals arrivals = new Arrivals(rising(1_000, 1_000, 1), new Part(thread, 3), 7, null);
            for (int i = 0; i < 100; i++) {
                together.add(arrivals.next());
            }
        }
        Arrivals alone = new Arrivals(rising(1_000, 1_000, 1), ALL, 7, null);
        assertThat(together).hasSize(300).allSatisfy(time -> assertThat(time).isEqualTo(alone.next()));
    }

    /** 1 s of 1,000 a second, and then within 10 s up to 3,000 a second, and so on. */
    @Test
    void aRateRises() {
        Arrivals arrivals = new Arrivals(rising(1_000, 3_000, 1), ALL, 0, null);
        int[] bySecond = new int[14];
        for (long time = arrivals.next(); time < 13 * SECOND; time = arrivals.next()) {
            bySecond[(int) (time / SECOND)]++;
        }
        assertThat(bySecond[0]).isBetween(999, 1_001);
        for (int second = 1; second <= 10; second++) {
            assertThat(bySecond[second]).isCloseTo(900 + 200 * second, within(2));
        }
        assertThat(bySecond[11]).isCloseTo(3_000, within(2));
        assertThat(bySecond[12]).isCloseTo(3_000, within(2));
    }

    @Test
    void aRateFalls() {
        Arrivals arrivals = new Arrivals(rising(3_000, 1_000, 0), ALL, 0, null);
        int count = 0;
        while (arrivals.next() < 10 * SECOND) {
            count++;
        }
        assertThat(count).isCloseTo(20_000, within(2));
    }

    /** Distances of a Poisson process: their mean and their standard deviation are the same, and a share of 1/e is longer. */
    @Test
    void randomArrivalsAreExponentiallyApart() {
        Arrivals arrivals = new Arrivals(rising(1_000, 1_000, 0), ALL, 0, new SplittableRandom(1));
        int count = 100_000;
        double sum = 0;
        double squares = 0;
        int longer = 0;
        long before = 0;
        for (int i = 0; i < count; i++) {
            long time = arrivals.next();
            double distance = (time - before) / 1e6;
            sum += distance;
            squares += distance * distance;
            longer += distance > 1 ? 1 : 0;
            before = time;
        }
        double mean = sum / count;
        assertThat(mean).isCloseTo(1, within(0.02));
        assertThat(Math.sqrt(squares / count - mean * mean)).isCloseTo(1, within(0.03));
        assertThat((double) longer / count).isCloseTo(1 / Math.E, within(0.01));
    }
}
