package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Cluster;
import org.reactorserver.helper.Crowd;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.NatsServer;
import org.reactorserver.helper.TlsSockets;

/** What docs/scale.md has its reader start, with real processes. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterIT {
    private static final int MEMBERS = Integer.getInteger("cluster.members", 100);

    @TempDir
    Path directory;

    @Test
    void clientsOfAllInstancesHearEachOtherByTls() throws Exception {
        try (Cluster cluster = new Cluster(directory.resolve("cluster"))) {
            assertThat(cluster.run("start"))
                    .contains("nats runs", "one runs", "two runs", "three runs", "haproxy runs");
            assertThat(cluster.run("start")).as("again, which changes nothing").contains("three runs");
            List<BufferedReader> clients = new ArrayList<>();
            for (int i = 0; i < Cluster.INSTANCES.size(); i++) { // leastconn: each at another one
                SSLSocket socket = (SSLSocket) TlsSockets.trusting(cluster.authority())
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), cluster.port());
                socket.setSoTimeout((int) ChildProcess.PATIENCE.toMillis());
                clients.add(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
                socket.getOutputStream().write(("hello of " + i + "\n").getBytes(StandardCharsets.UTF_8));
                for (BufferedReader client : clients) {
                    assertThat(client.readLine()).isEqualTo("hello of " + i);
                }
            }
            for (String name : Cluster.INSTANCES) {
                assertThat(cluster.log(name)).doesNotContain("WARN", "ERROR");
            }
            cluster.run("stop");
            assertThat(cluster.run("status"))
                    .contains("one does not run", "haproxy does not run")
                    .doesNotContain(" runs");
        }
    }

    /** What was killed counts as gone at once, though nobody has waited for its end, and is started again. */
    @Test
    void whatWasKilledIsStartedAgain() throws Exception {
        try (Cluster cluster = new Cluster(directory.resolve("cluster"))) {
            cluster.run("start");
            for (String name : List.of("two", "nats")) {
                cluster.kill(name);
                assertThat(cluster.run("status")).contains(name + " does not run", "one runs");
                assertThat(cluster.run("start")).contains(name + " runs");
            }
        }
    }

    /** NATS keeps 1 MiB for an instance that does not read, and cuts it off then; the rest is in the kernel. */
    @Test
    void whoIsTooSlowForTheBusIsCutOffAndCountsWhatItMissed() throws Exception {
        int said = 600;
        try (NatsServer nats = NatsServer.in(directory, "max_pending: 1048576").start();
                JarProcess one = onBus(nats);
                JarProcess two = onBus(nats);
                Caller talker = new Caller(one.address());
                Caller member = new Caller(two.address())) {
            Await.until(
                    "they know each other",
                    ChildProcess.PATIENCE,
                    () -> one.metric("reactor_bus_instances") == 1 && two.metric("reactor_bus_instances") == 1);
            two.signal("STOP");
            String padding = "x".repeat(60_000);
            for (int i = 0; i < said; i++) {
                talker.send(padding + i + "\n");
                assertThat(talker.line()).as("here it goes on").endsWith("x" + i);
            }
            Await.until(
                    "it is cut off", ChildProcess.PATIENCE, () -> nats.said().contains("Slow Consumer Detected"));
            two.signal("CONT");
            Await.until(
                    "it is back",
                    ChildProcess.PATIENCE,
                    () -> two.metric("reactor_bus_interruptions_total") == 1 && two.metric("reactor_bus_up") == 1);
            talker.send("end\n");
            long heard = 0;
            while (!member.line().equals("end")) {
                heard++;
            }
            assertThat(two.metric("reactor_bus_messages_missed_total"))
                    .isEqualTo(said - heard)
                    .isPositive();
        }
    }

    private static JarProcess onBus(NatsServer nats) {
        return JarProcess.serve(
                "--framing",
                "line",
                "--broadcast",
                "--transcript",
                "off",
                "--admin",
                "127.0.0.1:0",
                "--bus",
                nats.url());
    }

    /** Everybody is disconnected once or more, and finds another instance; who is connected hears everything. */
    @Test
    void whoIsConnectedHearsEverythingThroughARollingRestart() throws Exception {
        try (Cluster cluster = new Cluster(directory.resolve("cluster"))) {
            cluster.run("start");
            cluster.run("stop");
            cluster.withoutTls();
            cluster.run("start");
            try (Crowd crowd = new Crowd(MEMBERS, cluster.port());
                    Crowd.Talker talker = crowd.talker(cluster.port())) {
                talker.sayUntilHeard(crowd);
                Thread restart = new Thread(() -> {
                    try {
                        cluster.run("restart");
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                restart.start();
                int said = 0;
                int lost = 0;
                Crowd.Talker speaking = talker;
                while (restart.isAlive()) {
                    try {
                        speaking.say(1, 20);
                        Thread.sleep(50);
                        said++;
                    } catch (IOException e) { // its instance goes too
                        speaking.close();
                        speaking = crowd.talker(cluster.port());
                        lost++;
                    }
                }
                restart.join();
                speaking.sayUntilHeard(crowd);
                System.out.printf(
                        "rolling restart of three: %d members, %d reconnects, %d messages said, %d lost "
                                + "with the talker's"
                                + " connection, %d missed by all members together, %d wrong%n",
                        crowd.size(), crowd.reconnects(), said, lost, crowd.missed(), crowd.wrong());
                speaking.close();
                assertThat(crowd.reconnects()).isGreaterThanOrEqualTo(MEMBERS);
                assertThat(crowd.wrong()).isZero();
            }
        }
    }
}
