package org.reactorserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.cluster.ClusterListener;
import org.reactorserver.cluster.SharedGroup;
import org.reactorserver.cluster.SharedGroups;
import org.reactorserver.framing.Framing;

/**
 * Several servers that share a group over a bus which delays, loses and goes. Whatever happens, a member gets each message
 * at most once and those of one instance in its order; and what it does not get is counted.
 */
class SimulatedBusTest {
    private static final int SEEDS = Integer.getInteger("kit.seeds", 30);
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final Duration SOME_HEARTBEATS = Duration.ofSeconds(4);

    /** An instance with a member that listens and one that talks. */
    private static final class Chat implements MessageHandler {
        private final CompletableFuture<SharedGroup> room = new CompletableFuture<>();
        private final Map<String, AtomicLong> missed = new HashMap<>();
        private final SharedGroups shared;
        private final SimulatedClient listener;
        private final SimulatedClient talker;
        private final String name;
        private int said;

        Chat(SimulatedServer simulation, String name) throws Exception {
            this.name = name;
            ReactorServer server =
                    simulation.start(ReactorServer.builder(Framing.lines()).handler(this));
            for (String each : NAMES) {
                missed.put(each, new AtomicLong());
            }
            shared = simulation
                    .bus()
                    .share(
                            server,
                            name,
                            sharing -> sharing.listener(new ClusterListener() {
                                @Override
                                public void missed(String group, String instance, long messages) {
                                    missed.get(instance).addAndGet(messages);
                                }
                            }));
            room.complete(shared.group("room"));
            listener = simulation.client(server).send("join");
            assertThat(listener.receive()).isEqualTo("in");
            talker = simulation.client(server);
        }

        @Override
        public void onMessage(Session session, String message) {
            if (message.equals("join")) {
                room.join().join(session);
                session.send("in");
            } else {
                room.join().share(message);
            }
        }

        void say(int lines) {
            for (int i = 0; i < lines; i++) {
                talker.send(name + " " + ++said);
            }
        }

        /** What was heard of this one, in the order in which it was. */
        List<Integer> heardOf(Chat other) {
            List<Integer> heard = new ArrayList<>();
            for (String line : listener.received()) {
                if (line.startsWith(other.name + " ")) {
                    heard.add(Integer.parseInt(line.substring(other.name.length() + 1)));
                }
            }
            return heard;
        }
    }

    private static List<Chat> meet(SimulatedServer simulation) throws Exception {
        List<Chat> all = new ArrayList<>();
        for (String name : NAMES) {
            all.add(new Chat(simulation, name));
        }
        simulation.pass(SOME_HEARTBEATS);
        all.forEach(each -> assertThat(each.shared.instances()).hasSize(2));
        return all;
    }

    private static void assertOnceInOrderAndCounted(List<Chat> all) {
        for (Chat from : all) {
            assertThat(from.heardOf(from)).as("at home nothing is missed").hasSize(from.said);
            for (Chat to : all) {
                List<Integer> heard = to.heardOf(from);
                assertThat(heard).isSorted().doesNotHaveDuplicates();
                assertThat(heard.size() + to.missed.get(from.name).get())
                        .as("%s has heard %s of %s and missed the others", to.name, heard, from.name)
                        .isEqualTo(from.said);
            }
        }
    }

    @Test
    void whileAllIsWellEverybodyHearsEverything() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            List<Chat> all = meet(simulation);
            all.forEach(each -> each.say(5));
            simulation.settle();
            for (Chat to : all) {
                for (Chat from : all) {
                    assertThat(to.heardOf(from)).containsExactly(1, 2, 3, 4, 5);
                }
                assertThat(to.shared.stats().missed() + to.shared.stats().stale())
                        .isZero();
            }
        });
    }

    @Test
    void whatIsLostOnItsWayIsCounted() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            List<Chat> all = meet(simulation);
            simulation.bus().loses(3);
            all.forEach(each -> each.say(8));
            simulation.settle();
            simulation.bus().loses(0);
            simulation.pass(Duration.ofSeconds(40)); // the last ones may be lost, and what told of them
            assertOnceInOrderAndCounted(all);
        });
    }

    @Test
    void whatIsSaidWhileSomebodyIsCutOffIsMissedAndTheRestIsHeard() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            List<Chat> all = meet(simulation);
            all.forEach(each -> each.say(3));
            simulation.pass(Duration.ofMillis(5)); // some of it is under way
            simulation.bus().cut("two");
            all.forEach(each -> each.say(4));
            simulation.settle();
            simulation.pass(SOME_HEARTBEATS);
            assertThat(all.get(0).shared.instances()).containsExactly("three");
            simulation.bus().heal("two");
            simulation.pass(SOME_HEARTBEATS);
            all.forEach(each -> each.say(3));
            simulation.settle();
            assertOnceInOrderAndCounted(all);
            assertThat(all.get(0).heardOf(all.get(2))).as("between the others").hasSize(10);
            assertThat(all.get(1).heardOf(all.get(0))).contains(8, 9, 10);
        });
    }

    @Test
    void theBusMayGoAndComeAtAnyTime() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            List<Chat> all = meet(simulation);
            for (int round = 0; round < 3; round++) {
                all.forEach(each -> each.say(3));
                simulation.pass(Duration.ofMillis(3));
                simulation.bus().stop();
                simulation.pass(Duration.ofMillis(3));
                simulation.bus().start();
            }
            simulation.settle();
            simulation.pass(SOME_HEARTBEATS);
            assertOnceInOrderAndCounted(all);
        });
    }

    /** Cut off first, so that it says no farewell. */
    @Test
    void anInstanceThatDiesIsGoneAfterTheDeadlineAndHarmsNobody() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            List<Chat> all = meet(simulation);
            all.forEach(each -> each.say(2));
            simulation.bus().cut("three");
            simulation.settle();
            all.subList(0, 2).forEach(each -> each.say(2));
            simulation.settle();
            assertThat(all.get(0).heardOf(all.get(1))).containsExactly(1, 2, 3, 4);
            simulation.pass(SOME_HEARTBEATS);
            assertThat(all.get(0).room.join().everywhere()).isEqualTo(Map.of("one", 1, "two", 1));
        });
    }

    @Test
    void whoIsUnknownCannotBeCutOff() {
        SimulatedServer.run(
                1,
                simulation -> assertThatThrownBy(() -> simulation.bus().cut("nobody"))
                        .hasMessageContaining("nobody shares groups by the name of nobody"));
    }
}
