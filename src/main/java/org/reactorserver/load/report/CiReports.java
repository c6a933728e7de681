package org.reactorserver.load.report;

import java.util.Locale;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.result.Latency;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** A report in the forms that build servers and spreadsheets read. */
public final class CiReports {
    private static final double MICRO = 1e3;

    private CiReports() {}

    /** As JUnit writes its results: one case for the verdict, and one for each objective. */
    public static String junit(Report report) {
        String name = Html.escape("load on " + report.target());
        boolean fails = report.verdict() == Verdict.FAIL || report.verdict() == Verdict.INVALID;
        long missed =
                report.objectives().stream().filter(result -> !result.met()).count();
        StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        add(
                out,
                "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" time=\"%.3f\" timestamp=\"%s\">\n",
                name,
                1 + report.objectives().size(),
                missed + (fails ? 1 : 0),
                report.traffic().seconds(),
                report.began().toString().replaceFirst("\\..*|Z$", ""));
        testCase(out, name, "verdict", fails, report.verdict() + ": " + String.join("; ", report.reasons()));
        for (Slo.Result result : report.objectives()) {
            testCase(out, name, result.objective(), !result.met(), "observed " + result.observed());
        }
        return out.append("</testsuite>\n").toString();
    }

    private static void testCase(StringBuilder out, String suite, String name, boolean fails, String message) {
        add(out, "  <testcase classname=\"%s\" name=\"%s\"", suite, Html.escape(name));
        out.append(fails ? ">\n    <failure message=\"" + Html.escape(message) + "\"/>\n  </testcase>\n" : "/>\n");
    }

    /** What happened over time, a line for each stretch of it, latencies in microseconds: RFC 4180. */
    public static String csv(Report report) {
        StringBuilder out = new StringBuilder("phase,at_seconds,seconds,sent,answered,errors,connections,backlog,"
                + "response_p50_us,response_p99_us,service_p50_us,service_p99_us,max_us,client_lag_max_us\r\n");
        for (Report.Point point : report.series()) {
            add(
                    out,
                    "%s,%.3f,%.3f,%d,%d,%d,%d,%d,%s,%s,%s,%s,%s,%s\r\n",
                    point.phase(),
                    point.atStart(),
                    point.seconds(),
                    point.sent(),
                    point.answered(),
                    point.errors(),
                    point.connections(),
                    point.backlog(),
                    micros(point.responseP50()),
                    micros(point.responseP99()),
                    micros(point.serviceP50()),
                    micros(point.serviceP99()),
                    micros(point.max()),
                    micros(point.lagMax()));
        }
        return out.toString();
    }

    private static String micros(long nanos) {
        return nanos < 0 ? "" : String.format(Locale.ROOT, "%.1f", nanos / MICRO);
    }

    /** A section in Markdown, as GitHub shows it for a step. */
    public static String summary(Report report) {
        StringBuilder out = new StringBuilder();
        add(out, "### load on `%s`: %s\n\n", code(report.target()), report.verdict());
        report.reasons().forEach(reason -> add(out, "- %s\n", Html.escape(reason)));
        report.objectives().stream()
                .filter(Slo.Result::met)
                .forEach(result -> add(
                        out, "- objective `%s` met: %s\n", code(result.objective()), Html.escape(result.observed())));
        report.notes().forEach(note -> add(out, "- note: %s\n", Html.escape(note)));
        out.append("\n| | n | min | p50 | p90 | p99 | p99.9 | max |\n|---|--:|--:|--:|--:|--:|--:|--:|\n");
        if (report.response() != null) {
            row(out, "response", report.response());
        }
        row(out, "service", report.service());
        add(out, "\n%s a second. %s\n", Phrases.rates(report.traffic()), Phrases.ledger(report.messages()));
        add(out, "\n```sh\n%s\n```\n", report.command().replace("```", "'''"));
        return out.toString();
    }

    private static void row(StringBuilder out, String name, Latency latency) {
        add(out, "| %s | %s |\n", name, String.join(" | ", Phrases.figures(latency)));
    }

    private static String code(String text) {
        return text.replace('`', '\'');
    }

    private static void add(StringBuilder out, String form, Object... values) {
        out.append(String.format(Locale.ROOT, form, values));
    }
}
