package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.helper.InheritProbe;
import org.reactorserver.helper.Shell;

/** What stands at file 0 when the process starts; Java cannot start one like that, Python can. */
@Timeout(300)
class InheritTest {
    private static final String START = """
            import socket, subprocess, sys
            %s
            subprocess.run(sys.argv[1:], stdin=f)
            """;

    private static List<String> run(String makesF) throws IOException, InterruptedException {
        assumeTrue(Shell.has("python3", "--version"), "no Python here");
        Process process = new ProcessBuilder(
                        "python3",
                        "-c",
                        START.formatted(makesF),
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InheritProbe.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return all.lines().toList();
    }

    @Test
    void aSocketThatListens() throws Exception {
        List<String> lines = run("""
                f = socket.create_server(('127.0.0.1', 0))
                c = socket.create_connection(f.getsockname())""");
        assertThat(lines.get(0)).matches("listening at 127\\.0\\.0\\.1:\\d+, inherited: true, found: true");
        assertThat(lines).last().isEqualTo("still heard");
    }

    @Test
    void aUnixSocketThatListens() throws Exception {
        List<String> lines = run("""
                import tempfile
                path = tempfile.mkdtemp() + '/s'
                f = socket.socket(socket.AF_UNIX)
                f.bind(path)
                f.listen()""");
        assertThat(lines.get(0)).matches("listening at unix:/\\S+/s, inherited: true, found: false");
        assertThat(lines).last().isEqualTo("still heard");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f = socket.socketpair()[0]                                                                   | a connection
            s = socket.create_server(('127.0.0.1', 0)); f = socket.create_connection(s.getsockname())    | a connection
            f = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); f.bind(('127.0.0.1', 0))               | a datagram socket
            f = open('/dev/null')                                                                        | no socket
            f = subprocess.PIPE                                                                          | no socket
            """)
    void anythingElse(String makesF, String what) throws Exception {
        assertThat(run(makesF))
                .containsExactly(
                        "cannot listen on inherit: file 0 is " + what + ", expected a socket that listens, as a systemd"
                                + " socket unit with Accept=no passes it to a service with StandardInput=socket",
                        "still heard");
    }
}
