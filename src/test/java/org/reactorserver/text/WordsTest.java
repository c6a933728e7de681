package org.reactorserver.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    private static final Pattern PLACE = Pattern.compile("%(?:(\\d+)\\$)?[-,]?[0-9.]*([a-z])");

    /** Which value stands where is for each language to say; what kind of value it is is not. */
    private static Map<Integer, String> places(String format) {
        Map<Integer, String> places = new TreeMap<>();
        List<MatchResult> found =
                PLACE.matcher(format.replace("%%", "")).results().toList();
        int next = 1;
        for (MatchResult place : found) {
            int index = place.group(1) == null ? next++ : Integer.parseInt(place.group(1));
            places.put(index, place.group(2));
        }
        return places;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"org.reactorserver.demo.words", "org.reactorserver.exercise.words", "org.reactorserver.cli.words"
            })
    void bothLanguagesSayTheSameThings(String base) {
        ResourceBundle english = ResourceBundle.getBundle(base, Locale.ENGLISH);
        ResourceBundle chinese = ResourceBundle.getBundle(base, Locale.CHINESE);
        assertThat(chinese.keySet()).isEqualTo(english.keySet());
        for (String key : english.keySet()) {
            assertThat(places(chinese.getString(key))).as(key).isEqualTo(places(english.getString(key)));
            assertThat(chinese.getString(key)).as("left in English: %s", key).isNotBlank();
        }
    }

    @Test
    void everyKindOfChineseIsChineseAndAllElseIsEnglish() {
        assertThat(Words.isChinese(Locale.TAIWAN)).isTrue();
        assertThat(Words.isChinese(Locale.forLanguageTag("zh-Hans-CN"))).isTrue();
        assertThat(Words.isChinese(Locale.GERMAN)).isFalse();
    }
}
