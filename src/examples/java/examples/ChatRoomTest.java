package examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.SimulatedClient;
import org.reactorserver.testkit.SimulatedServer;

/** The chat room, and one with a fault that no ordinary test would find, found by a seed. */
class ChatRoomTest {

    @Test
    void everybodyHearsTheSameInTheSameOrder() {
        SimulatedServer.seeds(100).check(simulation -> {
            ChatRoom chat = new ChatRoom();
            chat.open(simulation.start(chat.builder()));
            SimulatedClient anna = simulation.client().send("anna");
            assertThat(anna.receive()).isEqualTo("* anna has come");
            SimulatedClient ben = simulation.client().send("ben");
            assertThat(ben.receive()).isEqualTo("* ben has come");
            assertThat(anna.receive()).isEqualTo("* ben has come");
            anna.send("one");
            ben.send("two");
            simulation.settle();
            assertThat(anna.received()).contains("anna: one", "ben: two").endsWith(tail(ben));
            anna.send("bye").end();
            simulation.settle();
            assertThat(ben.received()).endsWith("anna: bye", "* anna has left");
        });
    }

    private static String[] tail(SimulatedClient ben) {
        List<String> heard = ben.received();
        return heard.subList(1, heard.size()).toArray(new String[0]);
    }

    @Test
    void badClientsDisturbNobody() {
        SimulatedServer.seeds(100).check(simulation -> {
            ChatRoom chat = new ChatRoom();
            chat.open(simulation.start(chat.builder()));
            SimulatedClient anna = simulation.client().send("anna");
            anna.receive();
            for (String name : List.of("x", "y", "z")) {
                simulation.client().send(name).misbehave().send("noise").misbehave();
            }
            anna.send("still here");
            simulation.settle();
            assertThat(anna.received()).contains("anna: still here");
        });
    }

    // -- a race
    // ------------------------------------------------------------------------------------

    /** Each call by itself is safe. But between the question and the deed another one may come. */
    private static final class CheckThenAct implements MessageHandler {
        private final Map<String, Session> names = new java.util.concurrent.ConcurrentHashMap<>();

        @Override
        public void onMessage(Session session, String name) {
            if (names.containsKey(name)) {
                session.send("taken");
            } else {
                session.send("welcome, " + name + "; here are: " + names.keySet());
                names.put(name, session);
            }
        }
    }

    /** The same, mended. */
    private static final class OneAtATime implements MessageHandler {
        private final Map<String, Session> names = new HashMap<>();

        @Override
        public synchronized void onMessage(Session session, String name) {
            String here = names.keySet().toString();
            boolean isFree = names.putIfAbsent(name, session) == null;
            session.send(isFree ? "welcome, " + name + "; here are: " + here : "taken");
        }
    }

    private static SimulatedServer.Script twoAnnas(java.util.function.Supplier<MessageHandler> handler) {
        return simulation -> {
            simulation.start(ReactorServer.builder(Framing.lines()).handler(handler.get()));
            SimulatedClient one = simulation.client().send("anna");
            SimulatedClient other = simulation.client().send("anna");
            assertThat(List.of(one.receive(), other.receive()))
                    .containsExactlyInAnyOrder("welcome, anna; here are: []", "taken");
        };
    }

    @Test
    void aSeedFindsWhatOnlyAnUnlikelyOrderShows() {
        AssertionError found = catchThrowableOfType(
                AssertionError.class, () -> SimulatedServer.seeds(1000).check(twoAnnas(CheckThenAct::new)));
        assertThat(found).hasMessageContaining("went wrong with seed");
        long seed = Long.parseLong(found.getMessage().replaceFirst("(?s).*seed (\\d+), which does it again.*", "$1"));
        assertThatThrownBy(() -> SimulatedServer.run(seed, twoAnnas(CheckThenAct::new)))
                .isInstanceOf(AssertionError.class);
        SimulatedServer.seeds(200).check(twoAnnas(OneAtATime::new));
    }
}
