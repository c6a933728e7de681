package org.reactorserver.text;

/** Numbers of things for a person: {@code 1 reply}, {@code 2 replies}. */
public final class Plural {
    private Plural() {}

    /** The number and the noun, which is given in the singular; one that is regular, or ends with a consonant and y. */
    public static String of(long count, String noun) {
        String several = noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
        return count + " " + (count == 1 ? noun : several);
    }
}
