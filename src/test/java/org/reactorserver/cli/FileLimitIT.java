package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;

/** Where the limit of open files is reached. */
class FileLimitIT {

    @Test
    void moreConnectionsThanFilesAreNotPromised() {
        try (JarProcess server = JarProcess.command().fileLimit(500).serve("--max-connections", "1000000")) {
            server.awaitErr(line -> line.contains("1000000 connections were asked for,"
                    + " but only 500 files may be open: 468 connections are allowed"));
        }
    }

    @Test
    void whoComesWithoutAFreeFileWaitsUntilOneIsFree() {
        long began = System.nanoTime();
        try (JarProcess server = JarProcess.command()
                .withTestClasses()
                .fileLimit(120)
                .serve("--handler", "example.Handlers$FileHog", "--transcript", "all")) {
            List<Peer> peers = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    peers.add(new Peer(server).send("message " + i));
                }
                server.awaitErr(line -> line.contains("accept failed") && line.contains("Too many open files"));
                server.awaitOut(10, line -> line.startsWith("+ ")); // the transcript comes later
                int connected = connections(server);
                assertThat(connected).as("connections; %s", server).isBetween(10, 100);
                for (int i = 0; i < 300; i++) { // the first are in; for each that goes one comes in
                    assertThat(peers.get(i).receive()).as("%s", server).isEqualTo("message " + i);
                    if (i < connected) {
                        assertThat(peers.get(i).send("again").receive()).isEqualTo("again");
                    }
                    peers.get(i).close();
                }
            } finally {
                for (Peer peer : peers) {
                    peer.close();
                }
            }
            server.awaitOut(300, line -> line.startsWith("- "));
            long seconds = (System.nanoTime() - began) / 1_000_000_000;
            assertThat(server.err())
                    .filteredOn(line -> line.contains("accept failed"))
                    .hasSizeLessThanOrEqualTo((int) seconds + 2);
        }
    }

    private static int connections(JarProcess server) {
        return (int) server.out().stream().filter(line -> line.startsWith("+ ")).count();
    }
}
