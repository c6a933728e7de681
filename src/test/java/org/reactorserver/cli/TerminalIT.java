package org.reactorserver.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;
import org.reactorserver.helper.Programs;

/** What is seen on a terminal, which {@code script} makes, in locales that {@code localedef} makes. */
@Timeout(120)
class TerminalIT {
    private static final Charset GBK = Charset.forName("GBK");

    @TempDir
    Path locales;

    private static boolean has(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    private void makeLocale(String language, String charset) throws Exception {
        assumeTrue(has("localedef") && has("script"), "no localedef, no script");
        Process process = new ProcessBuilder(
                        "localedef",
                        "-i",
                        language,
                        "-f",
                        charset,
                        locales.resolve(language + "." + charset).toString())
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        process.waitFor();
        assumeTrue(Files.exists(locales.resolve(language + "." + charset)), "no locale " + language + "." + charset);
    }

    private ProcessBuilder builder(String locale, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("REACTOR_") || name.startsWith("LC_"));
        builder.environment().put("LOCPATH", locales.toString());
        builder.environment().put("LC_ALL", locale);
        builder.environment().put("TERM", "xterm");
        return builder;
    }

    private static List<String> onTerminal(String arguments) {
        String command =
                "%s -XX:TieredStopAtLevel=1 -jar %s %s".formatted(Programs.jdk("java"), Programs.jar(), arguments);
        return List.of("script", "-qefc", command, "/dev/null");
    }

    private static byte[] output(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            return out.readAllBytes();
        } finally {
            process.destroy();
        }
    }

    @Test
    void aTerminalGetsItsOwnCharsetAndAPipeGetsUtf8() throws Exception {
        makeLocale("zh_CN", "GBK");
        makeLocale("de_DE", "ISO-8859-1");
        try (JarProcess server = JarProcess.serve()) {
            String client = "client --count 1 --port " + server.port();
            String answer = "client 1 received: 收到客户端信息";
            assertThat(new String(output(builder("zh_CN.GBK", onTerminal(client))), GBK))
                    .contains(answer);
            assertThat(new String(output(builder("de_DE.ISO-8859-1", onTerminal(client))), ISO_8859_1))
                    .contains("client 1 received: \\u6536\\u5230\\u5ba2\\u6237\\u7aef\\u4fe1\\u606f");
            List<String> piped = List.of(
                    Programs.jdk("java"),
                    "-jar",
                    Programs.jar(),
                    "client",
                    "--count",
                    "1",
                    "--port",
                    "" + server.port());
            assertThat(new String(output(builder("zh_CN.GBK", piped)), UTF_8)).contains(answer);
            assertThat(new String(output(builder("de_DE.ISO-8859-1", piped)), UTF_8))
                    .contains(answer);
        }
    }

    /** In a Chinese locale a usage error is in Chinese, in the charset of the terminal. */
    @Test
    void theListOfDemosIsInTheLanguageOfTheLocale() throws Exception {
        makeLocale("zh_CN", "GBK");
        assertThat(new String(output(builder("zh_CN.GBK", onTerminal("demo"))), GBK))
                .contains("半关闭");
        assertThat(new String(output(builder("zh_CN.GBK", onTerminal("demo --lang en"))), GBK))
                .contains("half-close");
    }

    @Test
    void theTraceAndTheTranscriptAreOneStoryOnATerminal() throws Exception {
        assumeTrue(has("script"), "no script");
        Process process = builder("C.UTF-8", onTerminal("--port 0 --trace")).start();
        StringBuilder seen = new StringBuilder();
        try {
            boolean hasCalled = false;
            while (!seen.toString().contains("- 1 ")) {
                byte[] some = new byte[4096];
                int count = process.getInputStream().read(some);
                assertThat(count).as("%s", seen).isPositive();
                seen.append(new String(some, 0, count, ISO_8859_1));
                int ready = seen.indexOf("listening on 127.0.0.1:");
                int end = seen.indexOf("\r", Math.max(0, ready));
                if (!hasCalled && ready >= 0 && end >= 0) {
                    int port = Integer.parseInt(seen.substring(ready + "listening on 127.0.0.1:".length(), end));
                    call(port);
                    hasCalled = true;
                }
            }
        } finally {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        String story = new String(seen.toString().getBytes(ISO_8859_1), UTF_8);
        assertThat(story)
                .containsSubsequence("─ pass 1", "accept → 127.0.0.1:", "+ 1 127.0.0.1:", "decoded \"hello\"", "< 1 ");
        assertThat(story).contains("\033[38;5;63m[selector]", "            [worker-1]   session 1: taken");
    }

    private static void call(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            assertThat(socket.getInputStream().read()).isPositive();
        }
    }

    @Test
    void whatIsProbablyGbkIsSaidToBe() {
        try (JarProcess server = JarProcess.serve();
                Peer peer = new Peer(server)) {
            peer.trySend("客户端1".getBytes(GBK));
            server.awaitErr(
                    line -> line.endsWith("the message is not UTF-8, and probably GBK, \"客户端1\": --charset GBK"));
            server.awaitOut(line -> line.startsWith("- 1 ") && line.endsWith("closed: invalid UTF-8"));
        }
    }
}
