package org.reactorserver.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.GroupBus;
import org.reactorserver.cluster.Sent;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.Caller;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Instance;
import org.reactorserver.helper.NatsServer;
import org.reactorserver.helper.Ports;
import org.reactorserver.helper.TestKeys;
import org.reactorserver.helper.TlsSockets;

/** Shared groups over a real nats-server. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsTest {
    @TempDir
    Path directory;

    private static GroupBus bus(NatsServer nats) {
        return Nats.bus(nats.url()).build();
    }

    private static void meet(Instance one, Instance two) {
        one.awaitMembers(two, 1);
        two.awaitMembers(one, 1);
    }

    private static void assertShared(Instance one, Instance two) throws IOException {
        Caller anna = one.member();
        Caller ben = two.member();
        meet(one, two);
        one.room.send("hello ü");
        two.room.send("hello back");
        assertThat(anna.line()).isEqualTo("hello ü");
        assertThat(ben.line()).isIn("hello ü", "hello back");
        assertThat(ben.line()).isIn("hello ü", "hello back");
        assertThat(anna.line()).isEqualTo("hello back");
    }

    @Test
    void messagesReachMembersOfAllInstancesOnceAndInOrder() throws Exception {
        try (NatsServer nats = NatsServer.in(directory, "").start();
                Instance one = new Instance("one", bus(nats));
                Instance two = new Instance("two", bus(nats));
                Instance three = new Instance("three", bus(nats))) {
            Caller[] members = {one.member(), two.member(), three.member()};
            meet(one, two);
            meet(two, three);
            meet(one, three);
            for (int i = 0; i < 1_000; i++) {
                assertThat(one.room.share("message " + i)).isEqualTo(new Sent(1, Sent.Elsewhere.QUEUED));
            }
            for (Caller member : members) {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(member.line()).isEqualTo("message " + i);
                }
            }
            assertThat(two.shared.stats().received()).isEqualTo(1_000);
            assertThat(two.shared.stats().missed() + two.shared.stats().stale()).isZero();
            assertThat(one.shared.stats().received()).as("nothing comes back").isZero();
            assertThat(two.room.everywhere()).isEqualTo(Map.of("one", 1, "two", 1, "three", 1));
        }
    }

    /** Five times killed and started: what was sent is what came and what is counted as missed. */
    @Test
    void whatIsMissedWhileTheBusIsKilledAgainAndAgainIsCountedExactly() throws Exception {
        try (NatsServer nats = NatsServer.in(directory, "").start();
                Instance one = new Instance("one", bus(nats));
                Instance two = new Instance("two", bus(nats))) {
            Caller anna = one.member();
            Caller ben = two.member();
            meet(one, two);
            long sent = 0;
            for (int round = 1; round <= 5; round++) {
                for (int i = 0; i < 200; i++) {
                    if (i == 50) {
                        nats.kill();
                    }
                    one.room.send("message " + sent++);
                    assertThat(anna.line()).as("here it goes on").isEqualTo("message " + (sent - 1));
                }
                nats.start();
                one.awaitBackAfter(round);
                two.awaitBackAfter(round);
            }
            one.room.send("end");
            String line = ben.line();
            long came = 0;
            long last = -1;
            while (!line.equals("end")) {
                long number = Long.parseLong(line.substring("message ".length()));
                assertThat(number).isGreaterThan(last);
                last = number;
                came++;
                line = ben.line();
            }
            assertThat(two.shared.stats().missed()).isEqualTo(sent - came).isPositive();
            assertThat(two.shared.stats().received()).isEqualTo(came + 1);
            assertThat(two.shared.stats().interruptions()).isEqualTo(5);
        }
    }

    /** A server that is slow to take in subscriptions: what others send would not come before it has. */
    @Test
    void theBusIsThereOnceItKnowsWhatIsSubscribed() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Instance one = new Instance(
                        "one",
                        Nats.bus("nats://127.0.0.1:" + slow.getLocalPort()).build());
                Socket socket = slow.accept()) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            out.write("INFO {\"server_id\":\"slow\",\"version\":\"2.9.10\",\"proto\":1,\"max_payload\":1048576}\r\n"
                    .getBytes(UTF_8));
            Await.until("CONNECT", ChildProcess.PATIENCE, () -> in.readLine().startsWith("CONNECT "));
            Await.until("PING", ChildProcess.PATIENCE, () -> in.readLine().equals("PING"));
            out.write("PONG\r\n".getBytes(UTF_8));
            Await.until("SUB", ChildProcess.PATIENCE, () -> in.readLine().startsWith("SUB "));
            Await.until(
                    "PING behind it", ChildProcess.PATIENCE, () -> in.readLine().equals("PING"));
            assertThat(one.told).as("before the answer").isEmpty();
            out.write("PONG\r\n".getBytes(UTF_8));
            one.awaitTold("bus up");
        }
    }

    @Test
    void aBusThatIsNotThereAtTheStartIsToldOnceAndJoinedLater() throws Exception {
        try (NatsServer nats = NatsServer.in(directory, "");
                Instance one = new Instance("one", bus(nats));
                Instance two = new Instance("two", bus(nats))) {
            Await.until("it is told", ChildProcess.PATIENCE, () -> !one.told.isEmpty());
            assertThat(one.told.get(0)).startsWith("bus down: ");
            nats.start();
            assertShared(one, two);
            assertThat(one.told).filteredOn(each -> each.startsWith("bus")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization { user: chat, password: secret }", "authorization { token: secret }"})
    void whoHasToSayWhoItIsSaysSoInTheUrl(String authorization) throws Exception {
        String who = authorization.contains("token") ? "secret@" : "chat:secret@";
        try (NatsServer nats = NatsServer.in(directory, authorization).start()) {
            GroupBus first = Nats.bus(nats.url().replace("//", "//" + who)).build();
            GroupBus second = Nats.bus(nats.url().replace("//", "//" + who)).build();
            assertThat(first).hasToString(nats.url());
            try (Instance one = new Instance("one", first);
                    Instance two = new Instance("two", second)) {
                assertShared(one, two);
            }
        }
    }

    @Test
    void whoIsRefusedServesOnAndIsToldWhy() throws Exception {
        try (NatsServer nats = NatsServer.in(directory, "authorization { user: chat, password: secret }")
                        .start();
                Instance one = new Instance("one", bus(nats))) {
            Await.until(
                    "it is told",
                    ChildProcess.PATIENCE,
                    () -> one.told.stream().anyMatch(line -> line.contains("Authorization Violation")));
            one.member();
            assertThat(one.room.share("alone")).isEqualTo(new Sent(1, Sent.Elsewhere.BUS_DOWN));
        }
    }

    /** The server knows the public key alone, and has what only the private one can sign. */
    @Test
    void anNKeyOpensTheBusWithoutBouncyCastle() throws Exception {
        assertThatThrownBy(() -> Class.forName("org.bouncycastle.crypto.Signer"))
                .as("it is not there")
                .isInstanceOf(ClassNotFoundException.class);
        Path file = Files.writeString(directory.resolve("user.nk"), seed() + "\n");
        String publicKey = new String(Credentials.read(file).getID());
        try (NatsServer nats = NatsServer.in(
                                directory, "authorization { users: [ { nkey: %s } ] }".formatted(publicKey))
                        .start();
                Instance one = new Instance(
                        "one", Nats.bus(nats.url()).credentials(file).build());
                Instance two = new Instance(
                        "two", Nats.bus(nats.url()).credentials(file).build())) {
            assertShared(one, two);
        }
    }

    /** With an operator, an account and a user, each vouched for by the one before. */
    @Test
    void aFileOfCredentialsOpensTheBusOfAnOperator() throws Exception {
        Issuer operator = new Issuer(Issuer.Role.OPERATOR);
        Issuer account = new Issuer(Issuer.Role.ACCOUNT);
        Issuer user = new Issuer(Issuer.Role.USER);
        String unlimited = "\"subs\":-1,\"data\":-1,\"payload\":-1,";
        String accountJwt = operator.jwtOf(
                account,
                "\"limits\":{%s\"conn\":-1,\"leaf\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true},"
                        .formatted(unlimited));
        String configuration = "operator: %s%nresolver: MEMORY%nresolver_preload: { %s: %s }"
                .formatted(operator.jwtOf(operator, ""), account.name(), accountJwt);
        Path file =
                Files.writeString(directory.resolve("user.creds"), user.credentials(account.jwtOf(user, unlimited)));
        Path strangers = Files.writeString(
                directory.resolve("stranger.creds"),
                user.credentials(new Issuer(Issuer.Role.ACCOUNT).jwtOf(user, unlimited)));
        try (NatsServer nats = NatsServer.in(directory, configuration).start();
                Instance one = new Instance(
                        "one", Nats.bus(nats.url()).credentials(file).build());
                Instance two = new Instance(
                        "two", Nats.bus(nats.url()).credentials(file).build());
                Instance stranger = new Instance(
                        "three", Nats.bus(nats.url()).credentials(strangers).build())) {
            assertShared(one, two);
            Await.until(
                    "it is told",
                    ChildProcess.PATIENCE,
                    () -> stranger.told.stream().anyMatch(line -> line.contains("Authorization Violation")));
        }
    }

    /** Two clusters of one server each, joined by gateways, or as the leaf of the other one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway { name: A, listen: '127.0.0.1:%d' }"
                        + " | gateway { name: B, listen: '127.0.0.1:-1', gateways: [ { name: A, url: "
                        + "'nats://127.0.0.1:%d' } ] }",
                "leafnodes { listen: '127.0.0.1:%d' } | leafnodes { remotes: [ { url: 'nats://127.0.0.1:%d' } ] }"
            })
    void clustersOfNatsThatAreJoinedAreOneConversation(String both) throws Exception {
        int joint = Ports.freeTcp();
        String[] each = both.formatted(joint, joint).split(" \\| ");
        Path east = Files.createDirectory(directory.resolve("east"));
        Path west = Files.createDirectory(directory.resolve("west"));
        try (NatsServer first = NatsServer.in(east, each[0]).start();
                NatsServer second = NatsServer.in(west, each[1]).start();
                Instance one = new Instance("one", bus(first));
                Instance two = new Instance("two", bus(second))) {
            assertShared(one, two);
            second.kill();
            Await.until(
                    "two is alone",
                    ChildProcess.PATIENCE,
                    () -> !two.shared.stats().busUp());
            for (int i = 0; i < 5; i++) {
                one.room.send("missed");
            }
            second.start();
            two.awaitTold("room missed 5 of one");
        }
    }

    private static String seed() {
        byte[] prefixed = new byte[2 + 32];
        prefixed[0] = (byte) (18 << 3 | 20 >> 2); // S, and a user's
        prefixed[1] = (byte) (20 << 6);
        for (int i = 2; i < prefixed.length; i++) {
            prefixed[i] = (byte) (7 * i);
        }
        return Base32.encode(Base32.withChecksum(prefixed));
    }

    @Test
    void aFileWithoutAKeyIsRefusedWithWhatIsMissing() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.creds"), "nothing");
        assertThatThrownBy(() -> Nats.bus("nats://127.0.0.1:4222").credentials(empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("empty.creds: there is no seed of a user's key");
        String seed = seed();
        char other = seed.charAt(20) == 'A' ? 'B' : 'A';
        Path broken = Files.writeString(
                directory.resolve("broken.creds"), seed.substring(0, 20) + other + seed.substring(21));
        assertThatThrownBy(() -> Nats.bus("nats://127.0.0.1:4222").credentials(broken))
                .hasMessageContaining("checksum is wrong");
    }

    @Test
    void theBusMaySpeakTlsAndItsCertificateIsChecked() throws Exception {
        String tls = "tls { cert_file: \"%s\", key_file: \"%s\" }"
                .formatted(TestKeys.certificate("server"), TestKeys.key("server"));
        try (NatsServer nats = NatsServer.in(directory, tls).start()) {
            String url = "tls://localhost:" + nats.port();
            try (Instance one = new Instance(
                            "one",
                            Nats.bus(url)
                                    .tls(TlsSockets.trusting(TestKeys.certificate("ca")))
                                    .build());
                    Instance two = new Instance(
                            "two",
                            Nats.bus(url)
                                    .tls(TlsSockets.trusting(TestKeys.certificate("ca")))
                                    .build());
                    Instance distrustful = new Instance("three", Nats.bus(url).build())) {
                assertShared(one, two);
                Await.until("it is told", ChildProcess.PATIENCE, () -> !distrustful.told.isEmpty());
                assertThat(distrustful.told.get(0)).startsWith("bus down: ");
                assertThat(distrustful.shared.stats().busUp()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1", "http://127.0.0.1:4222", "nats://", "nats://a b", "nats://x:y@/"})
    void whatIsNoUrlIsRefused(String url) {
        assertThatThrownBy(() -> Nats.bus(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a URL such as nats://127.0.0.1:4222")
                .hasMessageNotContaining("x:y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a.*", "a b", "a.b."})
    void aPrefixIsWords(String prefix) {
        assertThatThrownBy(() -> Nats.bus("nats://127.0.0.1:4222").prefix(prefix))
                .hasMessageContaining("prefix '" + prefix + "'");
    }

    @Test
    void otherPrefixesAreNotHeard() throws Exception {
        try (NatsServer nats = NatsServer.in(directory, "").start();
                Instance one = new Instance("one", bus(nats));
                Instance two = new Instance("two", bus(nats));
                Instance other = new Instance(
                        "other", Nats.bus(nats.url()).prefix("x.reactor").build())) {
            other.member();
            assertShared(one, two);
            assertThat(other.shared.instances()).isEmpty();
            assertThat(one.shared.instances()).containsExactly("two");
        }
    }
}
