package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SelectionKey;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a terminal is told what has happened. */
class HappeningTest {
    private static Happening happening(What what, long first, long second) {
        return new Happening(what, 0, 7, "selector", 0, first, second, null);
    }

    private static String firstLine(Happening happening, Locale locale) {
        return happening.narrate(locale).lines().findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TIMER     | 767997086 | 0       | timer · 767.997 ms late            | timer · 迟到 767.997 毫秒
            PASS_OVER | 56789     | 0       | pass-over · 0.057 ms               | pass-over · 0.057 毫秒
            SLEEPS    | 490       | 0       | sleeps · at most 490 ms            | sleeps · 最多 490 毫秒
            SLEEPS    | 0         | 0       | sleeps · no timer is set           | sleeps · 没有定时器
            SELECTED  | 1         | 1       | selected · 1 key · has slept       | selected · 1 个键 · 睡眠之后
            SELECTED  | 2         | 0       | selected · 2 keys · has not slept  | selected · 2 个键 · 没有睡眠
            RELEASED  | 3         | 2000000 | released · 3 messages · 2.000 ms   | released · 3 条消息 · 2.000 毫秒
            """)
    void everyNumberHasItsUnit(What what, long first, long second, String english, String chinese) {
        Happening happening = happening(what, first, second);
        assertThat(firstLine(happening, Locale.ENGLISH)).isEqualTo("pass 7 [selector] " + english);
        assertThat(firstLine(happening, Locale.CHINESE)).isEqualTo("第 7 轮 [selector] " + chinese);
    }

    @Test
    void operationsHaveTheNamesOfTheirConstants() {
        int both = SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        assertThat(firstLine(happening(What.INTEREST, both, 0), Locale.ENGLISH)).endsWith(" · OP_READ | OP_WRITE");
        assertThat(firstLine(happening(What.KEY_READY, SelectionKey.OP_ACCEPT, 0), Locale.ENGLISH))
                .endsWith(" · OP_ACCEPT");
        assertThat(firstLine(happening(What.INTEREST, 0, 0), Locale.ENGLISH)).endsWith(" · no operation");
        assertThat(firstLine(happening(What.INTEREST, 0, 0), Locale.CHINESE)).endsWith(" · 没有操作");
    }

    @ParameterizedTest
    @EnumSource
    void theSentenceAndEachNumberAreInTheReadersLanguage(What what) {
        Happening happening = new Happening(what, 0, 7, "selector", 3, 2, 2, "127.0.0.1:43072");
        assertThat(happening.narrate(Locale.ENGLISH))
                .contains(" · session 3", "127.0.0.1:43072", what.english)
                .matches(line -> line.replaceAll("[“”·\\p{ASCII}]", "").isEmpty());
        assertThat(happening.narrate(Locale.CHINESE))
                .startsWith("第 7 轮 ")
                .contains(" · 会话 3", what.chinese)
                .doesNotContain(" ms", "took", "session ");
    }
}
