package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Peer;

/** {@code serve} of the packaged jar, as its clients see it. */
class ServeIT {
    private static final String REPLY = "收到客户端信息";

    @Test
    void saysOnceThatItIsReadyAndCanThenBeConnectedTo() {
        try (JarProcess server = JarProcess.start("--port", "0")) {
            try (Peer peer = new Peer(server)) {
                assertThat(peer.send("客户端1连接成功").receive()).as("%s", server).isEqualTo(REPLY);
            }
            server.awaitOut(line -> line.startsWith("- 1 "));
            server.terminate().exitCode();
            assertThat(server.out())
                    .filteredOn(line -> line.contains("listening"))
                    .hasSize(1);
            assertThat(server.out().get(0)).matches("reactor-server listening on 127.0.0.1:\\d+");
        }
    }

    @Test
    void writesDownWhoComesWhatIsSaidAndWhoLeaves() {
        try (JarProcess server = JarProcess.serve()) {
            List<String> expected = new ArrayList<>();
            for (int id = 1; id <= 3; id++) {
                try (Peer peer = new Peer(server)) {
                    assertThat(peer.send("客户端" + id + "连接成功").receive())
                            .as("%s", server)
                            .isEqualTo(REPLY);
                    String name = " " + id + " " + peer.address() + " ";
                    expected.add("+" + name + "connected");
                    expected.add("<" + name + "客户端" + id + "连接成功");
                    expected.add("-" + name + "closed: end of stream");
                }
                String last = expected.get(expected.size() - 1);
                server.awaitOut(last::equals); // so that the next one comes after it
            }
            assertThat(server.out().subList(1, server.out().size())).isEqualTo(expected);
        }
    }

    @Test
    void servesManyClientsAtTheSameTime() {
        try (JarProcess server = JarProcess.serve("--transcript", "off")) {
            List<Peer> peers = new ArrayList<>();
            try {
                for (int i = 0; i < 500; i++) {
                    peers.add(new Peer(server).send("客户端" + i + "连接成功"));
                }
                for (Peer peer : peers) {
                    assertThat(peer.receive()).as("%s", server).isEqualTo(REPLY);
                }
            } finally {
                for (Peer peer : peers) {
                    peer.close();
                }
            }
            assertThat(server.out()).hasSize(1); // the ready line: there is no transcript
        }
    }
}
