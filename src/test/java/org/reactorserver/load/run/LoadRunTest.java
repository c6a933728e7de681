package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactorserver.helper.Verdicts.assertFine;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Misbehaviour;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.protocol.ReplyEnd;
import org.reactorserver.load.report.JsonReport;
import org.reactorserver.load.report.TextReport;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

@Timeout(60)
class LoadRunTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private static LoadRun prepare(int port, Consumer<LoadPlan.Builder> changes, String... slos) throws Exception {
        LoadPlan.Builder plan = LoadPlan.builder()
                .port(port)
                .framing(Framing.lines())
                .connections(4)
                .messages(400)
                .timeout(Duration.ofSeconds(20))
                .expectEcho();
        changes.accept(plan);
        return new LoadRun(plan.build(), List.of(slos).stream().map(Slo::parse).toList());
    }

    private static Report run(int port, Consumer<LoadPlan.Builder> changes, String... slos) throws Exception {
        Report report = prepare(port, changes, slos).run();
        assertThat(report.messages().addUp())
                .as("the ledger: %s", report.messages())
                .isTrue();
        return report;
    }

    private static Framing framing(String name) {
        return switch (name) {
            case "chunk" -> Framing.chunks();
            case "line" -> Framing.lines();
            default -> Framing.lengthPrefixed();
        };
    }

    // -- what goes well
    // -----------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"chunk", "line", "length"})
    void everyReplyIsMatchedInEveryFraming(String framing) throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report =
                    run(server.port(), plan -> plan.framing(framing(framing)).depth(8));
            assertFine(report);
            assertThat(report.messages().sent()).isEqualTo(400);
            assertThat(report.messages().matched()).isEqualTo(400);
            assertThat(report.service().n()).isEqualTo(400);
            assertThat(report.errors()).isEmpty();
            assertThat(report.connections()).isEqualTo(new Report.Connections(4, 4, 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk", "line", "length"})
    void messagesLargerThanAnyBufferArrive(String framing) throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(
                    server.port(),
                    plan -> plan.framing(framing(framing)).size(300_000).messages(12));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(12);
        }
    }

    @Test
    void templatesAreFilledInAndExpectedToo() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            byte[] prefix = "got: ".getBytes();
            out.write(prefix);
            out.write(line);
        })) {
            Report report = run(
                    server.port(), plan -> plan.message("客户端{id} says {seq}").expect("got: 客户端{id} says {seq}"));
            assertFine(report);
        }
    }

    @Test
    void aReplyThatIsCutAnywhereIsOneReply() throws Exception {
        byte[] reply = "收到客户端信息".getBytes("UTF-8");
        try (TestServer server = TestServer.of((in, out, connection) -> {
            byte[] message = new byte[64];
            while (in.readNBytes(message, 0, message.length) == message.length) {
                for (byte part : reply) {
                    out.write(part);
                }
            }
        })) {
            Report report = run(
                    server.port(),
                    plan -> plan.framing(Framing.chunks())
                            .expect(LoadPlan.DEFAULT_REPLY)
                            .messages(40));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(40);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "length"})
    void anyReplyWillDoIfSoAsked(String framing) throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report =
                    run(server.port(), plan -> plan.framing(framing(framing)).expectAnything());
            assertFine(report);
        }
    }

    @Test
    void aReplyWithCrLfIsTheSameLine() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            byte[] crLf = java.util.Arrays.copyOf(line, line.length + 1);
            crLf[line.length - 1] = '\r';
            crLf[line.length] = '\n';
            out.write(crLf);
        })) {
            Report report = run(server.port(), plan -> plan.depth(3));
            assertFine(report);
        }
    }

    @Test
    void theOpenModelHasBothTimesAndTheClosedOneClaimsNoResponseTime() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report open = run(server.port(), plan -> plan.rate(4_000));
            assertThat(open.messages().matched()).isEqualTo(400);
            assertThat(open.response().n()).isEqualTo(400);
            assertThat(open.response().max())
                    .isGreaterThanOrEqualTo(open.service().min());
            Report closed = run(server.port(), plan -> {});
            assertThat(closed.response()).isNull();
            assertThat(TextReport.of(closed)).contains("Closed model: service time only");
            assertThat(JsonReport.of(closed)).contains("\"responseMicros\": null");
        }
    }

    @Test
    void theWarmUpIsLeftOutAndCounted() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(server.port(), plan -> plan.warmUp(Duration.ofMillis(200)));
            assertThat(report.service().n()).isEqualTo(400);
            assertThat(report.traffic().warmUpSamples()).isPositive();
            assertThat(report.messages().sent())
                    .isEqualTo(400 + report.traffic().warmUpSamples());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionsComeAndGo(boolean isOpen) throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            out.write('\n'); // greets
            in.transferTo(out);
        })) {
            Report report = run(server.port(), plan -> {
                plan.perConnection(5).greeting(ReplyEnd.parse("line")).messages(400);
                if (isOpen) {
                    plan.rate(2_000);
                } else {
                    plan.depth(3);
                }
            });
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(400);
            assertThat(report.connections().opened()).isEqualTo(4);
            assertThat(report.connections().lost()).isZero();
            assertThat(report.connections().reopened()).isBetween(70L, 80L); // the last ones are not needed any more
            assertThat(report.connect().n()).isEqualTo(4 + report.connections().reopened());
        }
    }

    @Test
    void aConnectionThatCannotBeOpenedAgainIsLost() throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            if (connection == 1) { // the others are shown the door, and not greeted
                out.write('\n');
                in.transferTo(out);
            }
        })) {
            Report report = run(
                    server.port(), plan -> plan.connections(1).perConnection(3).greeting(ReplyEnd.parse("line")));
            assertThat(report.connections()).isEqualTo(new Report.Connections(1, 1, 1, 0));
            assertThat(report.messages().matched()).isEqualTo(3);
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void thinkingTakesTime() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report =
                    run(server.port(), plan -> plan.think(Duration.ofMillis(5)).messages(40));
            assertFine(report);
            assertThat(report.traffic().seconds()).isGreaterThan(0.04); // 40 messages, 4 at a time
        }
    }

    @ParameterizedTest
    @EnumSource(value = Misbehaviour.class, names = "RESET", mode = EnumSource.Mode.EXCLUDE)
    void aGoodServerBearsBadClients(Misbehaviour misbehaviour) throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(
                    server.port(),
                    plan -> plan.message("客户端{id} {seq}")
                            .misbehaviour(misbehaviour)
                            .messages(40));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(40);
        }
    }

    @Test
    void whatThisClientResetsItselfIsNoFailureOfTheServer() throws Exception {
        CountDownLatch answered = new CountDownLatch(40);
        try (TestServer server = TestServer.lines((line, number, out) -> {
            out.write(line);
            answered.countDown();
        })) {
            LoadRun run = prepare(server.port(), plan -> plan.duration(LONG).misbehaviour(Misbehaviour.RESET));
            Report report = stopAfter(answered, run);
            assertThat(report.verdict()).as("%s", report.reasons()).isEqualTo(Verdict.PARTIAL);
            assertThat(report.messages().addUp()).isTrue();
        }
    }

    private static Report stopAfter(CountDownLatch latch, LoadRun run) throws Exception {
        Thread stopper = new Thread(() -> {
            try {
                latch.await();
                run.stopEarly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stopper.start();
        Report report = run.run();
        stopper.join();
        return report;
    }

    // -- what does not
    // ------------------------------------------------------------------------------

    @Test
    void nobodyThereIsRefusedAndARunWithoutSamplesFails() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        Report report = run(port, plan -> {}, "p99<1s", "errors=0");
        assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(report.reasons())
                .contains("4 connections could not be opened")
                .anyMatch(reason -> reason.startsWith("nothing was measured"))
                .anyMatch(reason -> reason.contains("p99<1s not met: no data"));
        assertThat(report.errors()).singleElement().satisfies(error -> {
            assertThat(error.kind()).isEqualTo(ErrorKind.REFUSED);
            assertThat(error.count()).isEqualTo(4);
            assertThat(error.sample()).contains("connection refused");
        });
    }

    @Test
    void whatIsNotAnsweredIsUnansweredWithItsAge() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {})) {
            Report report = run(server.port(), plan -> plan.messages(4).timeout(Duration.ofMillis(150)));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.messages().unanswered()).isEqualTo(4);
            assertThat(report.messages().oldestUnanswered()).isGreaterThanOrEqualTo(150_000_000);
            assertThat(report.reasons()).contains("4 messages unanswered");
        }
    }

    @Test
    void aReplyAfterTheTimeoutIsLateAndNotLost() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 1) {
                Thread.sleep(300); // six times the timeout
            }
            out.write(line);
            answered.countDown();
        })) {
            LoadRun run = prepare(
                    server.port(), plan -> plan.connections(1).duration(LONG).timeout(Duration.ofMillis(50)));
            Report report = stopAfter(answered, run);
            assertThat(report.messages().late()).isPositive();
            assertThat(report.messages().addUp()).isTrue();
            assertThat(report.errors())
                    .anyMatch(error -> error.kind() == ErrorKind.REPLY_TIMEOUT
                            && error.count() >= report.messages().late());
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void aServerThatDoesNotReadIsAStalledWrite() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TestServer server = TestServer.of((in, out, connection) -> never.await())) {
            Report report = run(
                    server.port(),
                    plan -> plan.connections(1)
                            .messages(1)
                            .size(16 * 1024 * 1024)
                            .timeout(Duration.ofMillis(200)));
            assertThat(report.messages().sent()).isZero();
            assertThat(report.messages().unwritten()).isEqualTo(1);
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(TextReport.of(report)).contains("1 message could not be written in full");
        }
    }

    @Test
    void aLostConnectionIsReportedAndNotReopened() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 3) {
                throw new TestServer.Hangup();
            }
            out.write(line);
        })) {
            Report report = run(server.port(), plan -> plan.depth(2));
            assertThat(report.connections()).isEqualTo(new Report.Connections(4, 4, 4, 0));
            assertThat(report.messages().lost()).isPositive();
            assertThat(report.reasons())
                    .contains("4 connections lost")
                    .anyMatch(reason -> reason.startsWith("no connection was left"));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void theOpenModelEndsThoughItsConnectionsAreLost() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 3) {
                throw new TestServer.Hangup();
            }
            out.write(line);
        })) {
            Report report = run(server.port(), plan -> plan.rate(2_000));
            assertThat(report.connections().lost()).isEqualTo(4);
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void anEndedRunIsPartialAndKeepsItsFigures() throws Exception {
        CountDownLatch answered = new CountDownLatch(100);
        try (TestServer server = TestServer.lines((line, number, out) -> {
            out.write(line);
            answered.countDown();
        })) {
            Report report = stopAfter(
                    answered, prepare(server.port(), plan -> plan.duration(LONG).warmUp(Duration.ZERO)));
            assertThat(report.verdict()).as("%s", report.reasons()).isEqualTo(Verdict.PARTIAL);
            assertThat(report.messages().matched()).isGreaterThanOrEqualTo(99);
            assertThat(report.messages().addUp()).isTrue();
            assertThat(report.messages().unanswered()).isZero();
        }
    }

    @Test
    void aRunThatIsStoppedBeforeItBeginsEndsToo() throws Exception {
        try (TestServer server = TestServer.echo()) {
            LoadRun run = prepare(server.port(), plan -> plan.duration(LONG));
            run.stopEarly();
            assertThat(run.run().messages().sent()).isZero();
        }
    }

    @Test
    void anObjectiveThatIsNotMetFails() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report = run(server.port(), plan -> {}, "min<1ns", "errors=0");
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.objectives()).extracting(Slo.Result::met).containsExactly(false, true);
        }
    }

    @Test
    void aRateBeyondWhatTheServerReadsIsNotKeptUpWith() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TestServer server = TestServer.of((in, out, connection) -> {
            OutputStream nobody = out;
            never.await();
            nobody.close();
        })) {
            Report report = run(
                    server.port(),
                    plan -> plan.connections(1)
                            .rate(1_000)
                            .size(1_000_000)
                            .duration(Duration.ofMillis(300))
                            .warmUp(Duration.ZERO)
                            .timeout(Duration.ofMillis(300)));
            assertThat(report.reasons()).anyMatch(reason -> reason.startsWith("the server did not keep up"));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }
}
