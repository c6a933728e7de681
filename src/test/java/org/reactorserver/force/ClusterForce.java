package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.Await;
import org.reactorserver.helper.ChildProcess;
import org.reactorserver.helper.Crowd;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.NatsServer;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Spread;
import org.reactorserver.helper.Vitals;

/**
 * One group on one instance and on three: what it costs, how long it takes, and what becomes of it when one
 * of them, or the
 * bus, is killed. Members and talker are in this process, so a time ends when the last member here has read.
 */
class ClusterForce {
    private static final int MEMBERS = Results.QUICK ? 300 : 3_000;
    private static final int A_SECOND = 20;
    private static final int SECONDS = Results.QUICK ? 3 : 10;
    private static final int ROUNDS = Results.QUICK ? 2 : 6;
    private static final int LOSSES = Results.QUICK ? 1 : 3;
    private static final int KILLS = 5;
    private static final int FAST = 2_000; // messages a second for what one of them costs
    private static final int WARM_UP = Results.QUICK ? 50 : 500;

    @TempDir
    Path directory;

    private final List<JarProcess> started = new ArrayList<>();
    private NatsServer nats;

    /** What is said for {@link #SECONDS} in a round. */
    private record Load(int members, int aSecond) {}

    /** What one round has shown: milliseconds to the last member, microseconds of processors for each message. */
    private record Round(double p50, double p99, double ofServers, double ofNats) {}

    /** Two rounds, one after the other. */
    private record Pair(Round one, Round three) {}

    /** Milliseconds to the last member of the others, p99. */
    private record Loss(double before, double after) {}

    @BeforeEach
    void startNats() throws IOException {
        nats = NatsServer.in(directory, "").start();
    }

    @AfterEach
    void end() {
        started.forEach(JarProcess::close);
        nats.close();
    }

    private JarProcess startOne(boolean isOnBus) {
        List<String> options = new ArrayList<>(
                List.of("--framing", "line", "--broadcast", "--transcript", "off", "--admin", "127.0.0.1:0"));
        if (isOnBus) {
            options.addAll(List.of("--bus", nats.url()));
        }
        JarProcess server = JarProcess.measured().jvm("-Xmx256m").serve(options.toArray(new String[0]));
        started.add(server);
        return server;
    }

    private List<JarProcess> startThree() {
        return List.of(startOne(true), startOne(true), startOne(true));
    }

    private static int[] ports(List<JarProcess> servers) {
        return servers.stream().mapToInt(JarProcess::port).toArray();
    }

    private static double cpu(List<JarProcess> servers) {
        return servers.stream()
                .mapToDouble(each -> new Vitals(each).cpuSeconds())
                .sum();
    }

    /** Each has said and heard enough that its code is compiled. */
    private static void warmUp(List<JarProcess> servers) throws Exception {
        for (JarProcess each : servers) {
            try (Crowd crowd = new Crowd(MEMBERS / 3, each.port());
                    Crowd.Talker talker = crowd.talker(each.port())) {
                talker.say(WARM_UP, 3 * A_SECOND);
                crowd.awaitHeard(talker.say());
            }
        }
    }

    /** Each member hears every message, once and in order. */
    private Round round(List<JarProcess> servers, Load load) throws Exception {
        try (Crowd crowd = new Crowd(load.members, ports(servers));
                Crowd.Talker talker = crowd.talker(servers.get(0).port())) {
            talker.sayUntilHeard(crowd);
            talker.say(load.aSecond, load.aSecond);
            crowd.awaitHeard(talker.say());
            double before = cpu(servers);
            double natsBefore = nats.cpuSeconds();
            int first = talker.say();
            talker.say(SECONDS * load.aSecond, load.aSecond);
            int last = talker.say();
            crowd.awaitHeard(last);
            double ofServers = cpu(servers) - before;
            double ofNats = nats.cpuSeconds() - natsBefore;
            int said = last - first + 1;
            crowd.assertHeardByAll(first, last);
            return new Round(
                    crowd.nanosToTheLast(0.5, first, last) / 1e6,
                    crowd.nanosToTheLast(0.99, first, last) / 1e6,
                    ofServers * 1e6 / said,
                    ofNats * 1e6 / said);
        }
    }

    /** By turns, also who begins: what else this machine does changes with time. */
    private List<Pair> byTurns(Load load) throws Exception {
        List<JarProcess> one = List.of(startOne(false));
        List<JarProcess> three = startThree();
        warmUp(one);
        warmUp(three);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            if (i % 2 == 0) {
                Round first = round(one, load);
                pairs.add(new Pair(first, round(three, load)));
            } else {
                Round first = round(three, load);
                pairs.add(new Pair(round(one, load), first));
            }
        }
        return pairs;
    }

    @Test
    void one_group_on_three_instances_and_on_one() throws Exception {
        List<Pair> pairs = byTurns(new Load(MEMBERS, A_SECOND));
        tellSide("60a", "one instance", pairs.stream().map(Pair::one).toList());
        tellSide(
                "60b",
                "three instances and NATS",
                pairs.stream().map(Pair::three).toList());
        Results.row(
                "60c",
                "three instances and NATS beside one instance, each pair of rounds",
                "p99 × %s, to be ≤ 3; servers' CPU for each delivery × %s, to be ≤ 1.2",
                Spread.of(pairs, each -> each.three.p99 / each.one.p99).as("%.2f"),
                Spread.of(pairs, each -> each.three.ofServers / each.one.ofServers)
                        .as("%.2f"));
    }

    private static void tellSide(String row, String where, List<Round> rounds) {
        Results.row(
                row,
                "%d members in one group on %s, %d messages a second, %d rounds by turns"
                        .formatted(MEMBERS, where, A_SECOND, ROUNDS),
                "every member heard every message; from saying to the last member's hearing: median %s "
                        + "ms, p99 %s ms; %s"
                        + " µs of the servers' CPU for each delivery",
                Spread.of(rounds, Round::p50).as("%.1f"),
                Spread.of(rounds, Round::p99).as("%.1f"),
                Spread.of(rounds, each -> each.ofServers / MEMBERS).as("%.2f"));
    }

    /** Three members, of one instance or one of each: what is more with three is the bus's. */
    @Test
    void what_a_message_costs_on_the_bus() throws Exception {
        List<Pair> pairs = byTurns(new Load(3, FAST));
        Results.row(
                "64",
                "3 members on one instance, and one on each of three with NATS, %d messages a second, %d "
                        + "rounds by turns".formatted(FAST, ROUNDS),
                "for each message, and each other instance that it goes to: %s µs of NATS's CPU, %s µs more of the"
                        + " servers'; a message to three members of one instance: %s µs",
                Spread.of(pairs, each -> each.three.ofNats / 2).as("%.1f"),
                Spread.of(pairs, each -> (each.three.ofServers - each.one.ofServers) / 2)
                        .as("%.1f"),
                Spread.of(pairs, each -> each.one.ofServers).as("%.1f"));
    }

    /** Killed while messages go on; its members stay away, or come back to the others at once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_loss_of_an_instance_is_not_felt_by_the_others(boolean isComingBack) throws Exception {
        List<JarProcess> staying = List.of(startOne(true), startOne(true));
        warmUp(staying);
        List<Loss> losses = new ArrayList<>();
        for (int i = 0; i < LOSSES; i++) {
            losses.add(lose(ports(staying), isComingBack));
        }
        Results.row(
                isComingBack ? "61b" : "61a",
                "one of three instances is killed (-9) while %d messages a second go to %d members; its "
                        + "own %s; %d times"
                                .formatted(
                                        A_SECOND,
                                        MEMBERS,
                                        isComingBack ? "come back to the others" : "stay away",
                                        LOSSES),
                "%d members of the others heard every message; p99 to the last of them %s ms in the %d s "
                        + "before, %s ms in"
                        + " the %d s after",
                2 * MEMBERS / 3,
                Spread.of(losses, Loss::before).as("%.1f"),
                SECONDS,
                Spread.of(losses, Loss::after).as("%.1f"),
                SECONDS);
    }

    private Loss lose(int[] staying, boolean isComingBack) throws Exception {
        JarProcess third = startOne(true);
        warmUp(List.of(third));
        try (Crowd crowd = new Crowd(2 * MEMBERS / 3, staying);
                Crowd leaving = new Crowd(MEMBERS / 3, third.port());
                Crowd.Talker talker = crowd.talker(staying[0])) {
            leaving.onLoss(isComingBack ? staying : new int[0]);
            talker.sayUntilHeard(crowd, leaving);
            talker.say(A_SECOND, A_SECOND);
            int first = talker.say();
            talker.say(SECONDS * A_SECOND, A_SECOND);
            third.signal("KILL");
            int after = talker.say();
            talker.say(SECONDS * A_SECOND, A_SECOND);
            int last = talker.say();
            crowd.awaitHeard(last);
            assertThat(third.exitCode()).isEqualTo(137);
            assertThat(leaving.reconnects()).isEqualTo(isComingBack ? leaving.size() : 0);
            crowd.assertHeardByAll(first, last);
            return new Loss(
                    crowd.nanosToTheLast(0.99, first, after - 1) / 1e6, crowd.nanosToTheLast(0.99, after, last) / 1e6);
        }
    }

    /** Those at the talker's instance hear everything; what others do not hear is what their instances say they missed. */
    @Test
    void local_delivery_goes_on_while_the_bus_is_killed_five_times() throws Exception {
        List<JarProcess> servers = startThree();
        warmUp(servers);
        int[] ports = ports(servers);
        try (Crowd local = new Crowd(MEMBERS / 3, ports[0]);
                Crowd second = new Crowd(MEMBERS / 3, ports[1]);
                Crowd third = new Crowd(MEMBERS / 3, ports[2]);
                Crowd.Talker talker = local.talker(ports[0])) {
            int quiet = talker.sayUntilHeard(local, second, third);
            talker.say(2 * KILLS * A_SECOND, A_SECOND);
            int first = talker.sayUntilHeard(local, second, third);
            long[] missed = {missed(servers.get(1)), missed(servers.get(2))};
            for (int i = 0; i < KILLS; i++) {
                nats.kill();
                talker.say(A_SECOND, A_SECOND);
                nats.start();
                talker.say(A_SECOND, A_SECOND);
                Await.until(
                        "the bus is there again",
                        ChildProcess.PATIENCE,
                        () -> servers.stream().allMatch(each -> each.metric("reactor_bus_up") == 1));
            }
            int last = talker.sayUntilHeard(local, second, third);
            long[] counted = {missed(servers.get(1)) - missed[0], missed(servers.get(2)) - missed[1]};
            long[] unheard = {second.heardByNone(first, last), third.heardByNone(first, last)};
            Results.row(
                    "62",
                    "the bus is killed (-9) and started %d times, a second each; %d members at each of "
                            + "three instances, %d".formatted(KILLS, local.size(), A_SECOND)
                            + " messages a second",
                    "%d messages said, all heard at the talker's instance, to the last member p99 %.1f "
                            + "ms, longest %.1f ms"
                            + " (with the bus %.1f and %.1f ms); not heard at the other two %s, counted "
                            + "as missed there %s",
                    last - first + 1,
                    local.nanosToTheLast(0.99, first, last) / 1e6,
                    local.nanosToTheLast(1, first, last) / 1e6,
                    local.nanosToTheLast(0.99, quiet, first) / 1e6,
                    local.nanosToTheLast(1, quiet, first) / 1e6,
                    Arrays.toString(unheard),
                    Arrays.toString(counted));
            local.assertHeardByAll(quiet, last);
            assertThat(second.wrong() + third.wrong()).isZero();
            assertThat(counted).isEqualTo(unheard).doesNotContain(0);
            for (Crowd each : List.of(second, third)) {
                assertThat(each.heardByAll(first, last) + each.heardByNone(first, last))
                        .as("all members of an instance, or none")
                        .isEqualTo(last - first + 1);
            }
            for (JarProcess each : servers) {
                assertThat(each.metric("reactor_bus_interruptions_total")).isEqualTo(KILLS);
            }
        }
    }

    private static long missed(JarProcess server) {
        return server.metric("reactor_bus_messages_missed_total");
    }

    /** What an instance costs that has nothing to do but to hear the others' heartbeats. */
    @Test
    void what_an_idle_bus_costs() throws Exception {
        List<JarProcess> servers = startThree();
        TimeUnit.SECONDS.sleep(5); // started, and compiled what there is
        double before = cpu(servers);
        double natsBefore = nats.cpuSeconds();
        int seconds = Results.QUICK ? 5 : 30;
        TimeUnit.SECONDS.sleep(seconds); // this is what is measured
        Results.row(
                "63",
                "three instances on a bus, with nothing to do, for %d s".formatted(seconds),
                "%.2f %% of a processor each, %.2f %% for NATS",
                100 * (cpu(servers) - before) / seconds / servers.size(),
                100 * (nats.cpuSeconds() - natsBefore) / seconds);
    }
}
