package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How soon a reply leaves whose handler goes on depends on what runs, not on what once ran. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EarlyRepliesTest {
    private static final int BURST = 400;
    private static final Duration A_LOOK_LATER = Duration.ofMillis(11);

    @Test
    void aBurstThatIsOverDoesNotMakeTheLooksRarer() throws Exception {
        List<String> early = new ArrayList<>();
        TestClient[] client = new TestClient[1];
        HandRun[] run = new HandRun[1];
        ReactorServer.Builder builder = HandRun.lines((session, message) -> {
            if (message.equals("slow")) {
                run[0].advance(A_LOOK_LATER);
                early.add(run[0].line(client[0]));
            }
            session.send("re: " + message);
        });
        try (HandRun server = new HandRun(builder, 10_000)) {
            run[0] = server;
            List<TestClient> many = new ArrayList<>();
            for (int i = 0; i < BURST; i++) {
                many.add(server.connect());
            }
            server.workersWork = false;
            for (TestClient each : many) {
                each.send("burst\n");
            }
            server.until("read", () -> server.stats().messagesRead() == BURST);
            assertThat(server.turns).hasSizeGreaterThan(BURST / 2);
            server.workersWork = true;
            server.until("handled", () -> server.stats().messagesHandled() == BURST);
            server.advance(Duration.ofSeconds(1));
            client[0] = server.connect().send("quick\nslow\n");
            server.until("handled", () -> server.stats().messagesHandled() == BURST + 2);
            assertThat(early).containsExactly("re: quick");
            client[0].close();
            TestClient.closeAll(many);
        }
    }
}
