package org.reactorserver.helper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that is restarted while clients open a connection for each request, and its listening socket is passed on
 * from one process to the next, as systemd does it with a socket unit. Java cannot pass one on, so a launcher in Python
 * does.
 */
public final class InheritedRestart {
    private static final Duration PATIENCE = Duration.ofMinutes(10); // on a machine that others use
    private static final Pattern PORT = Pattern.compile("port ([0-9]+)");
    private static final String READY = "ready";
    private static final String LAUNCHER = """
            import socket, subprocess, sys
            listener = socket.create_server(('127.0.0.1', 0), backlog=1024)
            print('port', listener.getsockname()[1], flush=True)
            for command in ['start'] + ['restart'] * int(sys.argv[1]):
                server = subprocess.Popen(sys.argv[2:], stdin=listener, stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, text=True)
                for line in server.stdout:
                    if line.startswith('reactor-server listening on '):
                        break
                    print(line, end='', flush=True)
                print('ready', flush=True)
                sys.stdin.readline()
                server.terminate()
                print(server.stdout.read(), end='')
                print('ended', server.wait(), flush=True)
            """;

    private final int restarts;
    private final long requests;
    private final Askers askers;
    private final List<String> reports = new ArrayList<>();

    /** So many times, and with so many requests at least. */
    public InheritedRestart(int restarts, long requests) {
        this.restarts = restarts;
        this.requests = requests;
        this.askers = new Askers(requests);
    }

    public static boolean isPossible() {
        return Shell.has("python3", "--version");
    }

    public long answered() {
        return askers.answered();
    }

    /** What became of each request that was not answered. */
    public List<String> lost() {
        return askers.lost();
    }

    /** What the drain of each process has printed, in a line. */
    public List<String> reports() {
        return reports;
    }

    /** Returns when all restarts are done and the requests have been made; the restarts are spread over these. */
    public void run() throws InterruptedException {
        try (ChildProcess launcher = ChildProcess.start(
                "python3",
                "-c",
                LAUNCHER,
                Integer.toString(restarts),
                Programs.jdk("java"),
                "-XX:+UseSerialGC",
                "-jar",
                Programs.jar(),
                "serve",
                "--listen",
                "inherit",
                "--framing",
                "line",
                "--echo",
                "--transcript",
                "off")) {
            Matcher port = PORT.matcher(launcher.awaitOut(PORT.asMatchPredicate()));
            if (!port.matches()) {
                throw new AssertionError("cannot be");
            }
            askers.start(Integer.parseInt(port.group(1))); // they may wait: the kernel listens already
            for (int i = 1; i <= restarts; i++) {
                launcher.awaitOut(i, READY::equals);
                long enough = requests * i / (restarts + 1);
                Await.until("requests between restarts", PATIENCE, () -> askers.answered() >= enough);
                launcher.tell("again");
            }
            launcher.awaitOut(restarts + 1, READY::equals);
            askers.finish();
            launcher.tell("end");
            launcher.exitCode();
            reports.addAll(launcher.out().stream()
                    .filter(line -> line.contains(" drained ") || line.startsWith("ended "))
                    .toList());
        } finally {
            askers.hurry();
        }
    }
}
