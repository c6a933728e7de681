package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactorserver.testkit.RecordedSession;
import org.reactorserver.testkit.SimulatedClient;
import org.reactorserver.testkit.SimulatedServer;

/** Most of it by a recorded session, which needs no server; what the network may do to it by a simulated one. */
class LoginTest {
    private final Login login = new Login(Map.of("anna", "secret"));
    private final RecordedSession session = new RecordedSession();

    private List<String> after(String... lines) {
        login.onOpen(session);
        for (String line : lines) {
            login.onMessage(session, line);
        }
        return session.sent();
    }

    @Test
    void whoIsKnownComesIn() {
        assertThat(after("anna", "secret", "who", "dance", "quit"))
                .containsExactly("name?", "password?", "welcome, anna", "anna", "what?");
        assertThat(session.isClosed()).isTrue();
    }

    @Test
    void whoFailsThreeTimesIsSentAway() {
        assertThat(after("anna", "wrong", "nobody", "", "anna", "Secret"))
                .containsExactly("name?", "password?", "no; name?", "password?", "no; name?", "password?", "goodbye");
        assertThat(session.isClosed()).isTrue();
    }

    @Test
    void thePartingWordsArriveAndThenTheEnd() {
        SimulatedServer.seeds(50).check(simulation -> {
            simulation.start(login.builder());
            SimulatedClient client = simulation.client();
            for (int i = 0; i < 3; i++) {
                client.send("x").send("y");
            }
            simulation.settle();
            assertThat(client.received()).endsWith("goodbye");
            assertThat(client.sawEnd()).isTrue();
        });
    }
}
