package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;

/** {@code serve --active-sessions}: the synchronised server. */
class SessionsIT {
    private static final long MILLI = 1_000_000;

    @Test
    void oneIsServedFromItsMessageToItsEndBeforeTheNextOneIsRead() {
        try (JarProcess server = JarProcess.serve("--active-sessions", "1", "--session-gap", "300ms")) {
            List<Peer> peers = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            try {
                for (int id = 1; id <= 3; id++) { // all are there, and all have spoken
                    peers.add(new Peer(server).send("客户端" + id));
                    String connected = "+ " + name(id, peers) + "connected";
                    server.awaitOut(connected::equals);
                }
                long began = System.nanoTime();
                for (int id = 1; id <= 3; id++) {
                    assertThat(peers.get(id - 1).receive()).as("%s", server).isNotEmpty();
                    peers.get(id - 1).close();
                    expected.add("< " + name(id, peers) + "客户端" + id);
                    expected.add("- " + name(id, peers) + "closed: end of stream");
                }
                assertThat(System.nanoTime() - began)
                        .as("two gaps between three sessions")
                        .isGreaterThanOrEqualTo(2 * 300 * MILLI);
            } finally {
                for (Peer peer : peers) {
                    peer.close();
                }
            }
            server.awaitOut(expected.get(5)::equals);
            assertThat(server.out())
                    .filteredOn(line -> line.startsWith("<") || line.startsWith("-"))
                    .isEqualTo(expected);
        }
    }

    private static String name(int id, List<Peer> peers) {
        return id + " " + peers.get(id - 1).address() + " ";
    }
}
