package org.reactorserver.cli;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Options in a file: a Java properties file in UTF-8 whose keys are the options' names. */
final class ConfigFile {
    private final Path path;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(String value, int line) {}

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
        ConfigFile file = new ConfigFile(path);
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            throw new Problem("'" + path + "': there is no such file");
        } catch (CharacterCodingException e) {
            throw new Problem("'" + path + "' is not UTF-8");
        } catch (IOException e) {
            throw new Problem("'" + path + "' cannot be read: " + Failure.message(e));
        }
        for (int i = 0; i < lines.size(); ) {
            int first = i;
            StringBuilder text = new StringBuilder(lines.get(i++));
            while (isContinued(text) && i < lines.size()) {
                text.append('\n').append(lines.get(i++));
            }
            file.add(text.toString(), first + 1, names);
        }
        return file;
    }

    /** Whether it ends with a backslash that is not itself behind one, and is no comment. */
    private static boolean isContinued(CharSequence line) {
        String text = line.toString().strip();
        if (text.startsWith("#") || text.startsWith("!")) {
            return false;
        }
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private void add(String text, int line, Collection<String> names) throws Problem {
        Properties one = new Properties();
        try {
            one.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem("%s: '%s' cannot be read: %s".formatted(at(line), text, Failure.message(e)));
        }
        for (String key : one.stringPropertyNames()) { // one, or none
            if (!names.contains(key)) {
                throw new Problem("%s: '%s' is no option%s"
                        .formatted(
                                at(line),
                                key,
                                Nearest.to(key, names)
                                        .map(name -> "; did you mean " + name + "?")
                                        .orElse(": expected one of " + String.join(", ", names))));
            }
            Entry before = entries.put(key, new Entry(one.getProperty(key), line));
            if (before != null) {
                throw new Problem("%s: '%s' is in line %d already".formatted(at(line), key, before.line));
            }
        }
    }

    private String at(int line) {
        return path + ", line " + line;
    }

    /** What it says of the option with this name; null if nothing. */
    String get(String name) {
        Entry entry = entries.get(name);
        return entry == null ? null : entry.value;
    }

    /** Where it says so. */
    String origin(String name) {
        return at(entries.get(name).line);
    }
}
