package org.reactorserver.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.reactorserver.cli.PropertyLine.Pair;
import org.reactorserver.cli.PropertyLine.Place;

/** Options in a file: a Java properties file in UTF-8 whose keys are the options' names. */
final class ConfigFile {
    private final Path path;
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(String value, Place key, Place start) {}

    /** What is wrong with a file, for its author. */
    static final class Problem extends Exception {
        private static final long serialVersionUID = 1L;

        Problem(String text) {
            super(text);
        }
    }

    private ConfigFile(Path path) {
        this.path = path;
    }

    /**
     * Reads it.
     *
     * @param names the options that may be in it
     */
    static ConfigFile read(Path path, Collection<String> names) throws Problem {
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (CharacterCodingException e) {
            throw new Problem("'" + path + "' is not UTF-8");
        } catch (IOException e) {
            throw new Problem(Failure.message(path, e));
        }
        ConfigFile file = new ConfigFile(path);
        Iterator<String> rest = lines.iterator();
        for (int number = 1; rest.hasNext(); ) {
            PropertyLine line = new PropertyLine(rest, number);
            file.add(line, names);
            number += line.lines();
        }
        return file;
    }

    private void add(PropertyLine line, Collection<String> names) throws Problem {
        Pair pair;
        try {
            pair = line.pair();
        } catch (IllegalArgumentException e) {
            throw problem(line.badEscape(), "'%s' cannot be read: %s", line, Failure.message(e));
        }
        if (pair == null) {
            return;
        }
        if (!names.contains(pair.key())) {
            List<String> near = Nearest.to(pair.key(), names);
            throw problem(
                    line.key(),
                    "'%s' is no option%s",
                    pair.key(),
                    near.isEmpty() ? ": expected one of " + String.join(", ", names) : Nearest.question(near));
        }
        Entry before = entries.put(pair.key(), new Entry(pair.value(), line.key(), line.value()));
        if (before != null) {
            throw problem(line.key(), "'%s' is in line %d already", pair.key(), before.key.line());
        }
    }

    private Problem problem(Place place, String text, Object... parts) {
        return new Problem(path + ", " + place + ": " + text.formatted(parts));
    }

    /** What it says of the option with this name; null if nothing. */
    String get(String name) {
        Entry entry = entries.get(name);
        return entry == null ? null : entry.value;
    }

    /** Where it says so: where the value stands. */
    String origin(String name) {
        return path + ", " + entries.get(name).start;
    }
}
