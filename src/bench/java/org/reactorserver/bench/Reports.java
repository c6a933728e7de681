package org.reactorserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reactorserver.bench.report.BarChart;
import org.reactorserver.bench.report.Comparison;
import org.reactorserver.bench.report.Json;
import org.reactorserver.bench.report.LineChart;
import org.reactorserver.bench.report.Machine;
import org.reactorserver.bench.report.Markdown;
import org.reactorserver.bench.report.Metric;
import org.reactorserver.bench.report.Results;
import org.reactorserver.bench.report.Sample;
import org.reactorserver.bench.report.Spread;

/** What a run leaves behind: tables in Markdown, all samples in JSON, a chart in SVG. */
final class Reports {

    private final Settings settings;
    private final List<Scenario> scenarios;
    private final Results results;
    private final Map<String, String> facts;

    /** Made before the run: the machine's load is noted now. */
    Reports(Settings settings, List<Scenario> scenarios, Results results) {
        this.settings = settings;
        this.scenarios = scenarios;
        this.results = results;
        this.facts = facts(settings);
    }

    /** Writes all files and returns the tables. */
    String write() throws IOException {
        facts.put("load average after the run", Machine.loadAverage());
        String tables = settings.sweep ? sweep() : tables();
        Files.writeString(file("md"), tables);
        Files.writeString(file("json"), json());
        if (settings.sweep) {
            Files.writeString(file("svg"), lines());
        } else if (!settings.crossCheck) {
            Files.writeString(file("svg"), bars());
        }
        return tables;
    }

    private Path file(String extension) {
        return settings.out.resolve(kind() + "." + extension);
    }

    private String kind() {
        if (settings.sweep) {
            return "sweep";
        } else if (settings.crossCheck) {
            return "cross-check";
        }
        return settings.before != null ? "before" : "bench";
    }

    private static Map<String, String> facts(Settings settings) {
        Map<String, String> facts = Machine.describe(settings.jdk);
        facts.put("generator", settings.crossCheck ? "both" : settings.generator.toString());
        if (settings.before != null) {
            facts.put("the present build", settings.jar.toString());
            facts.put("the older build", settings.before.toString());
        }
        facts.put(
                "rounds",
                "%d%s, each %.1f s after %.1f s of warm-up"
                        .formatted(
                                settings.rounds(),
                                settings.quick ? " at most" : "",
                                settings.seconds(),
                                settings.warmUp()));
        if (settings.quick) {
            facts.put("quick", "a smoke test: the servers are still compiling their code, so no verdicts");
        }
        return facts;
    }

    private String tables() {
        Markdown markdown = new Markdown(results, heading(), settings.crossCheck ? "generator" : "server", facts);
        for (Scenario scenario : scenarios) {
            for (Comparison comparison : scenario.comparisons()) {
                markdown.scenario(scenario.id(), scenario.title(), scenario.metrics(), comparison);
            }
        }
        if (settings.before != null) {
            markdown.intervalsHead();
            scenarios.forEach(s -> markdown.intervals(s.id(), s.metrics(), "ours", Contestants.BEFORE));
            markdown.line("");
        }
        if (!settings.quick) {
            promises(markdown);
        }
        markdown.remarks();
        return markdown.toString();
    }

    private String heading() {
        if (settings.crossCheck) {
            return "Two generators, the same servers";
        }
        return settings.before != null ? "Two builds of reactor-server" : "reactor-server beside its peers";
    }

    private void promises(Markdown markdown) {
        List<Targets.Target> targets = Targets.ALL.stream()
                .filter(target -> results.has(target.scenario()))
                .toList();
        if (targets.isEmpty()) {
            return;
        }
        markdown.promisesHead();
        for (Targets.Target target : targets) {
            Optional<Spread> measured = target.measured(results);
            boolean met = measured.map(target::isMet).orElse(false);
            String what = target.describe(results);
            markdown.promise(what, target.metric(), target.limit(), measured, met);
        }
    }

    private String sweep() {
        List<Metric> metrics = List.of(Metric.CPU, Metric.THROUGHPUT);
        Markdown markdown = new Markdown(results, "How the cost of a message grows", "server", facts);
        Plan.AXES.forEach((axis, title) -> markdown.sweep(axis, title, metrics, "ours"));
        markdown.remarks();
        return markdown.toString();
    }

    private String lines() {
        LineChart chart = new LineChart(results, Metric.CPU);
        Plan.AXES.forEach(chart::panel);
        return chart.toString();
    }

    private String bars() {
        BarChart chart = new BarChart(results, List.of(Metric.CPU, Metric.THROUGHPUT));
        for (Scenario scenario : scenarios) {
            if (scenario.metrics().contains(Metric.THROUGHPUT)) {
                String baseline = scenario.comparisons().get(0).baseline();
                chart.block(scenario.id(), scenario.title(), baseline, EchoScenario.LIMIT_TWICE);
            }
        }
        return chart.toString();
    }

    private String json() {
        List<Object> samples = new ArrayList<>();
        for (Sample sample : results.samples()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("scenario", sample.scenario());
            fields.put("server", sample.server());
            fields.put("label", results.label(sample.server()));
            fields.put("round", sample.round());
            sample.values().forEach((metric, value) -> fields.put(metric.name(), value));
            fields.put("problem", sample.problem());
            fields.put("note", sample.note());
            samples.add(fields);
        }
        Map<String, Object> units = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            units.put(metric.name(), metric.title + ", " + metric.unit);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("facts", facts);
        all.put("units", units);
        all.put("samples", samples);
        return Json.write(all) + "\n";
    }
}
