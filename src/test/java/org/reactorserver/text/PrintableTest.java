package org.reactorserver.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.PrintableLines;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "客户端1连接成功", "~ é ß Ω", "😀", "👩\u200D💻", "می\u200Cخواهم"})
    void leavesReadableTextAlone(String text) {
        assertThat(Printable.escape(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0000, \\u0000",
        "0009, \\t",
        "000a, \\n",
        "000d, \\r",
        "001b, \\u001b", // ESC, which starts a terminal's commands
        "005c, \\\\",
        "007f, \\u007f",
        "0080, \\u0080",
        "0085, \\u0085", // next line
        "009b, \\u009b", // ESC [ in one character
        "00ad, \\u00ad", // soft hyphen
        "061c, \\u061c",
        "200b, \\u200b", // zero-width space
        "200e, \\u200e",
        "2028, \\u2028",
        "2029, \\u2029",
        "202e, \\u202e", // right-to-left override
        "2060, \\u2060", // word joiner
        "2066, \\u2066",
        "d800, \\ud800", // half a pair
        "dc00, \\udc00",
        "feff, \\ufeff",
        "fff9, \\ufff9", // interlinear annotation
        "e0041, \\udb40\\udc41" // a tag: a letter that is not seen
    })
    void escapesWhatMovesTheCursorOrIsNotSeen(String codePoint, String escaped) {
        String text = Character.toString(Integer.parseInt(codePoint, 16));
        assertThat(Printable.escape("前" + text + "b")).isEqualTo("前" + escaped + "b");
        assertThat(Printable.escape(text)).isEqualTo(escaped);
    }

    @Test
    void leavesNothingThatIsNoPartOfALine() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String escaped = Printable.escape(Character.toString(codePoint));
            assertThat(PrintableLines.isPrintable(escaped))
                    .as("U+%04X became '%s'", codePoint, escaped)
                    .isTrue();
        }
    }

    @Test
    void cutsWhatNobodyWouldRead() {
        assertThat(Printable.escape("x".repeat(1_000))).isEqualTo("x".repeat(1_000));
        assertThat(Printable.escape("x".repeat(1_001))).isEqualTo("x".repeat(1_000) + "… (1001 characters)");
    }

    @Test
    void cutsBetweenCharacters() {
        String escaped = Printable.escape("x".repeat(999) + "😀" + "y".repeat(10));
        assertThat(escaped).isEqualTo("x".repeat(999) + "😀… (1011 characters)");
        String nothingCut = "x".repeat(999) + "😀";
        assertThat(Printable.escape(nothingCut)).isEqualTo(nothingCut);
    }
}
