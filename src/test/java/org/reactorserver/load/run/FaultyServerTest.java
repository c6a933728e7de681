package org.reactorserver.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.measure.ErrorKind;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.report.TextReport;
import org.reactorserver.load.result.Report;
import org.reactorserver.load.result.Verdict;

/** Each thing that a server can do wrong is found, named and counted. */
@Timeout(60)
class FaultyServerTest {
    private static final int MESSAGES = 4_000;

    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger doubled = new AtomicInteger();
    private final AtomicInteger garbled = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    private static Report run(TestServer server, Framing framing, int depth, int messages) throws Exception {
        LoadPlan plan = LoadPlan.builder()
                .port(server.port())
                .framing(framing)
                .connections(5)
                .depth(depth)
                .messages(messages)
                .timeout(Duration.ofSeconds(5))
                .expectEcho()
                .build();
        Report report = new LoadRun(plan, List.of()).run();
        assertThat(report.messages().addUp())
                .as("the ledger: %s", report.messages())
                .isTrue();
        assertThat(report.messages().sent()).isEqualTo(messages);
        return report;
    }

    private static Map<ErrorKind, Long> errors(Report report) {
        Map<ErrorKind, Long> errors = new TreeMap<>();
        report.errors().forEach(error -> errors.put(error.kind(), error.count()));
        return errors;
    }

    /** Answers 1 of 100 not at all, 1 of 150 twice, 1 of 130 wrongly. */
    private void answer(byte[] framed, int number, OutputStream out) throws Exception {
        if (number % 100 == 99) {
            dropped.incrementAndGet();
        } else if (number % 150 == 149) {
            doubled.incrementAndGet();
            ByteArrayOutputStream twice = new ByteArrayOutputStream();
            twice.write(framed);
            twice.write(framed);
            out.write(twice.toByteArray());
        } else if (number % 130 == 129) {
            garbled.incrementAndGet();
            byte[] wrong = framed.clone();
            wrong[wrong.length / 2] ^= 1;
            out.write(wrong);
        } else {
            out.write(framed);
        }
    }

    private void assertFound(Report report) {
        Map<ErrorKind, Long> errors = errors(report);
        assertThat(errors.get(ErrorKind.MISMATCH)).isEqualTo(garbled.get());
        assertThat(errors.get(ErrorKind.DUPLICATE_REPLY)).isEqualTo(doubled.get());
        assertThat(report.messages().mismatched()).isEqualTo(garbled.get());
        assertThat(report.messages().unanswered()).isEqualTo(dropped.get());
        assertThat(report.messages().extra()).isEqualTo(doubled.get());
        assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(report.verdict().exitCode()).isEqualTo(1);
        assertThat(report.reasons())
                .contains(garbled + " replies wrong", dropped + " messages unanswered", doubled + " replies too many");
    }

    @Test
    void inLines() throws Exception {
        try (TestServer server = TestServer.lines(this::answer)) {
            Report report = run(server, Framing.lines(), 8, MESSAGES);
            assertFound(report);
            assertThat(errors(report).get(ErrorKind.MISSING_REPLY)).isPositive();
            assertThat(TextReport.of(report)).contains("mismatch", "missing reply", "duplicate");
        }
    }

    @Test
    void inChunks() throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            byte[] message = new byte[64];
            for (int i = 1; in.readNBytes(message, 0, 64) == 64; i++) {
                answer(message, i, out);
            }
        })) {
            assertFound(run(server, Framing.chunks(), 8, MESSAGES));
        }
    }

    @Test
    void withLengths() throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            DataInputStream data = new DataInputStream(in);
            for (int i = 1; ; i++) {
                byte[] payload = new byte[data.readInt()];
                data.readFully(payload);
                ByteArrayOutputStream framed = new ByteArrayOutputStream();
                new DataOutputStream(framed).writeInt(payload.length);
                framed.write(payload);
                answer(framed.toByteArray(), i, out);
            }
        })) {
            assertFound(run(server, Framing.lengthPrefixed(), 8, MESSAGES));
        }
    }

    @Test
    void aConnectionClosedInsideAReplyIsNamedAsThat() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 50) {
                cut.incrementAndGet();
                out.write(line, 0, 10);
                throw new TestServer.Hangup();
            }
            out.write(line);
        })) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .connections(5)
                    .messages(1_000)
                    .expectEcho()
                    .build();
            Report report = new LoadRun(plan, List.of()).run();
            assertThat(errors(report)).containsEntry(ErrorKind.END_INSIDE_MESSAGE, 5L);
            assertThat(cut).hasValue(5);
            assertThat(report.messages().lost()).isEqualTo(5);
            assertThat(report.messages().matched()).isEqualTo(5 * 49);
            assertThat(report.messages().addUp()).isTrue();
        }
    }

    @Test
    void repliesInTheWrongOrderAreNamedAsThat() throws Exception {
        byte[][] held = new byte[1][];
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number % 2 == 1) {
                held[0] = line;
            } else {
                out.write(line);
                out.write(held[0]);
            }
        })) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .connections(1)
                    .depth(2)
                    .messages(100)
                    .timeout(Duration.ofSeconds(1))
                    .expectEcho()
                    .build();
            Report report = new LoadRun(plan, List.of()).run();
            assertThat(errors(report).get(ErrorKind.OUT_OF_ORDER)).isPositive();
            assertThat(report.messages().addUp()).isTrue();
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLengthThatCannotBeIsNamed(boolean negative) throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            in.read();
            new DataOutputStream(out).writeInt(negative ? -1 : Integer.MAX_VALUE);
            in.transferTo(OutputStream.nullOutputStream());
        })) {
            Report report = run(server, Framing.lengthPrefixed(), 1, 5);
            assertThat(errors(report)).containsEntry(ErrorKind.UNFRAMEABLE, 5L);
            assertThat(report.messages().lost()).isEqualTo(5);
        }
    }

    @Test
    void aReplyToNothingIsNamed() throws Exception {
        try (TestServer server = TestServer.of((in, out, connection) -> {
            out.write("welcome\n".getBytes());
            in.transferTo(out);
        })) {
            Report report = run(server, Framing.lines(), 1, 50);
            // it comes before the first message or takes the place of its reply
            assertThat(errors(report).keySet()).containsAnyOf(ErrorKind.UNEXPECTED_REPLY, ErrorKind.MISMATCH);
            assertThat(report.verdict()).isEqualTo(Verdict.FAIL);
        }
    }
}
