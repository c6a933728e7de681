package org.reactorserver.helper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the YAML that manifests are written in: maps, lists and texts in blocks, and lists of texts in brackets. */
public final class Yaml {
    private final List<String> lines;
    private int at;

    private Yaml(List<String> lines) {
        this.lines = lines;
    }

    /** The documents of a file, as maps, lists and texts. */
    public static List<Object> documents(String text) {
        return Stream.of(text.split("(?m)^---$"))
                .map(document -> new Yaml(document.lines().toList()).block(0))
                .toList();
    }

    /** What stands below a path of keys and indices. */
    public static Object get(Object node, Object... path) {
        Object found = node;
        for (Object step : path) {
            found = step instanceof Integer index ? ((List<?>) found).get(index) : ((Map<?, ?>) found).get(step);
            if (found == null) {
                throw new AssertionError("no " + step + " of " + List.of(path) + " in " + node);
            }
        }
        return found;
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private boolean isNext(int indent) {
        while (at < lines.size() && lines.get(at).matches("\\s*(#.*)?")) {
            at++;
        }
        return at < lines.size() && indent(lines.get(at)) == indent;
    }

    private Object block(int indent) {
        if (isNext(indent) && lines.get(at).startsWith("- ", indent)) {
            List<Object> list = new ArrayList<>();
            while (isNext(indent) && lines.get(at).startsWith("- ", indent)) {
                String inner = " ".repeat(indent + 2) + lines.get(at).substring(indent + 2);
                list.add(new Yaml(replaced(inner)).from(at, indent + 2, this));
            }
            return list;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        while (isNext(indent)) {
            String[] pair = lines.get(at++).strip().split(":( |$)", 2);
            if (pair.length < 2 || map.containsKey(pair[0])) {
                throw new AssertionError("line " + at + ": " + lines.get(at - 1));
            }
            map.put(pair[0], value(pair[1], indent));
        }
        if (at < lines.size() && indent(lines.get(at)) > indent) {
            throw new AssertionError("line " + (at + 1) + " is indented too far: " + lines.get(at));
        }
        return map;
    }

    private List<String> replaced(String line) {
        List<String> copy = new ArrayList<>(lines);
        copy.set(at, line);
        return copy;
    }

    private Object from(int start, int indent, Yaml outer) {
        at = start;
        Object node = block(indent);
        outer.at = at;
        return node;
    }

    private Object value(String text, int indent) {
        if (text.equals("|")) {
            StringBuilder block = new StringBuilder();
            while (at < lines.size() && (lines.get(at).isBlank() || indent(lines.get(at)) > indent)) {
                block.append(lines.get(at++).strip()).append('\n');
            }
            return block.toString();
        }
        if (text.startsWith("[")) {
            return Stream.of(text.substring(1, text.length() - 1).split(", *"))
                    .map(each -> each.replace("\"", ""))
                    .toList();
        }
        return text.isEmpty() ? block(indent + 2) : text;
    }
}
