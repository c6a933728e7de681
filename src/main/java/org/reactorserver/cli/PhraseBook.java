package org.reactorserver.cli;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Pattern;
import org.reactorserver.text.Words;

/**
 * Translates messages about wrong usage, phrase by phrase: such a message is put together in many places, most of which
 * are below the command line and are read by programs too. A message with a part that has no translation stays English
 * as a whole.
 */
final class PhraseBook {
    private static final String ENGLISH = ".en";
    private static final String CHINESE = ".zh";

    /** Two English words side by side, outside quotes: something that was not translated. */
    private static final Pattern ENGLISH_WORDS =
            Pattern.compile("(?<![^\\s：；，（、])[a-z]{2,},? [a-z]{2,}(?![^\\s：；，）、])");

    private static final Pattern QUOTED = Pattern.compile("“[^”]*”");

    private PhraseBook() {}

    /** The message in Chinese if that is the language, else as it is. */
    static String translate(String message, Locale language) {
        if (!Words.isChinese(language)) {
            return message;
        }
        ResourceBundle phrases = ResourceBundle.getBundle(PhraseBook.class.getPackageName() + ".phrases", language);
        String translated = message;
        for (String key : phrases.keySet().stream()
                .filter(key -> key.endsWith(ENGLISH))
                .sorted()
                .toList()) {
            String chinese = phrases.getString(key.substring(0, key.length() - ENGLISH.length()) + CHINESE);
            translated =
                    Pattern.compile(phrases.getString(key)).matcher(translated).replaceAll(chinese);
        }
        return ENGLISH_WORDS
                        .matcher(QUOTED.matcher(translated).replaceAll("“”"))
                        .find()
                ? message
                : translated;
    }
}
