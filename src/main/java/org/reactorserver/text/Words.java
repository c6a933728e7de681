package org.reactorserver.text;

import java.util.Locale;
import java.util.ResourceBundle;

/**
 * What is said to a person, in English or in Chinese, from the files {@code words_en.properties} and {@code
 * words_zh.properties} beside a class. Logs and the transcript are not: they are English everywhere. Immutable; any
 * thread.
 */
public final class Words {
    private final ResourceBundle bundle;

    private Words(ResourceBundle bundle) {
        this.bundle = bundle;
    }

    /**
     * Those beside the class.
     *
     * @param language {@link Locale#CHINESE}; any other one has English
     */
    public static Words beside(Class<?> neighbour, Locale language) {
        Locale spoken = isChinese(language) ? Locale.CHINESE : Locale.ENGLISH;
        String base = neighbour.getPackageName() + ".words";
        return new Words(ResourceBundle.getBundle(base, spoken, neighbour.getClassLoader()));
    }

    /** Whether it is a kind of Chinese. */
    public static boolean isChinese(Locale language) {
        return language.getLanguage().equals(Locale.CHINESE.getLanguage());
    }

    /**
     * The text with this key, a format of {@link java.util.Formatter}, with these values in it.
     *
     * @throws java.util.MissingResourceException if there is none
     */
    public String text(String key, Object... values) {
        return String.format(Locale.ROOT, bundle.getString(key), values);
    }
}
