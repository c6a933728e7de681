package org.reactorserver.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.text.Units;

/**
 * A report as one page that needs nothing else: no network, no script. The result is embedded as JSON,
 * so {@code compare} takes the page too.
 */
public final class HtmlReport {
    private static final String BEGIN = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s: load on %s</title>
        <style>
        %s</style>
        </head>
        <body>
        """;

    private static final int STALLS_SHOWN = 20;

    private final Report report;
    private final boolean open;
    private final StringBuilder out = new StringBuilder();

    private HtmlReport(Report report) {
        this.report = report;
        this.open = report.response() != null;
    }

    /** The report as a page. */
    public static String of(Report report) {
        HtmlReport page = new HtmlReport(report);
        page.verdict();
        page.run();
        page.latency();
        page.overTime();
        page.messages();
        page.errors();
        page.stalls();
        page.generator();
        page.again();
        page.result();
        return page.out.toString();
    }

    // -- the top
    // ------------------------------------------------------------------------------------

    private void verdict() {
        String target = Html.escape(report.target());
        add(BEGIN, report.verdict(), target, Html.styleSheet());
        add("<header class=\"%s\">\n<p class=\"verdict\">%s</p>\n", style(), report.verdict());
        add("<div><h1>Load on %s</h1>\n", target);
        if (report.reasons().isEmpty()) {
            String objectives = report.objectives().isEmpty() ? "" : ", every objective met";
            add("<p>Every reply was right, no connection lost%s.</p>\n", objectives);
        } else {
            list(report.reasons());
        }
        add("</div>\n</header>\n");
        if (!report.notes().isEmpty()) {
            add("<div class=\"notes\">\n");
            list(report.notes());
            add("</div>\n");
        }
        tiles();
        objectives();
    }

    private String style() {
        return report.verdict().name().toLowerCase(Locale.ROOT);
    }

    private void tiles() {
        Latency latency = open ? report.response() : report.service();
        String kind = open ? "response" : "service";
        long errors =
                report.errors().stream().mapToLong(Report.ErrorCount::count).sum();
        add("<div class=\"tiles\">\n");
        tile(Units.perSecond(report.traffic().answeredPerSecond()), "answered a second");
        tile(Phrases.duration(latency.p50()), kind + " time, median");
        tile(Phrases.duration(latency.p99()), kind + " time, p99");
        tile(Phrases.duration(latency.max()), kind + " time, longest");
        tile(Units.count(errors), errors == 1 ? "error" : "errors");
        add("</div>\n");
    }

    private void tile(String value, String name) {
        add("<div><b>%s</b><span>%s</span></div>\n", value, name);
    }

    private void objectives() {
        if (report.objectives().isEmpty()) {
            return;
        }
        add("<div class=\"scroll\"><table>\n<tr><th>Objective</th><th>Observed</th><th></th></tr>\n");
        for (Slo.Result result : report.objectives()) {
            add(
                    "<tr><td>%s</td><td>%s</td><td class=\"%s\">%s</td></tr>\n",
                    Html.escape(result.objective()),
                    Html.escape(result.observed()),
                    result.met() ? "good" : "bad",
                    result.met() ? "met" : "not met");
        }
        add("</table></div>\n");
    }

    private void run() {
        Report.Traffic traffic = report.traffic();
        add("<section>\n<h2>Run</h2>\n<dl>\n");
        term("Connections", Phrases.connections(report.connections()));
        term("Model", Phrases.model(report.plan()));
        term("Messages", Phrases.messages(report.plan()));
        term("Seed", report.plan().seed() + Phrases.framing(report.plan()));
        term("Span", Phrases.span(traffic));
        term("Load", Phrases.rates(traffic));
        term("Bytes", Phrases.bytes(traffic));
        term("Began", report.began().toString());
        add("</dl>\n</section>\n");
    }

    private void term(String name, String value) {
        add("<dt>%s</dt><dd>%s</dd>\n", name, Html.escape(value));
    }

    // -- latency
    // ------------------------------------------------------------------------------------

    private void latency() {
        add("<section>\n<h2>Latency</h2>\n<p>%s</p>\n", Phrases.explanation(report));
        latencies();
        add(
                "<p class=\"small\">Left out: %s of the warm-up, and percentiles that fewer than %d"
                        + " samples exceed. Least and longest are exact, the rest within"
                        + " 0.1&nbsp;%%. Clock: nanoTime.</p>\n",
                Units.plural(report.traffic().warmUpSamples(), "sample"), Latency.LEAST_BEYOND);
        if (!report.serviceCurve().isEmpty()) {
            add("<h3>By percentile</h3>\n");
            legend(open ? key("response", "response time") : "", key("service", "service time"));
            add("%s", new Charts(report).percentiles());
            add("<p class=\"small\">Solid as far as at least 10 samples lie beyond; the dot is the"
                    + " longest of all.</p>\n");
            String histogram = new Charts(report).histogram();
            if (histogram != null) {
                add("<h3>How many took how long</h3>\n%s", histogram);
            }
        }
        add("</section>\n");
    }

    /** A row for each kind of time in a wide window, a column in a narrow one. */
    private void latencies() {
        List<String> names = new ArrayList<>(List.of("service", "connect"));
        List<Latency> latencies = new ArrayList<>(List.of(report.service(), report.connect()));
        if (open) {
            names.add(0, "response");
            latencies.add(0, report.response());
        }
        List<String> columns = List.of("n", "min", "p50", "p90", "p99", "p99.9", "max");
        add("<table class=\"numbers wide\">\n<tr><th></th>");
        columns.forEach(column -> add("<th>%s</th>", column));
        for (int i = 0; i < names.size(); i++) {
            add("</tr>\n<tr><td>%s</td>", key(names.get(i), names.get(i)));
            Phrases.figures(latencies.get(i)).forEach(figure -> add("<td>%s</td>", figure));
        }
        add("</tr>\n</table>\n<table class=\"numbers narrow\">\n<tr><th></th>");
        names.forEach(name -> add("<th>%s</th>", key(name, name)));
        for (int i = 0; i < columns.size(); i++) {
            add("</tr>\n<tr><td>%s</td>", columns.get(i));
            for (Latency latency : latencies) {
                add("<td>%s</td>", Phrases.figures(latency).get(i));
            }
        }
        add("</tr>\n</table>\n");
    }

    private void overTime() {
        Charts charts = new Charts(report);
        if (!charts.haveTimes()) {
            return;
        }
        add("<section>\n<h2>Over time</h2>\n<h3>Messages a second</h3>\n");
        List<Report.Stall> stalls = report.stalls();
        legend(
                key("answered", "answered"),
                key("sent", "sent"),
                stalls.isEmpty() ? "" : key("stall", "stall"),
                stalls.stream().anyMatch(Report.Stall::isOwnFault)
                        ? key("stall own", "stall, by this client or its machine")
                        : "",
                key("unmeasured", "warm-up, drain"));
        add("%s<h3>Latency</h3>\n", charts.throughput());
        legend(
                open ? key("response", "response p99") : "",
                open ? key("response median", "response p50") : "",
                key("service", "service p99"),
                key("service median", "service p50"));
        add("%s", charts.latencies());
        if (charts.heat() != null) {
            add("<h3>Spread of %s time</h3>\n%s", open ? "response" : "service", charts.heat());
        }
        add("<h3>Connections, backlog and errors</h3>\n");
        legend(
                key("answered", "open connections"),
                key("sent", "messages due or sent, without a reply"),
                report.errors().isEmpty() ? "" : key("error", "errors"));
        add("%s", charts.connections());
        if (charts.lag() != null) {
            add("<h3>This client: how late at most</h3>\n%s", charts.lag());
        }
        add("<p class=\"small\">A message counts at the time of its reply, in seconds from the end of"
                + " the warm-up. Point at a place for its figures.</p>\n</section>\n");
    }

    private void legend(String... keys) {
        add("<p class=\"legend\">%s</p>\n", String.join("", keys));
    }

    private static String key(String style, String name) {
        return "<span><i class=\"key " + style + "\"></i>" + name + "</span> ";
    }

    // -- integrity
    // ----------------------------------------------------------------------------------

    private void messages() {
        Report.Messages m = report.messages();
        StringBuilder bar = new StringBuilder();
        StringBuilder sum = new StringBuilder();
        part("matched", m.matched(), bar, sum);
        part("mismatched", m.mismatched(), bar, sum);
        part("late", m.late(), bar, sum);
        part("unanswered", m.unanswered(), bar, sum);
        part("lost at disconnect", m.lost(), bar, sum);
        add("<section>\n<h2>Messages</h2>\n<p class=\"sum\"><b>%s</b> sent = %s</p>\n", Units.count(m.sent()), sum);
        add(
                "<div class=\"ledger\">%s</div>\n<p class=\"small\">%s</p>\n</section>\n",
                bar, Html.escape(Phrases.balance(m)));
    }

    private static void part(String name, long count, StringBuilder bar, StringBuilder sum) {
        String style = name.substring(0, (name + " ").indexOf(' '));
        sum.append(sum.length() == 0 ? "" : "+ ");
        sum.append("<span><i class=\"").append(style).append("\"></i><b>");
        sum.append(Units.count(count)).append("</b> ").append(name).append("</span> ");
        if (count > 0) {
            bar.append("<i class=\"")
                    .append(style)
                    .append("\" style=\"flex-grow:")
                    .append(count);
            bar.append("\"></i>");
        }
    }

    private void errors() {
        add("<section>\n<h2>Errors</h2>\n");
        if (report.errors().isEmpty()) {
            add("<p>None.</p>\n");
        } else {
            add("<div class=\"scroll\"><table>\n<tr><th>Count</th><th>Kind</th><th>When</th>"
                    + "<th>For example</th></tr>\n");
            for (Report.ErrorCount error : report.errors()) {
                add(
                        "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                        Units.count(error.count()), error.kind(), Phrases.when(error), Html.escape(error.sample()));
            }
            add("</table></div>\n");
        }
        add("</section>\n");
    }

    private void stalls() {
        add("<section>\n<h2>Stalls</h2>\n");
        if (report.stalls().isEmpty()) {
            add("<p>None: %s.</p>\n", Phrases.NO_STALL);
        } else {
            list(Phrases.stalls(report, STALLS_SHOWN));
        }
        if (Phrases.waits(report) != null) {
            add("<p>%s.</p>\n", Html.escape(Phrases.waits(report)));
        }
        add("</section>\n");
    }

    // -- the rest
    // -----------------------------------------------------------------------------------

    private void generator() {
        add("<section>\n<h2>This client</h2>\n");
        list(Phrases.generator(report));
        add("</section>\n");
    }

    private void again() {
        add("<section>\n<h2>Again</h2>\n<pre>%s</pre>\n</section>\n", Html.escape(report.command()));
    }

    private void result() {
        add(
                "<script type=\"application/json\" id=\"result\">%s</script>\n</body>\n</html>\n",
                Html.embed(JsonReport.of(report)));
    }

    private void list(List<String> items) {
        add("<ul>\n");
        items.forEach(item -> add("<li>%s</li>\n", Html.escape(item)));
        add("</ul>\n");
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
