package org.reactorserver.load.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.reactorserver.load.result.RateStep;
import org.reactorserver.load.result.Verdict;
import org.reactorserver.load.text.Units;

/** What a server does at several rates, as text and as a page with a chart of latency over rate. */
public final class RateReport {
    private static final String FORM = "%14s %14s %10s %10s  %s%n";

    private final List<RateStep> steps;

    /** Of these steps, in the order of their rates. */
    public RateReport(List<RateStep> steps) {
        this.steps = steps.stream()
                .sorted(Comparator.comparingDouble(RateStep::rate))
                .toList();
    }

    /** A line for one step. */
    public static String line(RateStep step) {
        return String.format(
                        Locale.ROOT,
                        FORM,
                        Units.perSecond(step.rate()),
                        Units.perSecond(step.answered()),
                        Phrases.duration(step.response().p50()),
                        Phrases.duration(step.response().p99()),
                        outcome(step))
                .stripTrailing();
    }

    private static String outcome(RateStep step) {
        if (!step.holds()) {
            return step.verdict() + ": " + step.why();
        }
        return step.why().isEmpty() ? "holds" : "holds, though " + step.why();
    }

    /** What stands above such lines. */
    public static String header() {
        return String.format(Locale.ROOT, FORM, "offered /s", "answered /s", "p50", "p99", "")
                .stripTrailing();
    }

    /** The steps as a table, and the conclusion of a search. */
    public String text(RateStep max, List<String> objectives) {
        StringBuilder out = new StringBuilder(conclusion(max, objectives))
                .append("\n\n")
                .append(header())
                .append('\n');
        steps.forEach(step -> out.append(line(step)).append('\n'));
        return out.toString();
    }

    /**
     * The conclusion, in a sentence or two.
     *
     * @param max the step that was confirmed; null if there is none
     */
    public String conclusion(RateStep max, List<String> objectives) {
        String what = objectives.isEmpty() ? "every message is answered" : String.join(" and ", objectives);
        if (max == null && (steps.isEmpty() || steps.get(0).verdict() == Verdict.INVALID)) {
            return "It is not known at which rate " + what + " holds: this client, or its machine, could not measure at"
                    + " the lowest that was tried"
                    + (steps.isEmpty() ? "" : "; " + steps.get(0).why());
        } else if (max == null) {
            return "There is no rate at which " + what + " holds";
        }
        Optional<RateStep> beyond = steps.stream()
                .filter(step -> step.rate() > max.rate() && !step.holds())
                .findFirst();
        boolean byClient =
                beyond.filter(step -> step.verdict() == Verdict.INVALID).isPresent();
        return "The highest rate at which " + what + " holds: " + Units.perSecond(Math.round(max.rate())) + " a second"
                + beyond.map(step ->
                                ".\nAt " + Units.perSecond(Math.round(step.rate())) + " it does not: " + step.why())
                        .orElse("")
                + (byClient ? "\nSo it is this client, or its machine, that ends here: the server may do more" : "");
    }

    /** A page with the chart and the table. */
    public String page(RateStep max, List<String> objectives) {
        StringBuilder out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Latency by rate</title>\n<style>\n");
        out.append(Html.styleSheet()).append("</style>\n</head>\n<body>\n<h1>Latency by rate</h1>\n<p>");
        out.append(Html.escape(conclusion(max, objectives)))
                .append("</p>\n<section>\n")
                .append(chart(max));
        out.append("</section>\n<pre>").append(Html.escape(header())).append('\n');
        steps.forEach(step -> out.append(Html.escape(line(step))).append('\n'));
        return out.append("</pre>\n</body>\n</html>\n").toString();
    }

    private String chart(RateStep max) {
        List<RateStep> claimed =
                steps.stream().filter(step -> step.response().p50() > 0).toList();
        if (claimed.isEmpty()) {
            return "";
        }
        double most = steps.get(steps.size() - 1).rate();
        long least =
                claimed.stream().mapToLong(step -> step.response().p50()).min().orElse(1);
        long longest = claimed.stream()
                .mapToLong(
                        step -> Math.max(step.response().p50(), step.response().p99()))
                .max()
                .orElse(1);
        Chart chart = new Chart(
                "Response time over rate, median and p99",
                Axis.fromZero(most, 6, Units::perSecond),
                Axis.logarithmic(least, longest, nanos -> Units.nanos(Math.round(nanos))));
        chart.line(
                "response median",
                claimed.stream()
                        .map(step ->
                                new Chart.Point(step.rate(), step.response().p50()))
                        .toList());
        chart.line(
                "response",
                claimed.stream()
                        .filter(step -> step.response().p99() > 0)
                        .map(step ->
                                new Chart.Point(step.rate(), step.response().p99()))
                        .toList());
        steps.stream()
                .filter(step -> !step.holds())
                .findFirst()
                .ifPresent(step -> chart.band("stall", step.rate(), most, "from here on it does not hold"));
        if (max != null && max.response().p99() > 0) {
            chart.dot(
                    "response",
                    new Chart.Point(max.rate(), max.response().p99()),
                    line(max).strip());
        }
        return chart.svg();
    }
}
