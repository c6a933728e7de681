package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.text.Units;

/** A report for people at a terminal: the verdict first. */
public final class TextReport {
    private static final String LABEL = "  %-13s %s%n";
    private static final String LATENCIES = "  %-10s %11s %9s %9s %9s %9s %9s %9s%n";
    private static final int STALLS_SHOWN = 10;

    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private TextReport(Report report) {
        this.report = report;
    }

    /** The report as lines of text. */
    public static String of(Report report) {
        TextReport text = new TextReport(report);
        text.verdict();
        text.run();
        text.load();
        text.latency();
        text.messages();
        text.errors();
        text.stalls();
        text.generator();
        return text.out.toString();
    }

    private void verdict() {
        out.append(report.verdict()).append('\n');
        report.reasons().forEach(this::line);
        report.objectives().stream()
                .filter(Slo.Result::met) // those that were not are among the reasons
                .forEach(result -> line("objective " + result.objective() + " met: " + result.observed()));
        report.notes().forEach(note -> line("note: " + note));
    }

    private void run() {
        section("Run");
        label("target", report.target() + Phrases.framing(report.plan()));
        label("connections", Phrases.connections(report.connections()));
        label("model", Phrases.model(report.plan()));
        label("messages", Phrases.messages(report.plan()));
        label("seed", Long.toString(report.plan().seed()));
        label("again", report.command());
    }

    private void load() {
        section("Load");
        label("span", Phrases.span(report.traffic()));
        label("a second", Phrases.rates(report.traffic()));
        label("bytes", Phrases.bytes(report.traffic()));
    }

    private void latency() {
        section("Latency");
        format(LATENCIES, "", "n", "min", "p50", "p90", "p99", "p99.9", "max");
        if (report.response() != null) {
            row("response", report.response());
        }
        row("service", report.service());
        row("connect", report.connect());
        line(Phrases.explanation(report));
        line("Warm-up left out: " + Units.plural(report.traffic().warmUpSamples(), "sample")
                + ". '-': fewer than " + Latency.LEAST_BEYOND
                + " samples lie beyond. Clock: nanoTime.");
    }

    private void row(String name, Latency latency) {
        List<String> cells = new ArrayList<>(List.of(name));
        cells.addAll(Phrases.figures(latency));
        format(LATENCIES, cells.toArray());
    }

    private void messages() {
        section("Messages");
        line(Phrases.ledger(report.messages()));
        line(Phrases.balance(report.messages()));
    }

    private void errors() {
        section("Errors");
        if (report.errors().isEmpty()) {
            line("none");
        }
        for (Report.ErrorCount error : report.errors()) {
            label(Units.count(error.count()), error.kind() + ", " + Phrases.when(error));
            label("", "e.g. " + error.sample());
        }
    }

    private void stalls() {
        section("Stalls");
        if (report.stalls().isEmpty()) {
            line("none: " + Phrases.NO_STALL);
        }
        Phrases.stalls(report, STALLS_SHOWN).forEach(this::line);
        if (Phrases.waits(report) != null) {
            line(Phrases.waits(report));
        }
    }

    private void generator() {
        section("Generator");
        Phrases.generator(report).forEach(this::line);
    }

    private void section(String name) {
        out.append('\n').append(name).append('\n');
    }

    private void label(String name, String value) {
        format(LABEL, name, value);
    }

    private void line(String text) {
        out.append("  ").append(text).append('\n');
    }

    private void format(String form, Object... values) {
        out.append(String.format(Locale.ROOT, form, values));
    }
}
