package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.Crowd;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.NatsServer;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Vitals;

/** One group on one instance and on three: what it costs, how long it takes, and what becomes of it when one is killed. */
class ClusterForce {
    private static final int MEMBERS = Results.QUICK ? 300 : 3_000;
    private static final int A_SECOND = 20;
    private static final int SECONDS = Results.QUICK ? 3 : 10;
    private static final int ROUNDS = Results.QUICK ? 1 : 5;
    private static final int WARM_UP = Results.QUICK ? 20 : 200;

    @TempDir
    Path directory;

    private NatsServer nats;

    /** What one round has shown. */
    private record Round(double p50, double p99, double microsEach, double natsShare, long missed) {}

    private List<JarProcess> start(int instances) {
        List<JarProcess> servers = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            List<String> options = new ArrayList<>(List.of("--framing", "line", "--broadcast", "--transcript", "off"));
            if (instances > 1) {
                options.addAll(List.of("--bus", nats.url()));
            }
            servers.add(JarProcess.measured().jvm("-Xmx256m").serve(options.toArray(new String[0])));
        }
        return servers;
    }

    private static int[] ports(List<JarProcess> servers) {
        return servers.stream().mapToInt(JarProcess::port).toArray();
    }

    private static double cpu(List<JarProcess> servers) {
        return servers.stream()
                .mapToDouble(each -> new Vitals(each).cpuSeconds())
                .sum();
    }

    private Round round(int instances) throws Exception {
        List<JarProcess> servers = start(instances);
        try (Crowd crowd = new Crowd(MEMBERS, ports(servers));
                Crowd.Talker talker = crowd.talker(ports(servers)[0])) {
            crowd.awaitAll(talker);
            talker.say(WARM_UP, A_SECOND);
            double before = cpu(servers);
            double natsBefore = nats.cpuSeconds();
            int first = talker.say();
            talker.say(SECONDS * A_SECOND, A_SECOND);
            int last = talker.say();
            crowd.awaitHeard(last);
            double used = cpu(servers) - before;
            long delivered = (long) (last - first + 1) * MEMBERS;
            assertThat(crowd.wrong()).isZero();
            return new Round(
                    crowd.nanosToTheLast(0.5, first, last) / 1e6,
                    crowd.nanosToTheLast(0.99, first, last) / 1e6,
                    used * 1e6 / delivered,
                    (nats.cpuSeconds() - natsBefore) * 1e6 / (last - first + 1),
                    crowd.missed());
        } finally {
            servers.forEach(JarProcess::close);
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    @Test
    void one_group_on_three_instances_and_on_one() throws Exception {
        nats = NatsServer.in(directory, "").start();
        try {
            List<Round> ofOne = new ArrayList<>();
            List<Round> ofThree = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) { // by turns: what else this machine does changes with time
                ofOne.add(round(1));
                ofThree.add(round(3));
            }
            for (List<Round> rounds : Arrays.asList(ofOne, ofThree)) {
                boolean isOne = rounds == ofOne;
                Results.row(
                        isOne ? "60a" : "60b",
                        "%d members in one group on %s, %d messages a second; medians of %d rounds by turns"
                                .formatted(
                                        MEMBERS, isOne ? "one instance" : "three instances and NATS", A_SECOND, ROUNDS),
                        "from saying to the last member's hearing: median %.1f ms, p99 %.1f ms; %.2f µs of the servers'"
                                + " CPU for each delivery; %.0f µs of NATS's for each message; %d missed",
                        median(rounds, Round::p50),
                        median(rounds, Round::p99),
                        median(rounds, Round::microsEach),
                        median(rounds, Round::natsShare),
                        rounds.stream().mapToLong(Round::missed).sum());
                assertThat(rounds).allMatch(each -> each.missed == 0);
            }
        } finally {
            nats.close();
        }
    }

    @Test
    void the_loss_of_an_instance_is_not_felt_by_the_others() throws Exception {
        nats = NatsServer.in(directory, "").start();
        List<JarProcess> servers = start(3);
        int[] staying = Arrays.copyOf(ports(servers), 2);
        try (Crowd crowd = new Crowd(2 * MEMBERS / 3, staying);
                Crowd leaving = new Crowd(MEMBERS / 3, ports(servers)[2]);
                Crowd.Talker talker = crowd.talker(staying[0])) {
            crowd.awaitAll(talker);
            talker.say(WARM_UP, A_SECOND);
            int first = talker.say();
            talker.say(SECONDS * A_SECOND, A_SECOND);
            int middle = talker.say();
            crowd.awaitHeard(middle);
            leaving.leave();
            servers.get(2).signal("KILL");
            assertThat(servers.get(2).exitCode()).isEqualTo(137);
            int after = talker.say();
            talker.say(SECONDS * A_SECOND, A_SECOND);
            int last = talker.say();
            crowd.awaitHeard(last);
            Results.row(
                    "61",
                    "one of three instances is killed (-9), %d members at the others, %d messages a second"
                            .formatted(crowd.size(), A_SECOND),
                    "p99 to the last member %.1f ms before and %.1f ms after; %d missed",
                    crowd.nanosToTheLast(0.99, first, middle) / 1e6,
                    crowd.nanosToTheLast(0.99, after, last) / 1e6,
                    crowd.missed());
            assertThat(crowd.missed() + crowd.wrong()).isZero();
        } finally {
            servers.forEach(JarProcess::close);
            nats.close();
        }
    }

    /** Those at the talker's instance hear everything; what the others do not hear was said while the bus was away. */
    @Test
    void local_delivery_goes_on_while_the_bus_is_killed_five_times() throws Exception {
        nats = NatsServer.in(directory, "").start();
        List<JarProcess> servers = start(3);
        int[] ports = ports(servers);
        try (Crowd local = new Crowd(MEMBERS / 3, ports[0]);
                Crowd.Talker talker = local.talker(ports[0])) {
            local.awaitAll(talker);
            talker.say(WARM_UP, A_SECOND);
            int first = talker.say();
            for (int i = 0; i < 5; i++) {
                nats.kill();
                talker.say(A_SECOND, A_SECOND);
                nats.start();
                talker.say(A_SECOND, A_SECOND);
            }
            int last = talker.say();
            local.awaitHeard(last);
            Results.row(
                    "62",
                    "the bus is killed (-9) and started five times, %d members at the talker's instance"
                            .formatted(local.size()),
                    "%d messages said, %d missed here; p99 to the last member %.1f ms",
                    last - first + 1,
                    local.missed(),
                    local.nanosToTheLast(0.99, first, last) / 1e6);
            assertThat(local.missed() + local.wrong()).isZero();
        } finally {
            servers.forEach(JarProcess::close);
            nats.close();
        }
    }

    /** What an instance costs that has nothing to do but to hear the others' heartbeats. */
    @Test
    void what_an_idle_bus_costs() throws Exception {
        nats = NatsServer.in(directory, "").start();
        List<JarProcess> servers = start(3);
        try {
            TimeUnit.SECONDS.sleep(5); // started, and compiled what there is
            double before = cpu(servers);
            double natsBefore = nats.cpuSeconds();
            int seconds = Results.QUICK ? 5 : 30;
            TimeUnit.SECONDS.sleep(seconds); // this is what is measured
            Results.row(
                    "63",
                    "three instances on a bus, with nothing to do",
                    "%.2f %% of a processor each, %.2f %% for NATS",
                    100 * (cpu(servers) - before) / seconds / servers.size(),
                    100 * (nats.cpuSeconds() - natsBefore) / seconds);
        } finally {
            servers.forEach(JarProcess::close);
            nats.close();
        }
    }
}
