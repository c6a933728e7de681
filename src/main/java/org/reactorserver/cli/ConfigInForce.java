package org.reactorserver.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.reactorserver.option.Figures;
import org.reactorserver.option.Option;
import org.reactorserver.option.Values;

/**
 * Every value in force and where it is from, as a file that {@code --config} reads: what was told is a line of it, and
 * what was not is a comment, since it would be the same without.
 */
final class ConfigInForce {
    private static final String WORKED_OUT = "# worked out, for this machine or from the others";
    private static final String BY_ITSELF = "# set nowhere: the defaults";
    private static final String WITHOUT = "# set nowhere: what it is like without";

    private final Figures figures;
    private final Values inForce;
    private final Sources sources;
    private final Collection<Option<?>> outOfForce;
    private final Map<Sources.Level, Map<String, List<String>>> told = new LinkedHashMap<>();
    private final Map<String, List<String>> untold = new LinkedHashMap<>();

    /**
     * Sorts them by where they are from.
     *
     * @param outOfForce what counts for nothing, though it may have been told, because of something that counts more
     */
    ConfigInForce(Sources sources, Figures figures, Collection<Option<?>> outOfForce) {
        this.figures = figures;
        this.inForce = figures.inForce();
        this.sources = sources;
        this.outOfForce = outOfForce;
        for (Sources.Level level : Sources.Level.values()) { // in which order they count
            told.put(level, new LinkedHashMap<>());
        }
        List.of(WORKED_OUT, BY_ITSELF, WITHOUT).forEach(heading -> untold.put(heading, new ArrayList<>()));
        ServeOptions.OF_FILES.forEach(this::add);
    }

    private <T> void add(Option<T> option) {
        boolean isOfTheServer = ServeOptions.OF_THE_SERVER.contains(option);
        Sources.Level level = sources.level(option);
        String value = isOfTheServer ? text(option, inForce.get(option)) : asTold(option);
        String line = option.name() + "=" + (value == null ? "" : escaped(value));
        boolean counts = !outOfForce.contains(option);
        if (level != Sources.Level.NONE) {
            String where = !counts ? ": out of force" : isOfTheServer ? where(option) : "";
            told.get(level)
                    .computeIfAbsent("# from " + sources.origin(option) + where, key -> new ArrayList<>())
                    .add(counts ? line : "#" + line);
        } else if (value == null) {
            untold.get(WITHOUT).add("#" + line + Objects.requireNonNullElse(option.standardText(), ""));
        } else if (counts || ServeOptions.isFlag(option)) {
            untold.get(value.equals(option.standardText()) ? BY_ITSELF : WORKED_OUT)
                    .add("#" + line);
        }
    }

    private static <T> String text(Option<T> option, T value) {
        return value == null ? null : option.text(value);
    }

    /** What there is to say of a value that is not in force as it was told. */
    private <T> String where(Option<T> option) {
        T asTold = figures.values.get(option);
        return asTold.equals(inForce.get(option)) ? "" : ", which says " + option.text(asTold);
    }

    /** Of an option that only the command line has; null if it was not and has no default. */
    private <T> String asTold(Option<T> option) {
        String told = sources.text(option);
        return told == null
                ? text(option, option.standard())
                : ServeOptions.isFlag(option) ? option.text(option.parse(told)) : told;
    }

    /** As a properties file has it. */
    private static String escaped(String value) {
        String text = value.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t")
                .replace("\f", "\\f");
        return text.startsWith(" ") ? "\\" + text : text;
    }

    @Override
    public String toString() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        told.values().forEach(all::putAll);
        all.putAll(untold);
        return all.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + "\n" + String.join("\n", entry.getValue()) + "\n")
                .collect(Collectors.joining("\n"));
    }
}
