package org.reactorserver.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All samples, in the order in which they were taken, and the questions that reports ask of them.
 */
public final class Results {

    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, String> labels = new LinkedHashMap<>();

    public void add(Sample sample) {
        samples.add(sample);
    }

    /** What a server is called where people read. */
    public void label(String server, String label) {
        labels.put(server, label);
    }

    public String label(String server) {
        return labels.getOrDefault(server, server);
    }

    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    public boolean has(String scenario) {
        return samples.stream().anyMatch(sample -> sample.scenario().equals(scenario));
    }

    /** The servers of a scenario, in the order of their labels, which is that of the catalogue. */
    public List<String> servers(String scenario) {
        return samples.stream()
                .filter(sample -> sample.scenario().equals(scenario))
                .map(Sample::server)
                .distinct()
                .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                .toList();
    }

    /** The values along an axis that was swept; their scenarios are called axis/value. */
    public SortedMap<Integer, String> points(String axis) {
        String prefix = axis + "/";
        SortedMap<Integer, String> points = new TreeMap<>();
        samples.stream()
                .map(Sample::scenario)
                .filter(scenario -> scenario.startsWith(prefix))
                .forEach(s -> points.put(Integer.parseInt(s.substring(prefix.length())), s));
        return points;
    }

    public Optional<Spread> values(String scenario, String server, Metric metric) {
        return Spread.of(measured(scenario, server, metric)
                .mapToDouble(sample -> sample.values().get(metric)));
    }

    /**
     * One server's value divided by another's, round by round. The machine's speed drifts by more
     * than many differences that matter, so only figures of the same round are ever divided.
     */
    public Optional<Spread> ratios(String scenario, String server, String to, Metric metric) {
        Map<Integer, Double> base = new LinkedHashMap<>();
        measured(scenario, to, metric)
                .forEach(sample -> base.put(sample.round(), sample.values().get(metric)));
        return Spread.of(measured(scenario, server, metric)
                .filter(sample -> base.containsKey(sample.round()))
                .mapToDouble(sample -> sample.values().get(metric) / base.get(sample.round())));
    }

    /** Why a server has no value, if it has none. */
    public Optional<String> problem(String scenario, String server) {
        return samples.stream()
                .filter(sample -> is(sample, scenario, server) && sample.problem() != null)
                .map(Sample::problem)
                .findFirst();
    }

    public Stream<Sample> remarkable() {
        return samples.stream().filter(sample -> sample.problem() != null || sample.note() != null);
    }

    private Stream<Sample> measured(String scenario, String server, Metric metric) {
        return samples.stream()
                .filter(sample -> is(sample, scenario, server))
                .filter(sample -> sample.values().containsKey(metric));
    }

    private int rank(String server) {
        return new ArrayList<>(labels.keySet()).indexOf(server);
    }

    private static boolean is(Sample sample, String scenario, String server) {
        return sample.scenario().equals(scenario) && sample.server().equals(server);
    }
}
