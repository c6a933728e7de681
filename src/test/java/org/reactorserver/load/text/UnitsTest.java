package org.reactorserver.load.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as they are printed. */
class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.00 µs",
        "81249, 81.2 µs",
        "999499, 999 µs",
        "999500, 1.00 ms",
        "999999, 1.00 ms",
        "999499999, 999 ms",
        "999500000, 1.00 s",
        "81200000000, 81.2 s",
    })
    void timesHaveThreeDigits(long nanos, String text) {
        assertThat(Units.nanos(nanos)).isEqualTo(text);
    }
}
