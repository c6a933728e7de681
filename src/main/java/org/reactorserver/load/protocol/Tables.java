package org.reactorserver.load.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads records from text: one a line, or as RFC 4180 has them. */
final class Tables {
    private Tables() {}

    /** A record with one value for each line that is not empty. */
    static List<List<String>> lines(String text) {
        return text.lines().filter(line -> !line.isEmpty()).map(List::of).toList();
    }

    /**
     * Comma-separated values: a value with commas, quotes or line ends in it stands in quotes, and a quote in it is
     * doubled.
     *
     * @return the records, of which the first names the columns
     * @throws Tokens.Misread if a record has not as many values as the first, or does not end; says where it begins
     */
    static List<List<String>> csv(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> record = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        int line = 1;
        int begunAt = 1;
        for (int at = 0; at <= text.length(); at++) {
            char c = at < text.length() ? text.charAt(at) : '\n';
            line += c == '\n' ? 1 : 0;
            if (quoted && at == text.length()) {
                throw new Tokens.Misread(begunAt, 1, "a value here has a quote and no second one");
            } else if (quoted && c == '"' && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                value.append(c);
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || c != ',' && c != '\n') {
                value.append(c);
            } else {
                record.add(
                        c == '\n' && value.toString().endsWith("\r")
                                ? value.substring(0, value.length() - 1)
                                : value.toString());
                value.setLength(0);
                if (c == '\n') {
                    if (!record.equals(List.of(""))) {
                        add(records, record, begunAt);
                    }
                    record = new ArrayList<>();
                    begunAt = line;
                }
            }
        }
        return records;
    }

    private static void add(List<List<String>> records, List<String> record, int line) {
        if (!records.isEmpty() && record.size() != records.get(0).size()) {
            throw new Tokens.Misread(
                    line,
                    1,
                    "as many values are expected as the first line has, "
                            + records.get(0).size() + ", and not " + record.size());
        }
        records.add(record);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
