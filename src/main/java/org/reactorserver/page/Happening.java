package org.reactorserver.page;

import java.util.Locale;
import org.reactorserver.text.JsonText;
import org.reactorserver.text.Printable;
import org.reactorserver.text.Words;

/**
 * Something that has happened. Immutable.
 *
 * @param at when, in nanoseconds of the server's clock since the stage was made; the clock stands still while the loop is held
 * @param pass in which pass of the loop, the first is 1
 * @param thread the name of the thread that it happened on
 * @param session the number of the session; 0 if that is none, as with the listener
 * @param first the number that {@link What#numbers} names first; 0 if there is none
 * @param second likewise
 * @param text an address, a state, a reason, a message; null if there is none
 */
public record Happening(
        What what, long at, long pass, String thread, long session, long first, long second, String text) {

    /** Longer texts are cut, so that what is kept stays small. */
    static final int LONGEST = 120;

    private static final long NANOS_PER_MICRO = 1_000;

    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "… (" + text.length() + ")";
    }

    /**
     * Appends it as an object, whose numbers are whole.
     *
     * @param texts whether what clients said is told
     */
    void append(StringBuilder out, boolean texts) {
        out.append("{\"what\":\"").append(what.key()).append("\",\"at\":").append(at / NANOS_PER_MICRO);
        out.append(",\"pass\":").append(pass).append(",\"thread\":");
        JsonText.append(out, thread);
        if (session > 0) {
            out.append(",\"session\":").append(session);
        }
        for (int i = 0; i < what.numbers.size(); i++) {
            out.append(",\"").append(what.numbers.get(i).key()).append("\":").append(i == 0 ? first : second);
        }
        if (text != null && (texts || !what.isPrivate())) {
            out.append(",\"text\":");
            JsonText.append(out, Printable.escape(text));
        }
        out.append('}');
    }

    /** Two lines for a terminal: what, with its numbers and their units, and the sentence on why. */
    public String narrate(Locale locale) {
        boolean isChinese = Words.isChinese(locale);
        StringBuilder line = new StringBuilder();
        line.append(isChinese ? "第 " + pass + " 轮" : "pass " + pass)
                .append(" [")
                .append(thread)
                .append("] ")
                .append(what.key());
        if (session > 0) {
            line.append(isChinese ? " · 会话 " : " · session ").append(session);
        }
        for (int i = 0; i < what.numbers.size(); i++) {
            line.append(" · ").append(what.numbers.get(i).text(i == 0 ? first : second, locale));
        }
        if (text != null) {
            line.append(" · ").append(Printable.escape(text));
        }
        return line.append("\n    ")
                .append(what.sentence(locale))
                .append(" (")
                .append(what.place.replace('#', '.'))
                .append(')')
                .toString();
    }
}
