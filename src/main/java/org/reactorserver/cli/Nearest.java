package org.reactorserver.cli;

import java.util.Collection;
import java.util.List;

/** The names that a mistyped one may stand for. */
final class Nearest {
    private static final int MOST = 3;

    private Nearest() {}

    /**
     * Those that differ from it in case only; else those that the fewest typing errors turn into it; if these would be
     * too many, those that begin with it. At most three, in the order of the candidates.
     */
    static List<String> to(String word, Collection<String> candidates) {
        List<String> same =
                candidates.stream().filter(word::equalsIgnoreCase).limit(MOST).toList();
        return same.isEmpty() ? nearly(word, candidates) : same;
    }

    private static List<String> nearly(String word, Collection<String> candidates) {
        int least = candidates.stream()
                .mapToInt(candidate -> distance(word, candidate))
                .min()
                .orElse(0);
        List<String> near = candidates.stream()
                .filter(candidate -> distance(word, candidate) == least && least <= slips(candidate))
                .toList();
        boolean isBeginning = near.isEmpty() && Environment.key(word).length() > 1;
        return (isBeginning ? candidates.stream().filter(each -> each.startsWith(word)) : near.stream())
                .limit(MOST)
                .toList();
    }

    /** The same as a question that goes on after what is wrong; nothing if nothing is near. */
    static String question(List<String> meant) {
        return meant.isEmpty() ? "" : "; did you mean " + String.join(" or ", meant) + "?";
    }

    /** How many typing errors are allowed for a name: with two, a short name would be any other. */
    private static int slips(String name) {
        String bare = Environment.key(name);
        return bare.length() < 6 ? 1 : Math.max(2, bare.length() / 4);
    }

    /**
     * How many characters to leave out, put in, change or exchange with their neighbours (optimal string alignment:
     * Damerau-Levenshtein in which nothing is changed twice).
     */
    private static int distance(String one, String other) {
        int[][] rows = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                rows[i][j] = i == 0 || j == 0 ? i + j : step(one, other, rows, i, j);
            }
        }
        return rows[one.length()][other.length()];
    }

    private static int step(String one, String other, int[][] rows, int i, int j) {
        boolean isSame = one.charAt(i - 1) == other.charAt(j - 1);
        int changed = rows[i - 1][j - 1] + (isSame ? 0 : 1);
        int shorter = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
        boolean isExchanged =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return Math.min(Math.min(changed, shorter), isExchanged ? rows[i - 2][j - 2] + 1 : Integer.MAX_VALUE);
    }
}
