package org.reactorserver.load.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reactorserver.text.JsonText;

/**
 * JSON as maps, lists, strings, doubles, longs, booleans and null. Writes one key a line, so that a diff
 * of two results can be read; reads what it writes, and any other JSON.
 */
public final class Json {
    private static final int MAX_DEPTH = 100;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    // -- writing
    // ------------------------------------------------------------------------------------

    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, "\n", out);
        return out.append('\n').toString();
    }

    private static void write(Object value, String newLine, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            writeMap(map, newLine, out);
        } else if (value instanceof List<?> list) {
            writeList(list, newLine, out);
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            out.append("null");
        } else if (value instanceof Number || value instanceof Boolean || value == null) {
            out.append(value);
        } else {
            JsonText.append(out, value.toString());
        }
    }

    private static void writeMap(Map<?, ?> map, String newLine, StringBuilder out) {
        boolean isSmall = map.values().stream().noneMatch(value -> value instanceof Map || value instanceof List);
        String separator = isSmall && newLine.length() > 1 ? " " : newLine + "  ";
        out.append('{');
        String before = separator.equals(" ") ? "" : separator;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(before);
            JsonText.append(out, entry.getKey().toString());
            out.append(": ");
            write(entry.getValue(), newLine + "  ", out);
            before = "," + separator;
        }
        out.append(separator.equals(" ") || map.isEmpty() ? "}" : newLine + "}");
    }

    private static void writeList(List<?> list, String newLine, StringBuilder out) {
        out.append('[');
        String before = newLine + "  ";
        for (Object item : list) {
            out.append(before);
            write(item, newLine + "  ", out);
            before = "," + newLine + "  ";
        }
        out.append(list.isEmpty() ? "]" : newLine + "]");
    }

    // -- reading
    // ------------------------------------------------------------------------------------

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException if the text is not JSON; says where
     */
    public static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        if (json.peek() != 0) {
            throw json.wrong("the end");
        }
        return value;
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong("fewer levels");
        }
        return switch (peek()) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> map(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}') {
            if (!map.isEmpty()) {
                expect(',');
            }
            if (peek() != '"') {
                throw wrong("a key");
            }
            String key = string();
            expect(':');
            map.put(key, value(depth + 1));
        }
        at++;
        return map;
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            if (!list.isEmpty()) {
                expect(',');
            }
            list.add(value(depth + 1));
        }
        at++;
        return list;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        for (at++; ; at++) {
            char c = charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            } else if (c < ' ') {
                throw wrong("a character of a string");
            } else if (c == '\\') {
                out.append(escaped(charAt(++at)));
            } else {
                out.append(c);
            }
        }
    }

    private char escaped(char c) {
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                if (at + 4 >= text.length()) {
                    throw wrong("four digits");
                }
                at += 4;
                try {
                    yield (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
                } catch (NumberFormatException e) {
                    throw wrong("four digits");
                }
            }
            default -> throw wrong("an escape");
        };
    }

    private Object number() {
        int from = at;
        while ("+-.eE0123456789".indexOf(charAt(at)) >= 0 && charAt(at) != 0) {
            at++;
        }
        String number = text.substring(from, at);
        try {
            return number.matches("-?\\d{1,18}")
                    ? (Object) Long.parseLong(number)
                    : (Object) Double.parseDouble(number);
        } catch (NumberFormatException e) {
            at = from;
            throw wrong("a value");
        }
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value");
        }
        at += word.length();
        return value;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    /** The next character that is no space; 0 at the end. */
    private char peek() {
        while (Character.isWhitespace(charAt(at))) {
            at++;
        }
        return charAt(at);
    }

    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : 0;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("not JSON: " + expected + " expected at character " + at);
    }
}
