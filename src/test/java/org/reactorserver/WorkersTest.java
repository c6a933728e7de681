package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the selector thread is woken, and what does not wait for a slow handler. */
@Timeout(60)
class WorkersTest {
    private static final Duration A_LOOK_LATER = Duration.ofMillis(11);

    private HandRun server;

    @Test
    void asManyWorkersAreWokenAsThereAreSessionsAndNoMoreThanThereAre() throws Exception {
        try (HandRun run = new HandRun(HandRun.echo(), 3)) {
            server = run;
            List<TestClient> clients = clientsThatHaveSent(2);
            assertThat(server.turns).hasSize(2);
            clients.addAll(clientsThatHaveSent(2));
            assertThat(server.turns).hasSize(3);
            server.turns.remove().run(); // takes all, before the others come to it
            for (TestClient client : clients) {
                assertThat(server.line(client)).isEqualTo("ping");
            }
            TestClient.closeAll(clients);
            server.turns.forEach(Runnable::run);
        }
    }

    @Test
    void aReplyDoesNotWaitForTheHandlerOfTheNextMessage() throws Exception {
        checkThatReplyIsEarly(() -> {});
    }

    @Test
    void aWorkerThatIsSlowToBeginIsWatchedAllTheSame() throws Exception {
        checkThatReplyIsEarly(() -> {
            server.workersWork = false;
            server.until("handed off", () -> !server.turns.isEmpty());
            server.advance(A_LOOK_LATER);
            server.workersWork = true;
        });
    }

    /** Or the next session of the turn would be taken for one that is stuck, or a stuck one for this. */
    @Test
    void theTimeOfOnOpenBelongsToItsSession() throws Exception {
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onOpen(Session session) throws Exception {
                server.advance(A_LOOK_LATER);
            }

            @Override
            public void onMessage(Session session, String message) {}
        };
        try (HandRun run = new HandRun(HandRun.lines(handler))) {
            server = run;
            server.workersWork = false;
            TestClient client = server.connect().send("ping\n");
            server.until("read", () -> server.stats().messagesRead() == 1);
            server.turns.remove().run();
            assertThat(server.stats().messagesHandled()).isZero(); // its turn was over
            server.workersWork = true;
            server.until("handled", () -> server.stats().messagesHandled() == 1);
            client.close();
        }
    }

    private void checkThatReplyIsEarly(Step beforeTheHandler) throws Exception {
        List<String> early = new ArrayList<>();
        TestClient[] client = new TestClient[1];
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
            if (message.equals("slow")) {
                server.advance(A_LOOK_LATER);
                early.add(server.line(client[0]));
            }
            session.send("re: " + message);
        });
        try (HandRun run = new HandRun(builder)) {
            server = run;
            client[0] = server.connect().send("quick\nslow\n");
            beforeTheHandler.run();
            server.until("handled", () -> server.stats().messagesHandled() == 2);
            assertThat(early).containsExactly("re: quick");
            assertThat(server.line(client[0])).isEqualTo("re: slow");
            client[0].close();
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Has as many sessions as that with a message each, handed off in one pass and not handled yet. */
    private List<TestClient> clientsThatHaveSent(int count) throws Exception {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(server.connect());
        }
        server.workersWork = false;
        for (TestClient client : clients) {
            client.send("ping\n");
        }
        long read = server.stats().messagesRead() + count;
        server.until("read", () -> server.stats().messagesRead() == read);
        return clients;
    }
}
