package org.reactorserver.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.reactorserver.option.Figures;
import org.reactorserver.option.Option;
import org.reactorserver.option.Values;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

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
    private final Collection<String> outOfForce;
    private final Map<Sources.Level, Map<String, List<String>>> told = new LinkedHashMap<>();
    private final Map<String, List<String>> untold = new LinkedHashMap<>();

    /**
     * Sorts them by where they are from.
     *
     * @param outOfForce what counts for nothing, though it may have been told, because of something that counts more
     */
    ConfigInForce(CommandSpec spec, Figures figures, Collection<String> outOfForce) {
        this.figures = figures;
        this.inForce = figures.inForce();
        this.sources = (Sources) spec.defaultValueProvider();
        this.outOfForce = outOfForce;
        for (Sources.Level level : Sources.Level.values()) { // in which order they count
            told.put(level, new LinkedHashMap<>());
        }
        List.of(WORKED_OUT, BY_ITSELF, WITHOUT).forEach(heading -> untold.put(heading, new ArrayList<>()));
        OptionNames.settable(spec).stream()
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .forEach(this::add);
    }

    private void add(OptionSpec option) {
        Optional<Option<?>> known = ServerOptions.ALL.stream()
                .filter(each -> each.toString().equals(option.longestName()))
                .findFirst();
        String value = known.map(this::inForce).orElseGet(() -> given(option));
        String line = Environment.key(option.longestName()) + "=" + (value == null ? "" : escaped(value));
        Sources.Level level = sources.level(option);
        if (level != Sources.Level.NONE) {
            boolean counts = !outOfForce.contains(option.longestName());
            String heading = "# from " + sources.origin(option)
                    + (counts ? known.map(this::where).orElse("") : ": out of force");
            told.get(level).computeIfAbsent(heading, key -> new ArrayList<>()).add(counts ? line : "#" + line);
        } else if (value == null) {
            untold.get(WITHOUT).add("#" + line + known.map(Option::standardText).orElse(""));
        } else if (!outOfForce.contains(option.longestName()) || OptionNames.isFlag(option)) {
            boolean isStandard = known.isEmpty() || value.equals(known.get().standardText());
            untold.get(isStandard ? BY_ITSELF : WORKED_OUT).add("#" + line);
        }
    }

    private <T> String inForce(Option<T> option) {
        T value = inForce.get(option);
        return value == null ? null : option.text(value);
    }

    /** What there is to say of a value that is not in force as it was told. */
    private <T> String where(Option<T> option) {
        T asTold = figures.values.get(option);
        return asTold.equals(inForce.get(option)) ? "" : ", which says " + option.text(asTold);
    }

    /** Of an option that only the command line has, as it was told; null if it was not and has no default. */
    private String given(OptionSpec option) {
        Object value = option.getValue();
        if (value instanceof Boolean || value instanceof String) {
            return value.toString();
        }
        if (sources.level(option) == Sources.Level.COMMAND_LINE) {
            return String.join(",", option.originalStringValues());
        }
        String fromElsewhere = sources.defaultValue(option);
        String standard = OptionNames.isFlag(option) ? "false" : option.defaultValue();
        return fromElsewhere == null ? standard : fromElsewhere;
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
