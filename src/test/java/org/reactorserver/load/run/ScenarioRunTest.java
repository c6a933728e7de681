package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.reactorserver.helper.Verdicts.assertFine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.helper.FakeSmtp;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.protocol.ScenarioReader;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** Scenarios against servers that say what a test wants. */
@Timeout(60)
class ScenarioRunTest {
    private static LoadPlan.Builder plan(TestServer server, String scenario) {
        return LoadPlan.builder()
                .port(server.port())
                .connections(3)
                .messages(60)
                .timeout(Duration.ofSeconds(20))
                .scenario(ScenarioReader.parse("", scenario, Path.of("")));
    }

    private static Report run(LoadPlan.Builder plan) throws Exception {
        Report report = new LoadRun(plan.build(), List.of()).run();
        assertThat(report.messages().addUp()).isTrue();
        return report;
    }

    private static List<ErrorKind> kinds(Report report) {
        return report.errors().stream().map(Report.ErrorCount::kind).toList();
    }

    /** Greets, counts the lines of a connection, and answers each with its number and itself. */
    private static TestServer counting() throws Exception {
        return TestServer.of((in, out, connection) -> {
            out.write("hello, and\ngood luck\n".getBytes("UTF-8"));
            StringBuilder line = new StringBuilder();
            int number = 0;
            int next;
            while ((next = in.read()) >= 0) {
                line.append((char) next);
                if (next == '\n') {
                    out.write((++number + " " + line).getBytes("UTF-8"));
                    line.setLength(0);
                }
            }
        });
    }

    @Test
    void whatWasHeardIsSaidAgain() throws Exception {
        String scenario = """
                replies line
                start
                  expect lines:2 matches "good (?<what>\\w+)"
                  send "name\\n"
                  expect is "1 name\\n"
                flow
                  send "a{id} {what}\\n"
                  expect matches "^(?<n>\\d+) a{0}"
                  send "b {n}\\n"
                  expect is "{*} b {n}\\n"
                """;
        try (TestServer server = counting()) {
            for (int depth : new int[] {1, 5}) {
                Report report = run(plan(server, "pipeline " + depth + "\n" + scenario));
                assertFine(report);
                assertThat(report.messages().matched()).isEqualTo(60);
            }
        }
    }

    @Test
    void aTimetableWaitsForRepliesToo() throws Exception {
        String scenario = "start; expect lines:2; flow; send \"x\\n\"; expect line matches \"(?<n>\\d+) x\";"
                + "send \"{n}\\n\"; expect line ends \" {n}\\n\"";
        try (TestServer server = counting()) {
            Report report = run(plan(server, scenario).rate(400));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(60);
            assertThat(report.response().n()).isEqualTo(60);
        }
    }

    @Test
    void aWrongReplyIsToldAndTheConnectionKept() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            out.write(number % 10 == 0 ? "oh\u001b no\n".getBytes("UTF-8") : line);
        })) {
            Report report = run(plan(server, "replies line; send \"a {seq}\\n\"; expect \"a {seq}\\n\"")
                    .connections(1));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.messages().matched()).isEqualTo(54);
            assertThat(report.messages().mismatched()).isEqualTo(6);
            assertThat(report.connections().reopened()).isZero();
            assertThat(report.errors().get(0).sample())
                    .contains("message 10, line 1 of the scenario: expected \"a 10\\n\", got \"oh\\u001b no\"");
        }
    }

    /** Where a wrong reply ends nobody knows, so what follows is said on another connection. */
    @Test
    void aWrongReplyWithoutAnEndCostsTheConnection() throws Exception {
        try (TestServer server = TestServer.lines(
                (line, number, out) -> out.write(number % 10 == 0 ? "oh no\n".getBytes("UTF-8") : line))) {
            Report report = run(
                    plan(server, "send \"a {seq}\\n\"; expect \"a {seq}\\n\"").connections(1));
            assertThat(report.messages().matched()).isEqualTo(54);
            assertThat(report.messages().mismatched()).isEqualTo(6);
            assertThat(report.connections().reopened()).as("not after the last").isEqualTo(5);
            assertThat(report.connections().lost()).isZero();
        }
    }

    @Test
    void aServerThatSaysNothingRightIsNotConnectedToForEver() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (TestServer server = TestServer.of((in, out, connection) -> {
            connections.incrementAndGet();
            while (in.read() >= 0) {
                out.write('?');
            }
        })) {
            Report report = run(plan(server, "send \"a\"; expect \"b\""));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(connections).hasValue(3);
            assertThat(report.messages().mismatched()).isEqualTo(3);
            assertThat(kinds(report)).contains(ErrorKind.MISMATCH, ErrorKind.UNFRAMEABLE);
        }
    }

    @Test
    void aReplyThatDoesNotComeIsNotTakenForTheNextOnes() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number != 5) {
                out.write(line);
            }
        })) {
            Report report = run(
                    plan(server, "replies line; send \"a\\n\"; expect \"a\\n\"").timeout(Duration.ofMillis(300)));
            assertThat(report.messages().unanswered()).isPositive();
            assertThat(report.messages().mismatched()).isZero();
            assertThat(report.connections().reopened()).isPositive();
            assertThat(kinds(report)).containsOnly(ErrorKind.REPLY_TIMEOUT);
        }
    }

    @Test
    void aWrongGreetingIsNoOpenConnection() throws Exception {
        try (TestServer server = counting()) {
            Report report = run(plan(server, "start; expect line \"welcome\\n\"; flow; send \"a\"; expect line"));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.connections().opened()).isZero();
            assertThat(kinds(report)).containsExactly(ErrorKind.NOT_GREETED);
            assertThat(report.errors().get(0).sample()).contains("expected \"welcome\\n\", got \"hello, and\"");
        }
    }

    @Test
    void connectionsAreEndedWhenTheScenarioSaysSo() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (TestServer server = TestServer.of((in, out, connection) -> {
            connections.incrementAndGet();
            int next;
            while ((next = in.read()) >= 0) {
                out.write(next);
            }
        })) {
            Report report =
                    run(plan(server, "replies bytes:1; send \"a\"; expect \"a\"; send \"b\"; expect \"b\"; close"));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(60);
            assertThat(report.connections().reopened()).isBetween(27L, 30L);
            assertThat(report.connections().lost()).isZero();
        }
    }

    @Test
    void aTimeToThinkIsNotPartOfTheServiceTime() throws Exception {
        try (TestServer server = TestServer.echo()) {
            Report report =
                    run(plan(server, "send \"a\"; expect \"a\"; think 20ms").messages(15));
            assertFine(report);
            assertThat(report.traffic().seconds()).as("five of each connection").isGreaterThan(0.079);
        }
    }

    @Test
    void messagesWithoutReplyAreDoneWhenTheyAreWritten() throws Exception {
        AtomicInteger bytes = new AtomicInteger();
        try (TestServer server = TestServer.of((in, out, connection) -> {
            while (in.read() >= 0) {
                bytes.incrementAndGet();
            }
        })) {
            LoadPlan.Builder plan = plan(server, "let line \"message {seq}\"; send \"{#line} {line}\"; expect none");
            assertThatIllegalArgumentException().isThrownBy(plan::build).withMessageContaining("give --rate");
            Report report = run(plan.rate(2_000));
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(60);
            assertThat(report.traffic().bytesSent()).isEqualTo(3 * (9 * 11 + 11 * 13));
        }
    }

    @Test
    void whatNobodyAskedForIsTold() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            out.write(line);
            if (number == 7) {
                out.write(line);
            }
        })) {
            Report report = run(plan(server, "replies line; send \"{seq}\\n\"; expect \"{seq}\\n\""));
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(report.messages().extra() + report.messages().mismatched())
                    .isBetween(1L, 3L * 9);
        }
    }

    @Test
    void mailIsSent() throws Exception {
        try (FakeSmtp server = new FakeSmtp()) {
            Report report = new LoadRun(
                            LoadPlan.builder()
                                    .port(server.port())
                                    .connections(4)
                                    .messages(200)
                                    .scenario(ScenarioReader.read("smtp"))
                                    .build(),
                            List.of())
                    .run();
            assertFine(report);
            assertThat(report.messages().matched()).isEqualTo(200);
            assertThat(server.mails()).isBetween(46, 50);
        }
    }
}
