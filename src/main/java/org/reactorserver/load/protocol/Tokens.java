package org.reactorserver.load.protocol;

import java.util.ArrayList;
import java.util.List;

/** Cuts a scenario into words and texts, statement by statement. One thread. */
final class Tokens {
    /**
     * A word or a text.
     *
     * @param value without the quotes, escapes as they were written; of a word such as {@code until:"END"} with what
     *     stood in the quotes
     * @param isText whether it began with a quote
     */
    record Token(String value, boolean isText, int line, int column) {
        IllegalArgumentException refused(String message) {
            return new Misread(line, column, message);
        }
    }

    /** What is wrong, and where. */
    static final class Misread extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Misread(int line, int column, String message) {
            super(line + ":" + column + ": " + message);
        }
    }

    private final String text;
    private int at;
    private int line = 1;
    private int lineStart;

    private Tokens(String text) {
        this.text = text;
    }

    /** The statements, none of which is empty. A line that begins with a text goes on with the statement before. */
    static List<List<Token>> statements(String text) {
        return new Tokens(text).statements();
    }

    private List<List<Token>> statements() {
        List<List<Token>> statements = new ArrayList<>();
        boolean ended = true;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n' || c == ';') {
                ended = true;
                at++;
                if (c == '\n') {
                    line++;
                    lineStart = at;
                }
            } else if (c == '#') {
                at = endOfLine();
            } else if (Character.isWhitespace(c)) {
                at++;
            } else {
                if (ended && (c != '"' || statements.isEmpty())) {
                    statements.add(new ArrayList<>());
                }
                ended = false;
                statements.get(statements.size() - 1).add(token());
            }
        }
        return statements;
    }

    private Token token() {
        int from = at;
        int column = at - lineStart + 1;
        if (text.charAt(at) == '"') {
            return new Token(quoted(column), true, line, column);
        }
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && ";\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        boolean goesOn = word.endsWith(":") && at < text.length() && text.charAt(at) == '"';
        return new Token(goesOn ? word + quoted(at - lineStart + 1) : word, false, line, column);
    }

    private String quoted(int column) {
        int from = ++at;
        int end = endOfLine();
        while (at < end && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= end) {
            throw new Misread(line, column, "a text has no second quote in its line; one inside it is written \\\"");
        }
        return text.substring(from, at++);
    }

    private int endOfLine() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }
}
