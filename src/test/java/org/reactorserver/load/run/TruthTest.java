package org.reactorserver.load.run;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.reactorserver.helper.Verdicts.assertFine;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.report.HtmlReport;
import org.reactorserver.load.report.JsonReport;
import org.reactorserver.load.report.TextReport;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** Situations in which a load client may tell what is not so. */
@Timeout(60)
class TruthTest {

    private static Report run(int port, Consumer<LoadPlan.Builder> changes, String... slos) throws Exception {
        LoadPlan.Builder plan = LoadPlan.builder()
                .port(port)
                .framing(Framing.lines())
                .connections(1)
                .messages(20)
                .timeout(Duration.ofSeconds(20))
                .expectEcho();
        changes.accept(plan);
        Report report =
                new LoadRun(plan.build(), List.of(slos).stream().map(Slo::parse).toList()).run();
        assertThat(report.messages().addUp()).as("%s", report.messages()).isTrue();
        return report;
    }

    private static Map<ErrorKind, Long> errors(Report report) {
        Map<ErrorKind, Long> errors = new TreeMap<>();
        report.errors().forEach(error -> errors.put(error.kind(), error.count()));
        return errors;
    }

    // -- what is a reply
    // ----------------------------------------------------------------------------

    @Test
    void aReplyIsCountedOnceIntoHowManyPiecesItMayCome() throws Exception {
        byte[] reply = "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n012345678901234567890123456789".getBytes(US_ASCII);
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (line.length == 2) { // the end of a request
                for (byte octet : reply) {
                    out.write(octet);
                }
            }
        })) {
            Report report = run(
                    server.port(),
                    plan -> plan.framing(Framing.chunks())
                            .message("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                            .expectAnything()
                            .replyEnd(ReplyEnd.parse("http")));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(20);
            assertThat(report.traffic().bytesReceived()).isEqualTo(20L * reply.length);
        }
    }

    @Test
    void whereThereAreNoRepliesAMessageIsDoneWhenItIsWritten() throws Exception {
        CountDownLatch received = new CountDownLatch(300);
        try (TestServer server = TestServer.lines((line, number, out) -> received.countDown())) {
            Report report = run(
                    server.port(),
                    plan -> plan.send("<13>1 - - - - - - {seq}\\n")
                            .framing(Framing.chunks())
                            .connections(3)
                            .rate(3_000)
                            .messages(300)
                            .expectAnything()
                            .replyEnd(ReplyEnd.NONE));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(300);
            assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(TextReport.of(report)).contains("There are no replies: times are those until");
        }
    }

    @Test
    void aReplyWhereThereIsToBeNoneIsUnexpected() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(
                    server.port(),
                    plan -> plan.rate(500).messages(200).expectAnything().replyEnd(ReplyEnd.NONE));
            assertThat(errors(report)).containsOnlyKeys(ErrorKind.UNEXPECTED_REPLY);
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void aGreetingIsNoReply() throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            out.write("220-welcome\r\n".getBytes(US_ASCII));
            out.write("220 to you\r\n".getBytes(US_ASCII));
            in.transferTo(out);
        })) {
            assertFine(run(server.port(), plan -> plan.connections(3).greeting(ReplyEnd.parse("last-line:^220 "))));
        }
    }

    @Test
    void aConnectionThatIsNotGreetedIsNotOpen() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TestServer server = TestServer.of((in, out, connection) -> never.await())) {
            Report report = run(
                    server.port(), plan -> plan.greeting(ReplyEnd.parse("line")).timeout(Duration.ofMillis(100)));
            assertThat(report.reasons()).contains("1 connection could not be opened");
        }
    }

    // -- what becomes of messages
    // -------------------------------------------------------------------

    @Test
    void junkBeforeARightReplyIsUnexpectedAndTheReplyIsRight() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 3) {
                out.write("junk\n".getBytes(US_ASCII));
            }
            out.write(line);
        })) {
            Report report = run(server.port(), plan -> {});
            assertThat(errors(report)).containsExactly(Map.entry(ErrorKind.UNEXPECTED_REPLY, 1L));
            assertThat(report.messages().matched()).isEqualTo(20);
            assertThat(report.messages().extra()).isEqualTo(1);
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void aReplyThatComesFarTooLateInTheOrderIsOutOfOrderAndNotMissingToo() throws Exception {
        List<byte[]> held = new ArrayList<>();
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 1) {
                held.add(line);
            } else {
                out.write(line);
            }
            if (number == 201) {
                out.write(held.get(0));
            }
        })) {
            Report report = run(server.port(), plan -> plan.depth(300).messages(300));
            assertThat(errors(report)).containsExactly(Map.entry(ErrorKind.OUT_OF_ORDER, 1L));
            assertThat(report.messages().mismatched()).isEqualTo(1);
            assertThat(report.messages().matched()).isEqualTo(299);
        }
    }

    @Test
    void aMessageThatIsNeverAnsweredIsAnError() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number < 20) {
                out.write(line);
            }
        })) {
            Report report = run(server.port(), plan -> plan.timeout(Duration.ofMillis(300)), "errors=0");
            assertThat(report.messages().unanswered()).isEqualTo(1);
            assertThat(report.objectives()).extracting(Slo.Result::met).containsExactly(false);
        }
    }

    @Test
    void garbageIsReadThroughInATimeThatGrowsWithItAlone() throws Exception {
        byte[] garbage = "no reply begins like this, or like anything else "
                .repeat(4_000)
                .getBytes(US_ASCII);
        try (TestServer server = TestServer.of((in, out, connection) -> {
            in.read();
            out.write(garbage);
            in.transferTo(OutputStream.nullOutputStream());
        })) {
            Report report = run(
                    server.port(),
                    plan -> plan.framing(Framing.chunks())
                            .depth(1_000)
                            .messages(5_000)
                            .timeout(Duration.ofMillis(500)));
            assertThat(report.messages().mismatched()).isGreaterThan(1_000);
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void anEndlessReplyIsWrongAndIsNotKept() throws Exception {
        byte[] piece = "x".repeat(1 << 20).getBytes(US_ASCII);
        try (TestServer server = TestServer.of((in, out, connection) -> {
            in.read();
            for (int i = 0; i < 200; i++) { // more than the tests' heap could take many of
                out.write(piece);
            }
            out.write('\n');
            in.transferTo(OutputStream.nullOutputStream());
        })) {
            Report report = run(server.port(), plan -> plan.messages(1));
            assertThat(errors(report)).containsExactly(Map.entry(ErrorKind.MISMATCH, 1L));
        }
    }

    @Test
    void aSampleIsNeverCutInsideACharacter() throws Exception {
        byte[] reply = ("a".repeat(59) + "😀".repeat(5) + "\n").getBytes("UTF-8");
        try (TestServer server = TestServer.lines((line, number, out) -> out.write(reply))) {
            Report report = run(server.port(), plan -> plan.messages(1));
            String page = HtmlReport.of(report);
            assertThat(page.getBytes("UTF-8")).isNotEmpty();
            assertThat(new String(page.getBytes("UTF-8"), "UTF-8")).isEqualTo(page);
            assertThat(report.errors().get(0).sample()).contains("a😀…");
        }
    }

    // -- time
    // ---------------------------------------------------------------------------------------

    @Test
    void thinkingBeginsWhenTheReplyIsWhole() throws Exception {
        List<Long> pauses = new CopyOnWriteArrayList<>();
        long[] answered = new long[1];
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number > 1) {
                pauses.add(System.nanoTime() - answered[0]);
            }
            out.write(line, 0, 5);
            Thread.sleep(60); // the rest is a packet of its own, later than the time to think
            out.write(line, 5, line.length - 5);
            answered[0] = System.nanoTime();
        })) {
            assertFine(
                    run(server.port(), plan -> plan.think(Duration.ofMillis(30)).messages(4)));
            assertThat(pauses).hasSize(3).allMatch(pause -> pause > 25_000_000);
        }
    }

    @Test
    void everyMessageOfAPipelineIsThoughtOf() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(
                    server.port(),
                    plan -> plan.think(Duration.ofMillis(1)).depth(3).messages(60));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(60);
        }
    }

    @Test
    void aRateIsThatOfAllMessagesAndNotOfTheGapsBetweenThem() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(server.port(), plan -> plan.rate(20).messages(4));
            assertThat(report.traffic().sentPerSecond()).isLessThan(20.01); // it was 26.7
            assertThat(report.traffic().answeredPerSecond()).isLessThan(20.01); // likewise
        }
    }

    @Test
    void aShortRunThatSentEverythingHasNotMissedItsRate() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(
                    server.port(),
                    plan -> plan.rate(1_000).duration(Duration.ofMillis(200)).warmUp(Duration.ZERO));
            assertThat(report.messages().sent()).isEqualTo(200);
            assertThat(report.traffic().missed()).isZero();
        }
    }

    // -- a server that is too slow
    // ------------------------------------------------------------------

    @Test
    void aServerThatDoesNotKeepUpFailsAndNoLatencyIsClaimed() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            Thread.sleep(5); // no more than 200 a second
            out.write(line);
        })) {
            Report report = run(
                    server.port(),
                    plan -> plan.rate(1_000)
                            .duration(Duration.ofSeconds(1))
                            .warmUp(Duration.ofMillis(200))
                            .timeout(Duration.ofSeconds(30)),
                    "p99<50s");
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.reasons().get(0))
                    .startsWith("the server did not keep up: offered 1,000 a second, answered ")
                    .contains("; the backlog grew by ");
            assertThat(report.response().p50()).isEqualTo(-1);
            assertThat(report.objectives())
                    .containsExactly(new Slo.Result("p99<50s", "the server did not keep up, so there is none", false));
            assertThat(TextReport.of(report)).contains("None are given: more and more messages waited");
            assertThat(JsonReport.of(report)).contains("\"backlogGrowthPerSecond\": ");
            String page = HtmlReport.of(report);
            String drawn = page.substring(0, page.indexOf("<script")); // a histogram in Base64 may spell anything
            assertThat(drawn).doesNotContain("NaN").contains("did not keep up");
        }
    }

    // -- the end
    // ------------------------------------------------------------------------------------

    @Test
    void aRunThatIsEndedWhileItWaitsForTheLastRepliesIsPartial() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ByteArrayOutputStream any = new ByteArrayOutputStream();
        try (TestServer server = TestServer.lines((line, number, out) -> {
            any.write(line);
            received.countDown();
            never.await();
        })) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .connections(1)
                    .messages(1)
                    .expectEcho()
                    .timeout(Duration.ofSeconds(50))
                    .build();
            LoadRun run = new LoadRun(plan, List.of());
            Thread stopper = new Thread(() -> {
                try {
                    received.await();
                    run.stopEarly();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            stopper.start();
            Report report = run.run();
            stopper.join();
            assertThat(report.messages().unanswered()).isEqualTo(1);
            assertThat(report.reasons()).anyMatch(reason -> reason.startsWith("PARTIAL"));
            assertThat(report.notes()).anyMatch(note -> note.startsWith("1 message still under way"));
        }
    }

    @Test
    void whatIsDueInTheWarmUpOnALostConnectionEndsNothing() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 1 && new String(line, US_ASCII).startsWith("1 ")) {
                throw new TestServer.Hangup();
            }
            out.write(line);
        })) {
            Report report = run(
                    server.port(),
                    plan -> plan.connections(2)
                            .message("{id} {seq}")
                            .rate(500)
                            .messages(40)
                            .warmUp(Duration.ofMillis(400)));
            assertThat(report.connections().lost()).isEqualTo(1);
            assertThat(report.service().n()).isEqualTo(20); // the other connection's half
            assertThat(report.notes()).contains("20 messages due on connections that were lost were not sent");
        }
    }
}
