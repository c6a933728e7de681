package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;

/** What a handler, or any other thread, can do with a session, and what the handler gets of it. */
@Timeout(120)
class SessionTest {
    private final Witness witness = new Witness();

    private ReactorServer.Builder server(MessageHandler handler) {
        return ReactorServer.builder(Framing.lines()).port(0).observer(witness).handler(handler);
    }

    private Session session(int index) throws InterruptedException {
        witness.await("session " + (index + 1), () -> witness.connected.size() > index);
        return witness.connected.get(index);
    }

    @Test
    void anyThreadMaySendAndWhatOneThreadSendsStaysInOrder() throws Exception {
        int threads = 4;
        int messages = 1_000;
        try (ReactorServer server = server(Session::send).start();
                TestClient client = TestClient.of(server)) {
            Session session = session(0);
            AtomicInteger taken = new AtomicInteger();
            for (int t = 0; t < threads; t++) {
                int number = t;
                new Thread(() -> {
                            for (int i = 0; i < messages; i++) {
                                if (session.send(number + " " + i)) {
                                    taken.incrementAndGet();
                                }
                            }
                        })
                        .start();
            }
            int[] next = new int[threads];
            for (int i = 0; i < threads * messages; i++) {
                String[] line = client.line().split(" ");
                int thread = Integer.parseInt(line[0]);
                assertThat(Integer.parseInt(line[1])).isEqualTo(next[thread]++);
            }
            assertThat(taken).hasValue(threads * messages);
            client.send("and the handler too\n");
            assertThat(client.line()).isEqualTo("and the handler too");
        }
    }

    @Test
    void whatWasSentBeforeACloseIsFlushedAndWhatIsSentAfterItIsRefused() throws Exception {
        List<Boolean> taken = Collections.synchronizedList(new ArrayList<>());
        String large = "x".repeat(500_000);
        MessageHandler handler = (session, message) -> {
            taken.add(session.send(large));
            session.close();
            taken.add(session.send("too late"));
            session.close();
        };
        try (ReactorServer server = server(handler).start();
                TestClient client = new TestClient(server.port(), "127.0.0.1", 4_096)) {
            client.send("bye\nand this is dropped\n");
            assertThat(client.rest()).isEqualTo(large + "\n");
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(taken).containsExactly(true, false);
        }
    }

    @Test
    void anyThreadMayClose() throws Exception {
        try (ReactorServer server = server(Session::send).start();
                TestClient client = TestClient.of(server)) {
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            session(0).close();
            assertThat(client.rest()).isEmpty();
            client.leave();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.CLOSED_BY_APPLICATION);
            assertThat(session(0).send("too late")).isFalse();
        }
    }

    @Test
    void nothingIsTakenForASessionThatHasEndedItsOwnStream() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            client.send("fine\n").send((byte) 0xFF, (byte) '\n');
            assertThat(server.line(client)).isEqualTo("fine");
            assertThat(server.line(client)).startsWith("error: ");
            server.settle();
            assertThat(client.rest()).as("the server has ended its stream").isEmpty();
            assertThat(server.reason(1)).as("and lingers").isNull();
            assertThat(server.session(0).send("too late")).isFalse();
            server.settle();
            assertThat(server.reason(1)).as("and still lingers").isNull();
            client.leave();
            assertThat(server.untilClosed(1)).isEqualTo(CloseReason.INVALID_UTF8);
            assertThat(server.stats().repliesDropped()).isZero();
        }
    }

    @Test
    void aTextThatIsNoLineIsRefusedWithoutHarm() throws Exception {
        try (ReactorServer server = server(Session::send).start();
                TestClient client = TestClient.of(server)) {
            Session session = session(0);
            assertThatIllegalArgumentException().isThrownBy(() -> session.send("two\nlines"));
            assertThat(session.send("one line")).isTrue();
            assertThat(client.line()).isEqualTo("one line");
        }
    }

    @Test
    void aReplyToOneWhoHasLeftNeverReachesAnother() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        MessageHandler handler = (session, message) -> {
            if (message.equals("secret, please")) {
                asked.countDown();
                assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
            }
            session.send(message);
        };
        try (ReactorServer server = server(handler).workers(2).start()) {
            TestClient departed = TestClient.of(server).send("secret, please\n");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            departed.reset();
            assertThat(witness.awaitClosed(1)).isEqualTo(CloseReason.CONNECTION_LOST);
            List<TestClient> others = TestClient.several(50, server.port()); // one has its fd
            release.countDown();
            session(50);
            assertThat(session(0).send("a secret")).isFalse();
            for (TestClient other : others) {
                other.send("for me\n").endOutput();
                assertThat(other.rest()).isEqualTo("for me\n");
            }
            TestClient.closeAll(others);
        }
    }

    @Test
    void theHandlerMaySpeakFirstAndHearsOfTheEndLast() throws Exception {
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) {
                calls.add("open " + session.id());
                session.send("welcome");
            }

            @Override
            public void onMessage(Session session, String message) {
                calls.add(message);
            }

            @Override
            public void onClose(Session session, CloseReason reason) {
                calls.add("close " + session.id() + " " + reason);
                calls.add("taken: " + session.send("too late"));
            }
        };
        try (ReactorServer server = server(handler).start()) {
            try (TestClient client = TestClient.of(server)) {
                assertThat(client.line()).isEqualTo("welcome");
                client.send("one\ntwo\n").endOutput();
                assertThat(client.rest()).isEmpty();
            }
        }
        assertThat(calls).containsExactly("open 1", "one", "two", "close 1 end of stream", "taken: false");
    }

    @Test
    void knowsWhereItCameIn() throws Exception {
        try (HandRun server = new HandRun(HandRun.echo());
                TestClient client = server.connect()) {
            server.settle();
            assertThat(server.session(0).localAddress())
                    .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            assertThat(server.line(client.send("there\n"))).isEqualTo("there");
            assertThat(server.session(0).tls()).as("without TLS").isNull();
        }
    }
}
