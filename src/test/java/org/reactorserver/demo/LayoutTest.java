package org.reactorserver.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
    @Test
    void aLineEndsBetweenWordsAndAsLateAsItCan() {
        assertThat(Layout.wrapped("one two three", 7)).containsExactly("one two", "three");
        assertThat(Layout.wrapped("one two three", 6)).containsExactly("one", "two", "three");
        assertThat(Layout.wrapped("one two three", 13)).containsExactly("one two three");
        assertThat(Layout.wrapped("", 10)).containsExactly("");
    }

    @Test
    void aWordThatIsTooLongHasALineOfItsOwn() {
        assertThat(Layout.wrapped("a --session-gap b", 6)).containsExactly("a", "--session-gap", "b");
        assertThat(Layout.wrapped("   --session-gap", 6)).containsExactly("   --session-gap");
    }

    @Test
    void aLineFeedBeginsAParagraphWhoseOtherLinesAreIndentedAsTheFirst() {
        assertThat(Layout.wrapped("\n1. one two\n   three four", 8))
                .containsExactly("", "1. one", "   two", "   three", "   four");
    }

    @Test
    void chineseEndsAnywhereButNotBeforeAFullStopNorBehindAnOpeningBracket() {
        assertThat(Layout.wrapped("选择器线程", 6)).containsExactly("选择器", "线程");
        assertThat(Layout.wrapped("选择器。线程", 6)).containsExactly("选择", "器。线", "程");
        assertThat(Layout.wrapped("选择（线程）", 6)).containsExactly("选择", "（线", "程）");
        assertThat(Layout.wrapped("用 --lang zh 看", 8)).containsExactly("用", "--lang", "zh 看");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 100})
    void noTextOfTheDemosIsWiderThanTheTerminal(int columns) {
        for (Locale language : List.of(Locale.ENGLISH, Locale.CHINESE)) {
            ResourceBundle words = ResourceBundle.getBundle("org.reactorserver.demo.words", language);
            for (String key : words.keySet()) {
                assertThat(Layout.wrapped(words.getString(key), columns))
                        .as(key)
                        .allMatch(line -> Layout.width(line) <= columns);
            }
        }
    }

    @Test
    void aBarIsAsLongAsItsShare() {
        assertThat(Layout.cells(1_200, 2_400, 40)).isEqualTo(20);
        assertThat(Layout.cells(2_400, 2_400, 40)).isEqualTo(40);
        assertThat(Layout.cells(1, 2_400, 40)).isZero();
        assertThat(Layout.cells(5, 0, 40)).as("nothing is the largest").isZero();
        assertThat(Layout.cells(-1, 10, 40)).isZero();
        assertThat(Layout.cells(11, 10, 40)).isEqualTo(40);
    }

    @Test
    void paddingCountsColumns() {
        assertThat(Layout.padded("abc", 5)).isEqualTo("abc  ");
        assertThat(Layout.padded("客户端", 7)).isEqualTo("客户端 ");
        assertThat(Layout.padded("client", 3)).isEqualTo("client ");
    }
}
