package org.reactorserver.helper;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Compares what a command has printed with what a document says that it does, where figures may differ. */
public final class Printed {
    private static final String ANYTHING = "…";
    private static final Pattern LOGGED = Pattern.compile("^TIME \\[.*");

    private Printed() {}

    /** The line without what differs from run to run: times, ports, how long something took. */
    static String masked(String line) {
        return line.replaceAll("127\\.0\\.0\\.1(:|', )\\d+", "127.0.0.1$1PORT")
                .replaceAll("(\\d{4}-\\d\\d-\\d\\d )?\\d\\d:\\d\\d:\\d\\d\\.\\d{3,6}", "TIME")
                .replaceAll("\\d[\\d,]*(\\.\\d+)? ?(ns|µs|ms|s)\\b", "DURATION")
                .replaceAll("worker-\\d+", "worker-N")
                .stripTrailing();
    }

    private static List<String> masked(List<String> lines) {
        List<String> masked = new ArrayList<>();
        for (String line : lines) {
            masked.add(line.strip().equals(ANYTHING) ? ANYTHING : masked(line));
        }
        return masked;
    }

    /**
     * Whether this is what was printed. A line {@code …} of what is expected stands for any lines. Lines of the log and
     * of the trace count only if some are expected.
     */
    public static boolean is(List<String> expected, List<String> printed, boolean inAnyOrder) {
        List<String> wanted = masked(expected);
        List<String> seen = masked(printed);
        if (wanted.stream().noneMatch(line -> LOGGED.matcher(line).matches())) {
            seen.removeIf(line -> LOGGED.matcher(line).matches());
        }
        if (inAnyOrder) {
            return wanted.stream().allMatch(line -> line.equals(ANYTHING) || seen.remove(line));
        }
        return matches(wanted, 0, seen, 0);
    }

    private static boolean matches(List<String> wanted, int i, List<String> seen, int j) {
        if (i == wanted.size()) {
            return j == seen.size();
        }
        if (wanted.get(i).equals(ANYTHING)) {
            for (int k = j; k <= seen.size(); k++) {
                if (matches(wanted, i + 1, seen, k)) {
                    return true;
                }
            }
            return false;
        }
        return j < seen.size() && wanted.get(i).equals(seen.get(j)) && matches(wanted, i + 1, seen, j + 1);
    }
}
