package org.reactorserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.reactorserver.CloseReason;
import org.reactorserver.MessageHandler;
import org.reactorserver.ReactorServer;
import org.reactorserver.Session;
import org.reactorserver.framing.Framing;
import org.reactorserver.testkit.SimulatedServer.Script;

class SimulatedServerTest {
    private static final int SEEDS = Integer.getInteger("kit.seeds", 100);
    private static final Pattern SEED = Pattern.compile("seed (\\d+), which does it again");

    private static ReactorServer.Builder lines(MessageHandler handler) {
        return ReactorServer.builder(Framing.lines()).handler(handler);
    }

    /** Which seed fails; that it fails again by itself is part of it. */
    private static AssertionError failureOf(Script script) {
        AssertionError found = catchThrowableOfType(
                AssertionError.class, () -> SimulatedServer.seeds(10 * SEEDS).check(script));
        assertThat(found).as("what the seeds have found").isNotNull();
        Matcher seed = SEED.matcher(found.getMessage());
        assertThat(seed.find()).as(found.getMessage()).isTrue();
        assertThatThrownBy(() -> SimulatedServer.run(Long.parseLong(seed.group(1)), script))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(found.getCause().getMessage());
        return found;
    }

    // -- what is well
    // ------------------------------------------------------------------------------

    @Test
    void everyClientGetsItsRepliesInOrderHoweverTheStreamIsCut() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            simulation.start(lines((session, message) -> session.send("收到: " + message)));
            SimulatedClient one = simulation.client().send("一").send("2").send("");
            SimulatedClient other = simulation.client().send("你好").end();
            assertThat(one.receive()).isEqualTo("收到: 一");
            simulation.settle();
            assertThat(one.received()).containsExactly("收到: 一", "收到: 2", "收到: ");
            assertThat(other.received()).containsExactly("收到: 你好");
            assertThat(other.sawEnd()).isTrue();
            assertThat(one.sawEnd()).isFalse();
        });
    }

    @Test
    void badClientsHarmNobodyElse() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            ReactorServer server = simulation.start(lines((session, message) -> session.send(message.repeat(300))));
            for (int i = 0; i < 4; i++) {
                simulation.client().send("a").misbehave().send("b").misbehave();
            }
            SimulatedClient good = simulation.client().send("good").send("too").end();
            simulation.settle();
            assertThat(good.received()).containsExactly("good".repeat(300), "too".repeat(300));
            assertThat(server.stats().closed().get(CloseReason.INTERNAL_ERROR)).isZero();
        });
    }

    @Test
    void timePassesOnlyWhenItIsTold() {
        SimulatedServer.seeds(SEEDS / 10).check(simulation -> {
            simulation.start(lines((session, message) -> session.send(message)).idleTimeout(Duration.ofMinutes(5)));
            SimulatedClient client = simulation.client().send("hello");
            assertThat(client.receive()).isEqualTo("hello");
            long before = simulation.nanoTime();
            simulation.pass(Duration.ofMinutes(4));
            assertThat(simulation.nanoTime() - before)
                    .isEqualTo(Duration.ofMinutes(4).toNanos());
            assertThat(client.sawEnd()).isFalse();
            simulation.pass(Duration.ofMinutes(2));
            assertThat(client.sawEnd()).isTrue();
        });
    }

    @Test
    void whoStallsIsWaitedForAndWhoLeavesIsGone() {
        SimulatedServer.seeds(SEEDS / 10).check(simulation -> {
            ReactorServer server = simulation.start(lines((session, message) -> session.send(message)));
            SimulatedClient slow =
                    simulation.client().stall(Duration.ofHours(1)).send("late").readSlowly(Duration.ofMillis(10));
            SimulatedClient gone = simulation.client().send("x").reset();
            assertThat(simulation.client().send("y").receive()).isEqualTo("y");
            simulation.settle();
            assertThat(slow.received()).containsExactly("late");
            assertThat(gone.isBroken()).isTrue();
            assertThat(server.stats().open()).isEqualTo(2);
        });
    }

    @Test
    void repliesThatComeLateAreInOrder() {
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            var backend = simulation.executor(Duration.ofSeconds(1));
            simulation.start(ReactorServer.builder(Framing.lines())
                    .asyncHandler((session, message) ->
                            CompletableFuture.supplyAsync(() -> "answer to " + message, backend)));
            SimulatedClient client =
                    simulation.client().send("1").send("2").send("3").end();
            simulation.settle();
            assertThat(client.received()).containsExactly("answer to 1", "answer to 2", "answer to 3");
        });
    }

    // -- what is found
    // -----------------------------------------------------------------------------

    /** Two may not have the same name. */
    private record Names(Map<String, Session> names, boolean atOnce) implements MessageHandler {
        @Override
        public void onMessage(Session session, String name) {
            boolean isFree = atOnce ? names.putIfAbsent(name, session) == null : !names.containsKey(name);
            session.send(isFree ? "welcome" : "taken");
            if (isFree) {
                names.put(name, session);
            }
        }
    }

    private static Script sameNameTwice(boolean atOnce) {
        return simulation -> {
            simulation.start(lines(new Names(new ConcurrentHashMap<>(), atOnce)));
            List<SimulatedClient> both = List.of(
                    simulation.client().send("anna"), simulation.client().send("anna"));
            assertThat(both.stream().map(SimulatedClient::receive)).containsExactlyInAnyOrder("welcome", "taken");
        };
    }

    @Test
    void aCheckBeforeAnActIsFoundAndReplaysAndTheMendedOneIsNot() {
        assertThat(failureOf(sameNameTwice(false)))
                .hasMessageContaining("welcome\", \"welcome")
                .hasMessageContaining("session 2 asks: anna")
                .hasMessageContaining("client 1 receives welcome");
        SimulatedServer.seeds(SEEDS).check(sameNameTwice(true));
    }

    @Test
    void whatIsSharedMayChangeBetweenAnyTwoCalls() {
        Script counts = simulation -> {
            AtomicInteger counter = new AtomicInteger();
            @SuppressWarnings("unchecked")
            List<String> log = SimulatedServer.shared(List.class, new ArrayList<>());
            simulation.start(lines((session, message) -> {
                if (log.isEmpty()) {
                    log.add(message);
                    counter.incrementAndGet();
                }
            }));
            simulation.client().send("a");
            simulation.client().send("b");
            simulation.settle();
            assertThat(counter).hasValue(1);
        };
        assertThat(failureOf(counts)).hasMessageContaining("went wrong with seed");
    }

    @Test
    void locksAreRespected() {
        Object lock = new Object();
        SimulatedServer.seeds(SEEDS).check(simulation -> {
            AtomicInteger inside = new AtomicInteger();
            simulation.start(lines((session, message) -> {
                synchronized (lock) {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    session.send(message);
                    SimulatedServer.point();
                    inside.decrementAndGet();
                }
            }));
            for (int i = 0; i < 3; i++) {
                simulation.client().send("a").send("b").end();
            }
        });
    }

    @Test
    void whoWaitForEachOtherAreFound() {
        Script script = simulation -> {
            Object left = new Object();
            Object right = new Object();
            simulation.start(lines((session, message) -> {
                synchronized (message.equals("l") ? left : right) {
                    session.send("one");
                    synchronized (message.equals("l") ? right : left) {
                        session.send("both");
                    }
                }
            }));
            simulation.client().send("l");
            simulation.client().send("r");
        };
        assertThatThrownBy(() -> SimulatedServer.seeds(10 * SEEDS).check(script))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("threads wait for what will not happen")
                .hasMessageContaining("whoWaitForEachOtherAreFound");
    }

    @Test
    void aHandlerThatThrowsFailsTheSeedUnlessThatIsExpected() {
        Script script = simulation -> {
            simulation.start(lines((session, message) -> {
                throw new IllegalStateException("on purpose");
            }));
            SimulatedClient client = simulation.client().send("x");
            assertThat(client.receive()).startsWith("error");
        };
        assertThatThrownBy(() -> SimulatedServer.run(1, script)).hasMessageContaining("the handler failed");
        SimulatedServer.run(1, simulation -> {
            simulation.handlersMayFail();
            script.run(simulation);
        });
    }

    @Test
    void whoWaitsInVainIsToldWhatItHas() {
        assertThatThrownBy(() -> SimulatedServer.run(7, simulation -> {
                    simulation.start(lines((session, message) -> session.send("only this")));
                    SimulatedClient client = simulation.client().send("x");
                    client.receive();
                    client.receive();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("client 1 waits for a message in vain; it has received [only this]");
    }

    @Test
    void theSameSeedIsTheSameRun() {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> SimulatedServer.run(3, simulation -> {
                        simulation.start(lines((session, message) -> session.send(message)));
                        for (int j = 0; j < 3; j++) {
                            simulation.client().send("a").send("b");
                        }
                        simulation.settle();
                        throw new AssertionError("the end");
                    }))
                    .satisfies(e -> runs.add(e.getMessage()));
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
    }

    @Test
    void whatCannotBeIsRefused() {
        SimulatedServer.run(1, simulation -> {
            assertThatThrownBy(simulation::client).hasMessageContaining("before start");
            simulation.start(lines((session, message) -> {}));
            assertThatThrownBy(() -> simulation.client().send("a\nb")).isInstanceOf(IllegalArgumentException.class);
        });
    }
}
