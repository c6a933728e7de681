package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;
import org.reactorserver.helper.PrintableLines;

/** What the server shows of what it does, and how clients cannot abuse that. */
class WatchingIT {
    private static final Pattern LEFT_OUT = Pattern.compile("… (\\d+) more events left out");

    /** Ends the line, clears the screen, writes from right to left, hides. */
    private static final String HOSTILE =
            "a\r\n+ 9 192.0.2.1:1 connected\u001b[2J\u2028\u009b2J\u202egnp.exe\u0000\u200b\u0007z";

    private static final String ESCAPED =
            "a\\r\\n+ 9 192.0.2.1:1 connected\\u001b[2J\\u2028\\u009b2J\\u202egnp.exe\\u0000\\u200b\\u0007z";

    @Test
    void theTraceShowsTheSelectorAndTheWorkersTakeTurns() {
        try (JarProcess server = JarProcess.serve("--trace", "--workers", "2")) {
            try (Peer peer = new Peer(server)) {
                assertThat(peer.send("客户端").receive()).as("%s", server).isNotEmpty();
                server.awaitErr(step("selector", "accept → " + peer.address() + ", session 1"));
            }
            server.awaitErr(step("selector", "accept → null: no connection pending"));
            server.awaitErr(step("selector", "session 1: read 9 bytes"));
            server.awaitErr(step("selector", "session 1: decoded \"客户端\""));
            server.awaitErr(step("selector", "hand-off: 1 session, 1 worker started"));
            server.awaitErr(step("worker-1", "session 1: taken"));
            server.awaitErr(step("worker-1", "session 1: reply queued"));
            server.awaitErr(line -> line.contains("[worker-1] session 1: handled in "));
            server.awaitErr(step("selector", "session 1: letter delivered")); // woken up for it if it slept already
            server.awaitErr(step("selector", "session 1: wrote 21 bytes, 1 reply"));
            server.awaitErr(step("selector", "session 1: closed: end of stream"));
        }
    }

    @Test
    void theLogAsJsonAndTheTranscriptWithTheTime() {
        try (JarProcess server = JarProcess.serve("--log-format", "json", "--timestamps", "--echo")) {
            try (Peer peer = new Peer(server)) {
                assertThat(peer.send("x").receive()).isEqualTo("x");
            }
            server.awaitOut(line -> line.matches("20\\d\\d-\\d\\d-\\d\\d [0-9:.]{12} - 1 .* closed: end of stream"));
            server.terminate().exitCode();
            assertThat(server.err())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("{\"time\": \"20") && line.endsWith("\"}"))
                    .anyMatch(line ->
                            line.contains("\"level\": \"INFO\", \"thread\": \"shutdown\", \"message\": \"drained "));
        }
    }

    @Test
    void theLogHasADate() {
        try (JarProcess server = JarProcess.serve()) {
            server.awaitErr(line -> line.matches("20\\d\\d-\\d\\d-\\d\\d [0-9:.]{12} \\[selector] INFO serving: .*"));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSignalHasTheCountersAndTheLastPassesTold() {
        try (JarProcess server = JarProcess.serve("--echo");
                Peer peer = new Peer(server)) {
            assertThat(peer.send("x").receive()).isEqualTo("x");
            server.signal("USR1");
            server.awaitErr(line ->
                    line.contains(" INFO 1 accepted, 0 refused, 1 open, 0 waiting; 1 messages and 1 bytes read"));
            server.awaitErr(line -> line.contains("  1 key  ready 1:r  hand-off"));
            assertThat(peer.send("y").receive()).as("it has not ended").isEqualTo("y");
        }
    }

    private static Predicate<String> step(String thread, String text) {
        return line -> line.endsWith("[" + thread + "] " + text);
    }

    @Test
    void whatAClientSendsIsOneLineInTheTranscriptAndInTheTrace() {
        try (JarProcess server = JarProcess.serve("--trace")) {
            try (Peer peer = new Peer(server)) {
                peer.send(HOSTILE).receive();
                String line = "< 1 " + peer.address() + " " + ESCAPED;
                server.awaitOut(line::equals);
            }
            server.awaitErr(step("selector", "session 1: decoded \"" + ESCAPED + "\""));
            server.awaitErr(step("selector", "session 1: closed: end of stream"));
            server.awaitOut(line -> line.startsWith("- 1 "));
            assertThat(server.out()).hasSize(4);
            assertPrintable(server);
        }
    }

    @Test
    void whatAClientSendsIsOneLineInTheLog() {
        try (JarProcess server =
                JarProcess.command().withTestClasses().serve("--handler", "example.Handlers$Quoting")) {
            try (Peer peer = new Peer(server)) {
                assertThat(peer.send(HOSTILE).receive()).isEqualTo("error: the handler failed");
            }
            server.awaitErr(line -> line.contains("WARN the handler failed at session 1 127.0.0.1:")
                    && line.contains(": java.lang.IllegalArgumentException: cannot read '" + ESCAPED));
            assertPrintable(server);
        }
    }

    /** A stack trace has several lines, but it must not have the client's. */
    @Test
    void whatAClientSendsDoesNoHarmInAStackTrace() {
        try (JarProcess server =
                JarProcess.command().withTestClasses().serve("--verbose", "--handler", "example.Handlers$Quoting")) {
            try (Peer peer = new Peer(server)) {
                assertThat(peer.send(HOSTILE).receive()).isEqualTo("error: the handler failed");
            }
            server.awaitErr(line -> line.startsWith("\tat org.reactorserver."));
            server.terminate().exitCode();
            assertThat(server.err()).noneMatch(line -> line.startsWith("+ 9 192.0.2.1:1"));
            assertPrintable(server);
        }
    }

    private static void assertPrintable(JarProcess server) {
        assertThat(server.out()).allMatch(PrintableLines::isPrintable);
        assertThat(server.err()).allMatch(line -> PrintableLines.isPrintable(line.replaceFirst("^\t", "")));
    }

    @Test
    void theTranscriptSaysHowMuchItLeavesOut() {
        try (JarProcess server = JarProcess.serve("--framing", "line", "--echo")) {
            try (Peer peer = new Peer(server)) {
                peer.send("x\n".repeat(2_000)).endOutput();
                assertThat(peer.receiveAll()).as("%s", server).hasSize(4_000);
            }
            server.terminate().exitCode();
            List<String> lines = server.out().subList(1, server.out().size());
            long printed = lines.stream()
                    .filter(line -> !LEFT_OUT.matcher(line).matches())
                    .count();
            long leftOut = lines.stream()
                    .map(LEFT_OUT::matcher)
                    .filter(Matcher::matches)
                    .mapToLong(count -> Long.parseLong(count.group(1)))
                    .sum();
            assertThat(leftOut).as("%s", server).isPositive();
            assertThat(printed + leftOut).as("%s", server).isEqualTo(2_002);
        }
    }

    @Test
    void theTranscriptOfAllLeavesNothingOut() {
        try (JarProcess server = JarProcess.serve("--framing", "line", "--echo", "--transcript", "all")) {
            try (Peer peer = new Peer(server)) {
                peer.send("x\n".repeat(2_000)).endOutput();
                assertThat(peer.receiveAll()).as("%s", server).hasSize(4_000);
            }
            server.awaitOut(line -> line.startsWith("- 1 "));
            assertThat(server.out()).hasSize(2_003);
        }
    }

    @Test
    void chineseIsReadableWhereTheSystemKnowsOnlyAscii() {
        try (JarProcess server = JarProcess.command().environment("LC_ALL", "C").serve();
                JarProcess client = JarProcess.command()
                        .environment("LC_ALL", "C")
                        .start("client", "--port", Integer.toString(server.port()), "--count", "1")) {
            assertThat(client.exitCode()).as("%s", client).isZero();
            assertThat(client.out()).contains("client 1 received: 收到客户端信息");
            server.awaitOut(line -> line.endsWith(" 客户端1正在连接"));
        }
    }
}
