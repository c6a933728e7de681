package org.reactorserver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which class uses which, and the circles in it: for each use that is part of a circle, a shortest one. */
final class Circles {
    private final Map<String, Map<String, String>> uses = new TreeMap<>(); // by user and used: where
    private final Set<Set<String>> allowed = new HashSet<>();

    /** Notes that one uses another, for which the first place that is given stands. */
    void add(String user, String used, String where) {
        if (!user.equals(used)) {
            uses.computeIfAbsent(user, key -> new TreeMap<>()).putIfAbsent(used, where);
        }
    }

    /** These two may use each other; a longer circle that they are part of is one all the same. */
    void allow(String one, String other) {
        allowed.add(Set.of(one, other));
    }

    /** Whether each of the two uses the other. */
    boolean areMutual(String one, String other) {
        return of(one).containsKey(other) && of(other).containsKey(one);
    }

    /** A line for each circle, the shortest first. */
    List<String> find() {
        Set<List<String>> circles =
                new TreeSet<>(Comparator.<List<String>>comparingInt(List::size).thenComparing(Object::toString));
        uses.forEach((user, all) -> all.keySet().forEach(used -> {
            List<String> back = path(used, user);
            if (!back.isEmpty()) {
                Collections.rotate(back, -back.indexOf(Collections.min(back)));
                circles.add(back);
            }
        }));
        return circles.stream().map(this::line).toList();
    }

    /** A shortest way of uses with both ends; not the direct one between two who may use each other. Empty if none. */
    private List<String> path(String from, String to) {
        boolean notDirectly = allowed.contains(Set.of(from, to));
        Map<String, String> reachedFrom = new HashMap<>(Map.of(from, from));
        ArrayDeque<String> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty() && !reachedFrom.containsKey(to)) {
            String at = next.remove();
            for (String used : of(at).keySet()) {
                boolean closed = notDirectly && at.equals(from) && used.equals(to);
                if (!closed && reachedFrom.putIfAbsent(used, at) == null) {
                    next.add(used);
                }
            }
        }
        List<String> path = new ArrayList<>();
        for (String at = reachedFrom.containsKey(to) ? to : null; at != null; ) {
            path.add(0, at);
            at = at.equals(from) ? null : reachedFrom.get(at);
        }
        return path;
    }

    private String line(List<String> circle) {
        StringBuilder line = new StringBuilder(circle.get(0));
        for (int i = 0; i < circle.size(); i++) {
            String used = circle.get((i + 1) % circle.size());
            line.append(" → ").append(used);
            line.append(' ').append(of(circle.get(i)).get(used));
        }
        return line.toString();
    }

    private Map<String, String> of(String user) {
        return uses.getOrDefault(user, Map.of());
    }
}
