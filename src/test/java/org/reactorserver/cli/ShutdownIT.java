package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;

/** How the server ends, and what it says then. */
class ShutdownIT {
    private static final int SIGTERM = 128 + 15;
    private static final int SIGINT = 128 + 2;
    private static final int SELECTOR_DIED = 70;

    @Test
    void whatWasReadIsAnsweredBeforeTheEnd() {
        try (JarProcess server = JarProcess.serve("--framing", "line", "--echo", "--work", "50ms", "--workers", "10")) {
            List<Peer> peers = new ArrayList<>();
            try {
                for (int p = 0; p < 10; p++) {
                    peers.add(new Peer(server).send(lines(0, 10)));
                }
                for (Peer peer : peers) {
                    assertThat(peer.receiveLine()).as("%s", server).isEqualTo("message 0");
                }
                server.terminate();
                for (Peer peer : peers) {
                    assertThat(peer.receiveAll()).as("%s", server).isEqualTo(lines(1, 10));
                    peer.close();
                }
            } finally {
                for (Peer peer : peers) {
                    peer.close();
                }
            }
            assertThat(server.exitCode()).as("%s", server).isEqualTo(SIGTERM);
            assertThat(server.err())
                    .filteredOn(line -> line.contains("drained"))
                    .singleElement()
                    .asString()
                    .matches(".* drained 10 sessions in \\d+ ms: \\d+ replies flushed,"
                            + " 0 messages and 0 replies dropped, 0 sessions forced.*");
            assertThat(server.out())
                    .filteredOn(line -> line.endsWith("closed: server shutting down"))
                    .hasSize(10);
        }
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "message " + i + "\n").collect(Collectors.joining());
    }

    @Test
    void aSignalThatFollowsTheReadyLineAtOnceIsHeeded() {
        try (JarProcess server = JarProcess.serve()) {
            assertThat(server.terminate().exitCode()).as("%s", server).isEqualTo(SIGTERM);
            assertThat(server.err()).anyMatch(line -> line.contains("drained 0 sessions"));
        }
    }

    @Test
    void ctrlC() throws IOException {
        try (JarProcess server = JarProcess.serve()) {
            assumeTrue(obeysSigint(server), "SIGINT is ignored in this environment");
            server.signal("INT");
            assertThat(server.exitCode()).as("%s", server).isEqualTo(SIGINT);
            assertThat(server.err()).anyMatch(line -> line.contains("drained 0 sessions"));
        }
    }

    /** A process that is started in the background inherits that SIGINT is ignored. */
    private static boolean obeysSigint(JarProcess process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return true;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .noneMatch(line -> (Long.parseLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    @Test
    void aHandlerThatHangsIsWaitedForAsLongAsTheDrainMayTake() {
        try (JarProcess server = JarProcess.command()
                        .withTestClasses()
                        .serve("--handler", "example.Handlers$Hanging", "--drain-timeout", "500ms");
                Peer peer = new Peer(server);
                Peer silent = new Peer(server)) {
            peer.send("one");
            server.awaitOut(line -> line.startsWith("< 1 "));
            server.awaitOut(line -> line.startsWith("+ 2 "));
            long began = System.nanoTime();
            assertThat(server.terminate().exitCode()).as("%s", server).isEqualTo(SIGTERM);
            assertThat((System.nanoTime() - began) / 1e9)
                    .as("seconds; %s", server)
                    .isBetween(0.5, 8.0); // it would be 10 by default, and no limit at all without a default
            assertThat(server.err())
                    .anyMatch(line -> line.contains("drained 2 sessions") && line.contains("1 session forced"));
            assertThat(server.out()).anyMatch(line -> line.startsWith("- 1 "));
            assertThat(server.out()).anyMatch(line -> line.startsWith("- 2 "));
            assertThat(silent.receiveAll()).isEmpty();
        }
    }

    /** A message that grows beyond the heap, because the limit is beyond it, kills the selector thread. */
    @Test
    void aDeadSelectorThreadEndsTheProcess() {
        try (JarProcess server = JarProcess.command()
                        .jvm("-Xmx24m")
                        .serve("--framing", "line", "--max-message", "1GiB", "--request-memory", "1GiB");
                Peer peer = new Peer(server)) {
            byte[] noLineFeed = new byte[1 << 20];
            for (int i = 0; i < 256 && peer.trySend(noLineFeed); i++) {}
            assertThat(server.exitCode()).as("%s", server).isEqualTo(SELECTOR_DIED);
            assertThat(server.err())
                    .anyMatch(line -> line.contains("the selector thread has died; giving up"))
                    .anyMatch(line -> line.contains("java.lang.OutOfMemoryError"));
        }
    }
}
