package org.reactorserver.load.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.measure.Slice;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.run.LoadRun;
import org.reactorserver.load.text.Json;
import org.w3c.dom.Element;

/** What is printed and written, and read back to compare. */
@Timeout(60)
class ReportsTest {
    private static final String EVIL = "</script><b>\"&' {seq}";

    private static LoadRun prepare(TestServer server, String message) throws Exception {
        LoadPlan plan = LoadPlan.builder()
                .port(server.port())
                .framing(Framing.lines())
                .connections(3)
                .messages(300)
                .message(message)
                .expectEcho()
                .build();
        return new LoadRun(plan, List.of(Slo.parse("errors=0")));
    }

    private static Report report(String message) throws Exception {
        try (TestServer server = TestServer.echo()) {
            return prepare(server, message).run();
        }
    }

    // -- JSON
    // ---------------------------------------------------------------------------------------

    @Test
    void theJsonHasTheKeysThatScriptsReadAndIsJson() throws Exception {
        Map<?, ?> json = (Map<?, ?>) Json.read(JsonReport.of(report("hi {seq}")));
        for (String key : List.of(
                "verdict",
                "sent",
                "matched",
                "mismatched",
                "late",
                "unanswered",
                "lost",
                "answeredPerSecond",
                "responseMicros",
                "serviceMicros",
                "errors",
                "command")) {
            assertThat(json.containsKey(key)).as(key).isTrue();
        }
        assertThat(json.get("verdict")).isIn("PASS", "INVALID"); // the machine may have been busy
        assertThat(json.get("sent")).isEqualTo(300L);
        assertThat(json.get("responseMicros")).isNull();
        Map<?, ?> service = (Map<?, ?>) json.get("serviceMicros");
        assertThat(service.get("n")).isEqualTo(300L);
        for (String key : List.of("min", "p50", "p90", "max")) {
            assertThat(service.get(key)).as(key).isInstanceOf(Double.class);
        }
        assertThat(service.get("p999")).isNull(); // 300 samples do not tell
        assertThat(json.get("command").toString()).contains("load --host", "--seed 1");
    }

    @Test
    void aMessageHasNoCostWhereNoneWasAnswered() throws Exception {
        try (TestServer server = TestServer.echo()) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .messages(20)
                    .expect("something else")
                    .build();
            Report report = new LoadRun(plan, List.of()).run();
            assertThat(report.messages().mismatched()).isEqualTo(20);
            assertThat(report.generator().cpuPerMessage()).isEqualTo(-1);
            assertThat(Phrases.generator(report))
                    .filteredOn(line -> line.startsWith("processor: "))
                    .hasSize(1)
                    .noneMatch(line -> line.contains("a message"));
        }
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Object value = Arrays.asList(
                1L,
                -2.5,
                null,
                true,
                false,
                "a\"\\\n\t\u0001é客\uD83D\uDE00\uD83D",
                List.of(),
                Map.of(),
                Map.of("k", List.of(Map.of("x", 1L))));
        assertThat(Json.read(Json.write(value))).isEqualTo(value);
        assertThat(Json.write(Double.NaN)).isEqualTo("null\n");
        assertThat(Json.read(" { \"a\" : [ 1e3 , \"\\u00e9\\/\" ] } ")).isEqualTo(Map.of("a", List.of(1000.0, "é/")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[1,]", "{\"a\"}", "{\"a\":}", "tru", "1 2", "\"a", "\"\\x\"", "\"\\u12\"", "-", "{1:2}"
            })
    void whatIsNoJsonIsRefusedAndNotMisread(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.read(text)).withMessageStartingWith("not JSON: ");
    }

    @Test
    void nestingHasALimit() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.read("[".repeat(100_000)));
    }

    // -- the page
    // -----------------------------------------------------------------------------------

    @Test
    void thePageNeedsNothingElseAndCannotBeBrokenByAMessage() throws Exception {
        String page = HtmlReport.of(report(EVIL));
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("<svg", "prefers-color-scheme")
                .doesNotContain("<b>\"", "src=", "href=", "url(", "@import", "http://", "https://");
        assertThat(page.split("</script>")).hasSize(2);
        assertThat(StoredResult.parse(page)).isNotNull();
    }

    @Test
    void theOpenModelsPageShowsBothTimes() throws Exception {
        try (TestServer server = TestServer.echo()) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .messages(25)
                    .rate(50)
                    .expectEcho()
                    .build();
            String page = HtmlReport.of(new LoadRun(plan, List.of()).run());
            assertThat(page).contains("response time", "service time", "class=\"line response\"");
        }
    }

    @Test
    void aRunInWhichNothingHappenedHasAPageToo() throws Exception {
        LoadPlan plan;
        try (TestServer server = TestServer.echo()) {
            plan = LoadPlan.builder().port(server.port()).messages(1).build();
        }
        Report report = new LoadRun(plan, List.of()).run();
        assertThat(HtmlReport.of(report)).contains("FAIL", "refused");
        assertThat(TextReport.of(report)).startsWith("FAIL\n");
    }

    // -- the other files
    // ----------------------------------------------------------------------------

    @Test
    void histogramsAreReadByTheirOwnLibrary(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("run.hlog");
        Path percentiles = directory.resolve("run.hgrm");
        try (TestServer server = TestServer.echo()) {
            LoadRun run = prepare(server, "hi {seq}").histogramLog(log);
            run.run();
            run.writePercentiles(percentiles);
        }
        long count = 0;
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                count += ((Histogram) reader.nextIntervalHistogram()).getTotalCount();
            }
        }
        assertThat(count).isEqualTo(300);
        assertThat(Files.readString(percentiles)).contains("Percentile", "#[Mean");
    }

    @Test
    void buildServersCanReadIt() throws Exception {
        Report report = report(EVIL);
        byte[] junit = CiReports.junit(report).getBytes(UTF_8);
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(junit))
                .getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(2);
        assertThat(suite.getElementsByTagName("failure").getLength())
                .isEqualTo(Integer.parseInt(suite.getAttribute("failures")));

        List<String> lines = CiReports.csv(report).lines().toList();
        assertThat(lines).hasSize(1 + report.series().size()).allMatch(line -> line.split(",", -1).length == 14);

        assertThat(CiReports.summary(report))
                .startsWith("### load on `127.0.0.1:")
                .contains("| service | 300 |", "300 sent = 300 matched")
                .doesNotContain("| response |");
    }

    @Test
    void whatFailedIsAFailureForBuildServersToo() throws Exception {
        LoadPlan plan;
        try (TestServer server = TestServer.echo()) {
            plan = LoadPlan.builder().port(server.port()).messages(1).build();
        }
        Report report = new LoadRun(plan, List.of(Slo.parse("p99<5ms"))).run();
        assertThat(CiReports.junit(report)).contains("failures=\"2\"", "FAIL: ", "observed no data");
        assertThat(CiReports.csv(report)).startsWith("phase,at_seconds,");
    }

    @Test
    void progressIsPlainLinesOrOneLineDrawnAgain() {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        for (ByteArrayOutputStream bytes : List.of(plain, terminal)) {
            Progress progress = new Progress(
                    LoadPlan.builder().build(), new PrintStream(bytes, true, UTF_8), bytes == terminal, 40);
            Slice slice = new Slice();
            for (int i = 1; i <= 20; i++) {
                slice.begin(Slice.Phase.MEASURED, i * 100_000_000L);
                slice.to = (i + 1) * 100_000_000L;
                slice.answered = 100;
                slice.service.record(1_000_000);
                slice.connections = 5;
                progress.onSlice(slice);
            }
            progress.onEnd();
        }
        assertThat(plain.toString(UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.contains("answered 1,000/s  p50 1.00 ms") && line.contains("5 conn  0 errors"));
        assertThat(terminal.toString(UTF_8))
                .startsWith("\r")
                .endsWith("\r\033[K")
                .doesNotContain("\n");
        assertThat(terminal.toString(UTF_8).split("\r")).allMatch(line -> line.length() < 40 + "\033[K".length());
        assertThat(Progress.isTerminal("dumb")).isFalse();
        assertThat(Progress.columns("132")).isEqualTo(132);
        assertThat(Progress.columns("wide")).isEqualTo(80);
    }

    // -- comparing
    // ----------------------------------------------------------------------------------

    private static Comparison compare(String a, String b) {
        return Comparison.of(List.of(StoredResult.parse(a)), List.of(StoredResult.parse(b)), 0.05);
    }

    private static String result(double answered, double p99, long mismatched) {
        StringBuilder series = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            double wave = 1 + (i % 2 == 0 ? 0.02 : -0.02);
            series.append(i == 0 ? "" : ",").append("{\"phase\": \"measured\", \"seconds\": 1.0,");
            series.append("\"answered\": ").append(answered * wave);
            series.append(", \"serviceP50\": 5.0, \"serviceP99\": ")
                    .append(p99 * wave)
                    .append('}');
        }
        return "{\"verdict\": \"PASS\", \"answeredPerSecond\": " + answered
                + ", \"serviceMicros\": {\"p50\": 5.0, \"p99\": " + p99 + ", \"max\": 900.0},"
                + "\"mismatched\": " + mismatched + ", \"plan\": {\"depth\": 1}, \"series\": ["
                + series + "]}";
    }

    @Test
    void aRunIsNotWorseThanItself() throws Exception {
        String json = JsonReport.of(report("hi {seq}")).replace("\"INVALID\"", "\"PASS\""); // on a busy machine
        Comparison comparison = compare(json, json);
        assertThat(comparison.isWorse()).isFalse();
        assertThat(comparison.text("a", "b")).startsWith("No difference beyond the noise");
    }

    @Test
    void aDifferenceWithinTheScatterIsNoise() {
        assertThat(compare(result(1000, 100, 0), result(970, 103, 0)).isWorse()).isFalse();
    }

    @Test
    void aDifferenceBeyondTheScatterIsWorseOrBetter() {
        Comparison slower = compare(result(1000, 100, 0), result(800, 130, 0));
        assertThat(slower.isWorse()).isTrue();
        assertThat(slower.text("a", "b")).startsWith("B IS WORSE in 2 figures").contains("-20.0 %");
        assertThat(compare(result(800, 130, 0), result(1000, 100, 0)).isWorse()).isFalse();
    }

    @Test
    void aWrongReplyMoreIsWorseAndNeverNoise() {
        assertThat(compare(result(1000, 100, 0), result(1000, 100, 1)).isWorse())
                .isTrue();
    }

    @Test
    void runsThatWereNotTheSameAreSaidToBe() {
        String other = result(1000, 100, 0).replace("\"depth\": 1", "\"depth\": 2");
        assertThat(compare(result(1000, 100, 0), other).text("a", "b"))
                .contains("not the same run: depth is 1 in A and 2 in B");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1]", "<html></html>", "nonsense"})
    void whatIsNoResultIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> StoredResult.parse(text));
    }
}
