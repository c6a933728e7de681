package org.reactorserver.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a difference is more than chance. */
class ComparisonTest {
    /** Made up, to look like replies a second of one server on a machine with other things to do. */
    private static final double[] LIKELY = {
        110_593, 104_283, 108_120, 97_455, 111_902, 109_344, 88_760, 107_981, 112_310, 106_552, 109_873, 101_204,
                110_016,
        95_340, 108_732, 111_115, 107_009, 62_480, 109_555, 110_871, 108_303, 104_966, 112_004, 99_871, 106_130,
                110_222,
        108_891, 103_517, 109_090, 107_450, 111_367, 91_026, 108_440, 110_758, 105_893, 109_632, 78_115, 107_777,
                111_540,
        108_005
    };

    private static StoredResult result(double answeredPerSecond, String more) {
        return StoredResult.parse(
                "{\"verdict\": \"PASS\", \"answeredPerSecond\": " + answeredPerSecond + more + ", \"plan\": {}}");
    }

    private static List<StoredResult> results(List<Double> values, double factor) {
        return values.stream().map(value -> result(value * factor, "")).toList();
    }

    private static String text(List<StoredResult> a, List<StoredResult> b) {
        return Comparison.of(a, b, 0.0).text("a", "b");
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "8, 8", "12, 12", "6, 10"})
    void runsOfTheSameServerDifferInAtMostOneOfAHundredCases(int a, int b) {
        List<Double> pool = new ArrayList<>(Arrays.stream(LIKELY).boxed().toList());
        Random random = new Random(1);
        int claimed = 0;
        for (int i = 0; i < 1_000; i++) {
            Collections.shuffle(pool, random);
            String text = text(results(pool.subList(0, a), 1), results(pool.subList(a, a + b), 1));
            claimed += text.startsWith("No difference") ? 0 : 1;
        }
        assertThat(claimed).isLessThanOrEqualTo(1_000 / 100 + 7); // and twice what such a count scatters by
    }

    @Test
    void aServerThatIsAQuarterSlowerIsFoundOut() {
        List<Double> pool = new ArrayList<>(Arrays.stream(LIKELY).boxed().toList());
        Random random = new Random(2);
        int found = 0;
        for (int i = 0; i < 200; i++) {
            Collections.shuffle(pool, random);
            String text = text(results(pool.subList(0, 8), 1), results(pool.subList(8, 16), 0.75));
            found += text.startsWith("B IS WORSE") ? 1 : 0;
        }
        assertThat(found).isGreaterThan(150);
    }

    @Test
    void tooFewRunsAreSaidToBe() {
        List<StoredResult> a = results(List.of(1.0, 1.1, 1.2), 1);
        assertThat(text(a, results(List.of(5.0, 6.0, 7.0), 1)))
                .startsWith("No difference")
                .contains("3 and 3 runs are too few for a level of 1.00 %", "no claim");
    }

    @Test
    void theProbabilityIsThatOfAllWaysToDealOut() {
        double[] low = {1, 2, 3, 4, 5};
        double[] high = {6, 7, 8, 9, 10};
        assertThat(Significance.ofRanks(low, high)).isCloseTo(2.0 / 252, within(1e-12));
        assertThat(Significance.ofRanks(low, low)).isEqualTo(1);
        double[] many = Arrays.copyOf(LIKELY, 20);
        double[] others = Arrays.copyOfRange(LIKELY, 20, 40);
        assertThat(Significance.ofRanks(many, others)).isBetween(0.05, 1.0);
        assertThat(Significance.ofRanks(
                        many, Arrays.stream(others).map(v -> v * 2).toArray()))
                .isLessThan(0.001);
        assertThat(Significance.ofCounts(10, 10, 0.5)).isCloseTo(1.0 / 1024, within(1e-12));
        assertThat(Significance.ofCounts(10, 0, 0.5)).isCloseTo(1, within(1e-12));
    }

    @Test
    void anInvalidRunIsNotCompared() {
        StoredResult invalid = StoredResult.parse("{\"verdict\": \"INVALID\", \"reasons\": [\"it was\\u001b late\"]}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text(List.of(invalid), List.of(result(1, ""))))
                .withMessageContaining("shows its client and not the server")
                .withMessageEndingWith("it was\\u001b late");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "sent": 1000, "late": 5    | "sent": 1000000, "late": 6  | B is better
            "sent": 1000, "late": 5    | "sent": 1000, "late": 6     | No difference
            "sent": 1000, "late": 5    | "sent": 10000, "late": 50   | No difference
            "sent": 1000, "late": 5    | "sent": 1000, "late": 40    | B IS WORSE
            "sent": 1000, "late": 0    | "sent": 1000, "late": 1     | B IS WORSE
            """)
    void countsStandBesideWhatWasSent(String a, String b, String expected) {
        assertThat(text(List.of(result(1, "," + a)), List.of(result(1, "," + b))))
                .startsWith(expected);
    }

    @Test
    void aWideNoiseCanBeLeftToTheBetterToo() {
        String series = ", \"series\": [";
        for (int i = 0; i < 10; i++) {
            series += (i == 0 ? "" : ",") + "{\"phase\": \"measured\", \"seconds\": 1, \"serviceP50\": "
                    + (i % 2 == 0 ? 100 : 300) + "}"; // scatters by half
        }
        List<StoredResult> slow = List.of(result(1, ", \"serviceMicros\": {\"p50\": 1000}" + series + "]"));
        List<StoredResult> fast = List.of(result(1, ", \"serviceMicros\": {\"p50\": 10}" + series + "]"));
        assertThat(text(slow, fast)).startsWith("B is better");
        assertThat(text(fast, slow)).startsWith("B IS WORSE");
    }

    @Test
    void fewRepliesAreEnoughToSeeThatTheyAreFewer() {
        assertThat(text(List.of(result(9.0, ", \"answered\": 90")), List.of(result(3.8, ", \"answered\": 38"))))
                .startsWith("B IS WORSE");
    }

    @Test
    void textsFromFilesMoveNoCursor() {
        StoredResult evil = StoredResult.parse(
                "{\"verdict\": \"PASS\", \"plan\": {\"message\": \"\\u001b[2J\"}, \"answeredPerSecond\": 1}");
        assertThat(text(List.of(evil), List.of(result(1, ""))))
                .doesNotContain("\u001b")
                .contains("\\u001b[2J");
    }
}
