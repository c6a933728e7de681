package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.reactorserver.ReactorServer;
import org.reactorserver.framing.Framing;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;

/** What only a process shows of wrong usage; {@link MainTest} has every single case. */
class UsageIT {

    private static void assertFails(int code, JarProcess process, String... parts) {
        try (process) {
            assertThat(process.exitCode()).as("%s", process).isEqualTo(code);
            assertThat(process.out()).as("stdout").isEmpty();
            assertThat(process.err()).as("stderr").hasSize(1);
            assertThat(process.err().get(0)).startsWith("reactor-server: ").contains(parts);
        }
    }

    @Test
    void wrongUsageIsOneLineAndExitCode2() {
        assertFails(2, JarProcess.start("--bogus"), "Unknown option: '--bogus'");
        assertFails(
                2,
                JarProcess.start("--reply", "两\n行", "--framing", "line"),
                "'--reply'",
                "'两 行'",
                "a message of line framing is one line");
    }

    @Test
    void aPortThatIsTakenIsOneLineAndExitCode1() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            assertFails(
                    1,
                    JarProcess.start("--port", port),
                    "cannot listen on 127.0.0.1:" + port,
                    "Address already in use",
                    "choose another --port");
        }
    }

    @Test
    void allAddressesOfIpv6WhereThereIsNoneIsOneLineAndExitCode1() {
        assertFails(
                1,
                JarProcess.command().jvm("-Djava.net.preferIPv4Stack=true").start("--host", "::", "--port", "0"),
                "cannot listen on [::]:0: this machine has no IPv6",
                "--host 0.0.0.0");
    }

    @Test
    void aStackTraceIsForThoseWhoAskForIt() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JarProcess process = JarProcess.start("--verbose", "--port", Integer.toString(other.getLocalPort()))) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.err()).anyMatch(line -> line.startsWith("\tat org.reactorserver."));
        }
    }

    @Test
    void theEnvironmentIsReadLikeOptions() throws IOException {
        assertFails(
                2,
                JarProcess.command().environment("REACTOR_PORT", "abc").start(),
                "'--port'",
                "'abc' is not a whole number",
                "REACTOR_PORT");
        try (JarProcess server = JarProcess.command()
                        .environment("REACTOR_PORT", "1") // the command line goes first
                        .environment("REACTOR_FRAMING", "line")
                        .environment("REACTOR_ECHO", "true")
                        .serve();
                Peer peer = new Peer(server)) {
            assertThat(peer.send("ab\ncd\n").receiveLine()).as("%s", server).isEqualTo("ab");
            assertThat(peer.receiveLine()).isEqualTo("cd");
        }
    }

    @Test
    void theEnvironmentIsReadWhereThereIsNoOptionAtAll() {
        try (JarProcess server =
                        JarProcess.command().environment("REACTOR_PORT", "0").start();
                Peer peer = new Peer(server)) {
            assertThat(peer.send("客户端").receive()).as("%s", server).isEqualTo("收到客户端信息");
        }
    }

    @Test
    void whatKubernetesSetsForAServiceOfThisNameIsIgnoredAndExplained() {
        try (JarProcess server = JarProcess.command()
                        .environment("REACTOR_PORT", "tcp://127.0.0.1:8888")
                        .environment("REACTOR_SERVICE_HOST", "127.0.0.1")
                        .environment("REACTOR_MAX_MESAGE", "1MiB")
                        .serve();
                Peer peer = new Peer(server)) {
            assertThat(peer.send("客户端").receive()).as("%s", server).isEqualTo("收到客户端信息");
            server.awaitErr(line -> line.contains("WARN Kubernetes sets REACTOR_PORT, REACTOR_SERVICE_HOST "));
            server.awaitErr(
                    line -> line.contains("REACTOR_MAX_MESAGE") && line.contains("did you mean REACTOR_MAX_MESSAGE?"));
        }
    }

    @Test
    void aGapWithoutPlacesIsWarnedOf() {
        try (JarProcess server = JarProcess.serve("--session-gap", "1s")) {
            server.awaitErr(line -> line.contains("WARN --session-gap does nothing without --active-sessions"));
        }
    }

    @Test
    void whatIsInForceIsPrintedAndNothingIsServed() {
        try (JarProcess process =
                JarProcess.command().environment("REACTOR_FRAMING", "line").start("--print-config", "-p", "0")) {
            assertThat(process.exitCode()).as("%s", process).isZero();
            assertThat(process.out())
                    .startsWith("# from the command line", "port=0", "", "# from REACTOR_FRAMING", "framing=line");
            assertThat(process.err()).isEmpty();
        }
    }

    @Test
    void theFileIsReadLikeOptionsAndCountsLeast() throws IOException {
        Path file = Files.createTempFile("reactor", ".properties");
        try {
            Files.writeString(file, "port=1\nframing=line\nreply=from the file\nmax-message=1MiB\n");
            try (JarProcess server = JarProcess.command()
                            .environment("REACTOR_CONFIG", file.toString())
                            .environment("REACTOR_REPLY", "from the environment")
                            .serve();
                    Peer peer = new Peer(server)) {
                assertThat(peer.send("message\n").receiveLine())
                        .as("%s", server)
                        .isEqualTo("from the environment");
                server.awaitErr(line -> line.contains("serving: line framing"));
                server.awaitErr(line -> line.contains("limits: message 1MiB"));
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void noReplyHandlesMessagesAndSendsNothing() {
        try (JarProcess server = JarProcess.serve("--framing", "line", "--no-reply");
                Peer peer = new Peer(server)) {
            assertThat(peer.send("one\ntwo\n").endOutput().receiveAll())
                    .as("%s", server)
                    .isEmpty();
            server.awaitOut(line -> line.startsWith("< 1 ") && line.endsWith(" two"));
            assertThat(server.terminate().exitCode()).as("%s", server).isEqualTo(143);
            assertThat(server.err()).anyMatch(line -> line.contains("0 messages and 0 replies dropped"));
        }
    }

    @Test
    void anOptionPutsItsRivalsInTheEnvironmentOutOfForce() {
        try (JarProcess server = JarProcess.command()
                        .environment("REACTOR_REPLY", "from the environment")
                        .serve("--echo");
                Peer peer = new Peer(server)) {
            assertThat(peer.send("客户端").receive()).as("%s", server).isEqualTo("客户端");
        }
    }

    @Test
    void anArgumentThatTheLocaleCannotReadIsRefused() {
        assertFails(
                2,
                JarProcess.command().environment("LC_ALL", "C").start("--reply", "收到"),
                "an argument cannot be read in this locale");
    }

    /** Without an option nothing is parsed, so the library's defaults are the command line's. */
    @Test
    void theDefaultsOfTheOptionsAreThoseOfTheLibrary() throws IOException {
        try (JarProcess process = JarProcess.serve();
                ReactorServer library = ReactorServer.builder(Framing.chunks())
                        .port(0)
                        .handler((session, message) -> {})
                        .start()) {
            library.inForce().forEach((name, value) -> {
                String expected = withoutHeap("[selector] INFO " + name + ": " + value);
                process.awaitErr(line -> withoutHeap(line).endsWith(expected));
            });
        }
    }

    /** What all sessions together may hold, and one of them, is a part of the heap, which is another one here. */
    private static String withoutHeap(String line) {
        return line.replaceAll("\\S+( B)? (for all|per session)", "");
    }

    @Test
    void virtualThreadsServeWhereThereAreAny() throws IOException {
        assumeTrue(Runtime.version().feature() >= 21, "this Java has no virtual threads");
        try (JarProcess server = JarProcess.serve("--workers", "virtual", "--trace");
                Peer peer = new Peer(server)) {
            assertThat(peer.send("客户端").receive()).as("%s", server).isEqualTo("收到客户端信息");
            server.awaitErr(line -> line.contains("[worker-") && line.contains("session 1: handled"));
        }
    }

    @Test
    void helpIsShownOnStdout() {
        try (JarProcess help = JarProcess.start("--help");
                JarProcess serve = JarProcess.start("serve", "--help")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).anyMatch(line -> line.startsWith("Usage: reactor-server "));
            assertThat(help.err()).isEmpty();
            assertThat(serve.exitCode()).isZero();
            assertThat(serve.out()).anyMatch(line -> line.strip().equals("Default: 8888"));
            assertThat(serve.err()).isEmpty();
        }
    }
}
