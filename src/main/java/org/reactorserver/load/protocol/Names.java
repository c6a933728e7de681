package org.reactorserver.load.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactorserver.load.protocol.Tokens.Token;
import org.reactorserver.load.text.Escapes;

/** Which names stand for something at a place of a scenario, and the texts in which they stand. One thread. */
final class Names {
    private static final Pattern GAP =
            Pattern.compile("\\{(\\{|\\*|random:(\\d{1,18})-(\\d{1,18})|#?[A-Za-z][\\w.-]*)}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z]\\w*");
    private static final Set<String> TAKEN = Set.of("id", "seq", "random");

    private final Map<String, Text.Gap> columns = new HashMap<>(); // of tables, which are known everywhere
    private final Map<String, Integer> slots = new HashMap<>();
    private final Set<String> ofStart = new HashSet<>();
    private final Set<String> known = new HashSet<>(); // at this place
    private final Set<String> captured = new HashSet<>(); // in this flow
    private boolean inFlow;
    private boolean waits;

    /** How many names are set or captured anywhere. */
    int count() {
        return slots.size();
    }

    /** What was set in the flow before is not known in the next. */
    void beginFlow() {
        if (!inFlow) {
            ofStart.addAll(known);
        }
        inFlow = true;
        known.clear();
        known.addAll(ofStart);
        captured.clear();
    }

    /** The only column of a table. */
    void column(Token name, int table) {
        check(name.value(), name);
        columns.put(name.value(), values -> values.records[table][0]);
    }

    /** The columns of a table. */
    void columns(Token name, List<String> names, int table) {
        check(name.value(), name);
        for (int i = 0; i < names.size(); i++) {
            int column = i;
            columns.put(name.value() + "." + names.get(i).strip(), values -> values.records[table][column]);
        }
    }

    /** From here on the name stands for something; returns its slot. */
    int set(Token name) {
        check(name.value(), name);
        known.add(name.value());
        captured.remove(name.value());
        return slot(name.value());
    }

    /** From here on, when the reply has come, the name stands for a part of it; returns its slot. */
    int capture(String name, Token at, boolean inStart) {
        check(name, at);
        known.add(name);
        if (!inStart) {
            captured.add(name);
        }
        return slot(name);
    }

    private int slot(String name) {
        return slots.computeIfAbsent(name, any -> slots.size());
    }

    private void check(String name, Token at) {
        if (!NAME.matcher(name).matches() || TAKEN.contains(name) || columns.containsKey(name)) {
            throw at.refused("'" + name + "' cannot be a name here: it is letters and digits, and neither id, seq,"
                    + " random nor that of a file");
        }
    }

    /**
     * Reads a text.
     *
     * @param expected whether it is of a reply: some of it may be ignored then, and nothing is made up
     */
    Text text(List<Token> tokens, boolean expected) {
        waits = false;
        List<byte[]> literals = new ArrayList<>();
        List<Text.Gap> gaps = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        Token token = tokens.get(0);
        for (Token each : tokens) {
            token = each;
            String text = each.value();
            Matcher gap = GAP.matcher(text);
            int from = 0;
            while (gap.find()) {
                literal.append(text, from, gap.start());
                from = gap.end();
                if (gap.group(1).equals("{")) {
                    literal.append('{');
                } else {
                    Token place = new Token(gap.group(), true, each.line(), each.column() + 1 + gap.start());
                    literals.add(bytes(literal, each));
                    gaps.add(gap(gap, place, expected));
                }
            }
            literal.append(text, from, text.length());
        }
        literals.add(bytes(literal, token));
        return new Text(literals, gaps);
    }

    private static byte[] bytes(StringBuilder literal, Token token) {
        try {
            return Escapes.bytes(literal.toString());
        } catch (IllegalArgumentException e) {
            throw token.refused(e.getMessage());
        } finally {
            literal.setLength(0);
        }
    }

    /** Whether the text that was read last has something of a reply that must have come before. */
    boolean lastWaits() {
        return waits;
    }

    private Text.Gap gap(Matcher gap, Token place, boolean expected) {
        String name = gap.group(1);
        if (name.equals("*") && expected) {
            return Text.ANYTHING;
        } else if (name.equals("id")) {
            return values -> Text.digits(values.connection);
        } else if (name.equals("seq")) {
            return values -> Text.digits(values.seq);
        } else if (gap.group(2) != null && !expected) {
            return random(Long.parseLong(gap.group(2)), Long.parseLong(gap.group(3)), place);
        } else if (name.startsWith("#")) {
            Text.Gap value = value(name.substring(1), place);
            return values -> Text.digits(value.value(values).length);
        }
        return value(name, place);
    }

    private static Text.Gap random(long from, long to, Token place) {
        if (from > to) {
            throw place.refused(place.value() + ": the first number is not to be the larger one");
        }
        return values ->
                Text.digits(values.random.longs(1, from, to + 1).findFirst().getAsLong());
    }

    private Text.Gap value(String name, Token place) {
        if (columns.containsKey(name)) {
            return columns.get(name);
        } else if (!known.contains(name)) {
            Set<String> all = new TreeSet<>(known);
            all.addAll(columns.keySet());
            all.addAll(Set.of("id", "seq", "random:A-B"));
            throw place.refused(place.value() + " stands for nothing here: there are " + String.join(", ", all)
                    + ", and {*} for what is ignored in a reply; a brace is written {{}");
        }
        waits |= captured.contains(name);
        int slot = slots.get(name);
        return values -> values.named[slot];
    }
}
