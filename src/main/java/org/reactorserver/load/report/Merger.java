package org.reactorserver.load.report;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.reactorserver.load.measure.Samples;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.text.Json;
import org.reactorserver.load.text.Units;
import org.reactorserver.text.Printable;

/**
 * One result of several that were measured at the same time: counts and rates are added, and so are the histograms, so
 * that percentiles are those of all messages and no mean of percentiles. Immutable.
 */
public final class Merger {
    private static final List<String> WORST_FIRST = List.of("FAIL", "INVALID", "PARTIAL", "PASS");
    private static final List<String> ADDED = List.of(
            "sent",
            "matched",
            "mismatched",
            "late",
            "unanswered",
            "lost",
            "unwritten",
            "extraReplies",
            "offeredPerSecond",
            "sentPerSecond",
            "answeredPerSecond",
            "backlogGrowthPerSecond",
            "answered",
            "bytesSent",
            "bytesReceived");

    /** With less of the time in common than this, sums say little. */
    private static final double LEAST_IN_COMMON = 0.9;

    private final List<String> names;
    private final List<StoredResult> parts;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Object> sum = new LinkedHashMap<>();

    /**
     * Merges.
     *
     * @param names of the parts, for a person
     * @throws IllegalArgumentException if a part has no histogram, is of another model than the others, or is there
     *     twice, or they have no time in common
     */
    public Merger(List<String> names, List<StoredResult> parts) {
        this.names = List.copyOf(names);
        this.parts = List.copyOf(parts);
        compareParts();
        compareClocks();
        merge();
    }

    private void compareParts() {
        for (int i = 1; i < parts.size(); i++) {
            int same = 0;
            while (!parts.get(same).isSameRun(parts.get(i))) {
                same++;
            }
            if (same < i) {
                throw new IllegalArgumentException(names.get(same) + " and " + names.get(i)
                        + " are of one run, which would count twice; give each run once");
            } else if (!Objects.equals(parts.get(i).at("model"), parts.get(0).at("model"))) {
                throw new IllegalArgumentException(
                        names.get(0) + " is of the " + parts.get(0).at("model")
                                + " model and " + names.get(i) + " of the "
                                + parts.get(i).at("model")
                                + " one, whose times cannot be added; run both with --rate, or both without");
            }
        }
    }

    /** The verdict: the worst of all. */
    public String verdict() {
        return (String) sum.get("verdict");
    }

    /** The result, in the form in which the parts are. */
    public String json() {
        return Json.write(sum);
    }

    private void compareClocks() {
        Instant from = Instant.MIN;
        Instant to = Instant.MAX;
        double longest = 0;
        for (int i = 0; i < parts.size(); i++) {
            StoredResult part = parts.get(i);
            Instant began;
            try {
                began = Instant.parse(String.valueOf(part.at("measuredFrom")));
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(names.get(i) + " does not say when it was measured", e);
            }
            double seconds = part.number("seconds");
            Instant end = began.plusNanos(Math.round(seconds * 1e9));
            from = began.isAfter(from) ? began : from;
            to = end.isBefore(to) ? end : to;
            longest = Math.max(longest, seconds);
        }
        double common = Duration.between(from, to).toNanos() / 1e9;
        if (common <= 0) {
            throw new IllegalArgumentException("by their clocks these runs were not at the same time: one began "
                    + Units.nanos(Math.round(-common * 1e9)) + " after another had ended; run them together, and set"
                    + " the machines' clocks");
        } else if (common < LEAST_IN_COMMON * longest) {
            notes.add("by their clocks the runs have only " + Units.nanos(Math.round(common * 1e9)) + " of "
                    + Units.nanos(Math.round(longest * 1e9)) + " in common, so rates that are added were not all there"
                    + " at a time");
        }
    }

    private void merge() {
        List<String> reasons = new ArrayList<>();
        String verdict = "PASS";
        for (int i = 0; i < parts.size(); i++) {
            String its = String.valueOf(parts.get(i).at("verdict"));
            verdict = WORST_FIRST.indexOf(its) < WORST_FIRST.indexOf(verdict) ? its : verdict;
            if (parts.get(i).at("reasons") instanceof List<?> list) {
                for (Object reason : list) {
                    reasons.add(names.get(i) + ": " + reason);
                }
            }
        }
        StoredResult first = parts.get(0);
        parts.stream()
                .filter(part -> !Objects.equals(part.at("target"), first.at("target")))
                .findFirst()
                .ifPresent(
                        part -> notes.add("not the same server: " + first.at("target") + " and " + part.at("target")));
        sum.put("verdict", verdict);
        sum.put("reasons", reasons);
        sum.put("notes", notes);
        sum.put("target", first.at("target"));
        sum.put("model", first.at("model"));
        sum.put("measuredFrom", first.at("measuredFrom"));
        sum.put(
                "seconds",
                parts.stream().mapToDouble(part -> part.number("seconds")).max().orElseThrow());
        sum.put("plan", first.at("plan"));
        for (String key : ADDED) {
            double total = parts.stream()
                    .mapToDouble(part -> part.number(key))
                    .filter(value -> !Double.isNaN(value))
                    .sum();
            sum.put(key, key.endsWith("PerSecond") ? (Object) total : (Object) Math.round(total));
        }
        Map<String, Object> connections = new LinkedHashMap<>();
        for (String key : List.of("asked", "opened", "lost", "reopened")) {
            connections.put(
                    key,
                    Math.round(parts.stream()
                            .mapToDouble(part -> part.number("connections", key))
                            .sum()));
        }
        sum.put("connections", connections);
        putLatencies("response");
        putLatencies("service");
        Map<String, Object> errors = new LinkedHashMap<>();
        for (StoredResult part : parts) {
            if (part.at("errors") instanceof Map<?, ?> counts) {
                counts.forEach((kind, count) -> errors.merge(
                        (String) kind, count, (a, b) -> ((Number) a).longValue() + ((Number) b).longValue()));
            }
        }
        sum.put("errors", errors);
        sum.put("parts", names);
    }

    private void putLatencies(String kind) {
        Samples all = new Samples();
        for (int i = 0; i < parts.size(); i++) {
            Samples samples = parts.get(i).samples(kind);
            if (samples != null) {
                all.add(samples);
            } else if (kind.equals("service")) {
                throw new IllegalArgumentException(names.get(i) + " has no histogram, or measured nothing");
            }
        }
        boolean any = all.count() > 0;
        boolean keptUp = ((Number) sum.get("backlogGrowthPerSecond")).doubleValue() == 0;
        sum.put(kind + "Micros", any && keptUp ? JsonReport.latency(Latency.of(all)) : null);
        sum.put(kind + "Histogram", any ? Histograms.text(all) : null);
    }

    /** The result in a few lines. */
    public String text() {
        StringBuilder out = new StringBuilder(verdict()).append('\n');
        ((List<?>) sum.get("reasons")).forEach(reason -> line(out, "  " + reason));
        notes.forEach(note -> line(out, "  note: " + note));
        String form = "%-20s %14s %14s %10s %10s %10s%n";
        out.append(String.format(Locale.ROOT, "%n" + form, "", "answered", "a second", "p50", "p99", "max"));
        StoredResult all = StoredResult.parse(json());
        for (int i = 0; i <= parts.size(); i++) {
            StoredResult part = i < parts.size() ? parts.get(i) : all;
            String kind = part.at("responseMicros") == null ? "service" : "response";
            line(
                    out,
                    String.format(
                                    Locale.ROOT,
                                    form,
                                    i < parts.size() ? names.get(i) : "together",
                                    Units.count(Math.round(part.number("answered"))),
                                    Units.perSecond(part.number("answeredPerSecond")),
                                    shown(part.number(kind + "Micros", "p50")),
                                    shown(part.number(kind + "Micros", "p99")),
                                    shown(part.number(kind + "Micros", "max")))
                            .stripTrailing());
        }
        return out.toString();
    }

    private static void line(StringBuilder out, String text) {
        out.append(Printable.escape(text)).append('\n'); // files may have been written by anybody
    }

    private static String shown(double micros) {
        return Double.isNaN(micros) ? "-" : Units.nanos(Math.round(micros * 1e3));
    }
}
