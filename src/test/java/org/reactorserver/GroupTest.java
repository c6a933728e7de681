package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactorserver.engine.EngineProbe;
import org.reactorserver.framing.Framing;

/** Sessions that are sent to together. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String LONG = "x".repeat(9_000);

    private final List<String> told = new ArrayList<>();

    private static List<TestClient> connect(HandRun server, int count) throws Exception {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(server.connect(5_000));
        }
        server.settle();
        return clients;
    }

    @Test
    void itsMembersGetWhatIsSentToItAndNobodyElseDoes() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            List<TestClient> clients = connect(server, 3);
            Group group = server.engine().group("room");
            assertThat(group.send("nobody")).isZero();
            assertThat(group.join(server.session(0))).isTrue();
            assertThat(group.join(server.session(1))).isTrue();
            assertThat(group.join(server.session(1))).as("twice").isTrue();
            assertThat(group.size()).isEqualTo(2);
            assertThat(group.members()).containsExactlyInAnyOrder(server.session(0), server.session(1));
            assertThat(group.send("both")).isEqualTo(2);
            assertThat(group.leave(server.session(1))).isTrue();
            assertThat(group.leave(server.session(1))).isFalse();
            assertThat(group.send(new byte[] {'o', 'n', 'e'})).isEqualTo(1);
            assertThat(server.engine().everyone().send("all")).isEqualTo(3);
            server.settle();
            assertThat(clients.get(0).lines(3)).containsExactly("both", "one", "all");
            assertThat(clients.get(1).lines(2)).containsExactly("both", "all");
            assertThat(clients.get(2).lines(1)).containsExactly("all");
            TestClient.closeAll(clients);
        }
    }

    @Test
    void aSessionLeavesBeforeItsEndIsToldAndAnEmptyGroupIsNotThere() throws Exception {
        Group[] group = new Group[1];
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Session session, String message) {
                group[0].join(session);
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                told.add(group[0].size() + " left, " + group[0].send("somebody has gone"));
                assertThat(group[0].join(session)).as("too late").isFalse();
            }
        };
        try (HandRun server = new HandRun(HandRun.lines(handler))) {
            group[0] = server.engine().group("room");
            List<TestClient> clients = connect(server, 2);
            assertThat(EngineProbe.groups(server.engine())).isZero();
            for (TestClient client : clients) {
                client.send("join\n");
            }
            server.until("both are in", () -> group[0].size() == 2);
            assertThat(EngineProbe.groups(server.engine())).isOne();
            clients.get(0).leave();
            server.untilClosed(1);
            server.settle();
            assertThat(clients.get(1).line()).isEqualTo("somebody has gone");
            clients.get(1).reset();
            server.untilClosed(2);
            server.settle();
            assertThat(told).containsExactly("1 left, 1", "0 left, 0");
            assertThat(EngineProbe.groups(server.engine())).isZero();
            assertThat(group[0].members()).isEmpty();
            assertThat(server.engine().sessions()).isEmpty();
        }
    }

    /** The handler has no onClose, and the session leaves all the same. */
    @Test
    void aSessionLeavesAllItsGroups() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            for (int i = 0; i < 10; i++) {
                server.engine().group("room " + i).join(server.session(0));
            }
            assertThat(EngineProbe.groups(server.engine())).isEqualTo(10);
            client.leave();
            server.untilClosed(1);
            server.settle();
            assertThat(EngineProbe.groups(server.engine())).isZero();
        }
    }

    @Test
    void whoLeavesGetsWhatWasSentBefore() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            Group group = server.engine().group("room");
            group.join(server.session(0));
            group.send("last");
            group.leave(server.session(0));
            assertThat(server.line(client)).isEqualTo("last");
        }
    }

    @Test
    void slowMembersAreSkippedOrEnded() throws Exception {
        try (HandRun server =
                new HandRun(HandRun.echo().highWater(10_000).outboxLimit(30_000).sendBuffer(10_000))) {
            List<TestClient> clients = connect(server, 2);
            Session slow = server.session(0);
            Group group = server.engine().group("quotes");
            group.join(slow);
            group.join(server.session(1));
            while (slow.isWritable()) {
                slow.send(LONG);
                server.settle();
            }
            assertThat(group.skippingSlow().send("quote")).isOne();
            assertThat(server.stats().messagesSkipped()).isOne();
            server.settle();
            assertThat(clients.get(1).line()).isEqualTo("quote");
            assertThat(server.reason(1)).isNull();
            while (group.send(LONG) == 2) {
                server.settle();
                clients.get(1).line();
            }
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.OUTBOX_FULL);
            assertThat(server.reason(2)).isNull();
            TestClient.closeAll(clients);
        }
    }

    /** However many members there are; but for what the loop's own thread takes for a pass. */
    @Test
    void aSendAllocatesNothingPerMember() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            List<TestClient> clients = connect(server, 60);
            Group few = server.engine().group("few");
            Group many = server.engine().group("many");
            for (int i = 0; i < 60; i++) {
                many.join(server.session(i));
                if (i < 10) {
                    few.join(server.session(i));
                }
            }
            for (int i = 0; i < 200; i++) { // until all is compiled, or at least loaded
                allocatedBy(server, few);
                allocatedBy(server, many);
            }
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 50; i++) {
                least = Math.min(least, allocatedBy(server, many) - allocatedBy(server, few));
            }
            assertThat(least).as("bytes for 50 members more").isLessThan(50 * 16);
            TestClient.closeAll(clients);
        }
    }

    private static long allocatedBy(HandRun server, Group group) throws Exception {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        group.send("a quote of some length");
        server.pass();
        server.pass();
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    /** Several threads send at once, members come and go: those that stay get all, in one order. */
    @ParameterizedTest
    @MethodSource("org.reactorserver.Place#all")
    void allGetEverythingInTheSameOrder(Place place) throws Exception {
        MessageHandler handler = (session, message) -> session.send("joined");
        try (ReactorServer server = place.in(ReactorServer.builder(Framing.lines()))
                .port(0)
                .handler(handler)
                .start()) {
            List<TestClient> clients = TestClient.several(5, server.port());
            for (TestClient client : clients) {
                client.send("hello\n").line();
            }
            Group group = server.group("room");
            List<Session> sessions = List.copyOf(server.sessions());
            assertThat(sessions).hasSize(5);
            sessions.subList(0, 4).forEach(group::join);
            CountDownLatch done = new CountDownLatch(3);
            for (int i = 0; i < 2; i++) {
                String name = "sender " + i + ": ";
                new Thread(() -> {
                            for (int message = 0; message < 2_000; message++) {
                                group.send(name + message);
                            }
                            done.countDown();
                        })
                        .start();
            }
            new Thread(() -> {
                        for (int i = 0; i < 2_000; i++) {
                            group.join(sessions.get(4));
                            group.leave(sessions.get(4));
                        }
                        done.countDown();
                    })
                    .start();
            done.await();
            List<Integer> ports =
                    sessions.stream().map(each -> each.peer().getPort()).toList();
            List<String> first = null;
            for (TestClient client : clients) {
                if (ports.indexOf(client.port()) == 4) {
                    continue;
                }
                List<String> lines = client.lines(4_000);
                first = first == null ? lines : first;
                assertThat(lines).isEqualTo(first);
            }
            for (int i = 0; i < 2; i++) {
                String name = "sender " + i;
                assertThat(first.stream().filter(line -> line.startsWith(name)))
                        .hasSize(2_000)
                        .isSortedAccordingTo((a, b) -> Integer.compare(number(a), number(b)));
            }
            TestClient.closeAll(clients);
        }
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(line.indexOf(": ") + 2));
    }

    @Test
    void misuseIsRefusedByName() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                HandRun other = new HandRun(HandRun.echo());
                TestClient client = other.connect()) {
            Group group = server.engine().group("room");
            assertThatThrownBy(() -> server.engine().group(null)).hasMessage("group(null): expected a name");
            assertThatThrownBy(() -> group.join(null)).hasMessage("join(null): expected a session");
            assertThatThrownBy(() -> group.join(other.session(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("join: session 1 ")
                    .hasMessageEndingWith(" is not one of this server's");
            assertThatThrownBy(() -> group.send("two\nlines")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> server.engine().everyone().leave(null))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith("leave: a session is in the group of everyone");
            assertThatThrownBy(() -> server.engine().sessions().clear())
                    .isInstanceOf(UnsupportedOperationException.class);
            client.leave();
        }
    }

    @Test
    void aGroupSaysItsName() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            Group group = server.engine().group("room");
            assertThat(group.name()).isEqualTo("room");
            assertThat(group.skippingSlow().name()).isEqualTo("room");
            assertThat(group).hasToString("group room");
            Group everyone = server.engine().everyone();
            assertThat(everyone.skippingSlow().name()).isEqualTo(everyone.name());
        }
    }

    @Test
    void aSessionThatIsToEndJoinsNothing() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo())) {
            List<TestClient> clients = connect(server, 1);
            Session session = server.session(0);
            Group group = server.engine().group("room");
            session.close();
            assertThat(group.join(session)).isFalse();
            assertThat(group.size()).isZero();
            assertThat(group.leave(session)).isFalse();
            TestClient.closeAll(clients);
        }
    }
}
