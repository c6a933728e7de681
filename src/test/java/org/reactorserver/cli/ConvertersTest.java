package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.option.Durations;
import org.reactorserver.option.Sizes;
import picocli.CommandLine.TypeConversionException;

/** Durations, sizes and framings, as they stand on the command line. */
class ConvertersTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "1us, PT0.000001S",
        "500ms, PT0.5S",
        "10s, PT10S",
        "1.5s, PT1.5S",
        "0.000001ms, PT0.000000001S",
        "2m, PT2M",
        "1h, PT1H"
    })
    void durations(String text, Duration duration) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
    }

    /** Some mean seconds by it, others milliseconds. */
    @Test
    void aBareNumberIsNoDurationButMayBecomeOne() {
        assertThatThrownBy(() -> new DurationConverter().convert("30"))
                .hasMessage("'30' is not a duration such as 500ms, 10s or 2m; did you mean 30s?");
    }

    @Test
    void theLongestDurationIsNotNegative() {
        assertThat(new DurationConverter().convert("999999999h")).isGreaterThan(Duration.ofDays(36_500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1d", "1,5s", ".5s", "1.s", "1e3s", "١s"})
    void whatIsNoDuration(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a duration such as 500ms, 10s or 2m");
    }

    @ParameterizedTest
    @CsvSource({"1 s, 1s", "1S, 1s", "10, 10s", "5sec, 5s", "2 minutes, 2m", "3Hours, 3h", "500 millis, 500ms"})
    void theNearestDurationIsOffered(String text, String meant) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .hasMessageEndingWith("; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1us", "1500us", "500ms", "1500ms", "10s", "90s", "2m", "60m"})
    void durationsAreReadAsTheyAreWritten(String text) {
        assertThat(Durations.text(new DurationConverter().convert(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "64, 64",
        "64B, 64",
        "16KiB, 16384",
        "64k, 65536",
        "64K, 65536",
        "16kib, 16384",
        "2m, 2097152",
        "1g, 1073741824",
        "64b, 64",
        "1MiB, 1048576",
        "2GiB, 2147483648",
        "999999999999, 999999999999"
    })
    void sizes(String text, long bytes) {
        assertThat(new SizeConverter().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "-1", "1.5MiB", "1TiB", "0x10", "١"})
    void whatIsNoSize(String text) {
        assertThatThrownBy(() -> new SizeConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a size such as 64, 16KiB or 1MiB");
    }

    @ParameterizedTest
    @CsvSource({"64kb, 64KiB", "1KB, 1KiB", "1 KiB, 1KiB", "2 MB, 2MiB", "1Gb, 1GiB"})
    void whatSomeMeanByThousandsIsNoSizeButMayBecomeOne(String text, String meant) {
        assertThatThrownBy(() -> new SizeConverter().convert(text))
                .hasMessage("'" + text + "' is not a size such as 64, 16KiB or 1MiB; did you mean " + meant + "?");
    }

    @Test
    void aSizeThatNoNumberHoldsIsRefusedAsItWasTyped() {
        assertThat(new SizeConverter().convert("8589934591GiB")).isEqualTo(8_589_934_591L << 30);
        assertThatThrownBy(() -> new SizeConverter().convert("17179869185GiB")) // 1 GiB, if it overflows
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'17179869185GiB' is more than there can be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "64", "1000", "16KiB", "1MiB", "3MiB", "1025"})
    void sizesAreReadAsTheyAreWritten(String text) {
        assertThat(Sizes.text(new SizeConverter().convert(text))).isEqualTo(text);
    }

    @Test
    void framings() {
        assertThat(new FramingConverter().convert("chunk")).isSameAs(Framing.chunks());
        assertThat(new FramingConverter().convert("line")).isSameAs(Framing.lines());
        assertThat(new FramingConverter().convert("length")).isSameAs(Framing.lengthPrefixed());
    }

    @ParameterizedTest
    @CsvSource({"'',''", "json,''", "Chunk,; did you mean chunk?", "lines,; did you mean line?"})
    void whatIsNoFraming(String text, String question) {
        assertThatThrownBy(() -> new FramingConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text
                        + "' is not a framing: expected chunk, line, line:crlf, length, length:2le, nul, delimiter:0d0a or octets"
                        + question);
    }
}
