package org.reactorserver.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.reactorserver.bench.EchoScenario.Entry;
import org.reactorserver.bench.report.Comparison;
import org.reactorserver.bench.report.Metric;

/** Which scenarios a run consists of. */
final class Plan {

    private static final List<Metric> CROSS_METRICS =
            List.of(Metric.THROUGHPUT, Metric.P50, Metric.P99, Metric.CPU, Metric.CLIENT_CPU, Metric.DRIVING_CPU);
    private static final List<Metric> SWEEP_METRICS = List.of(Metric.CPU, Metric.THROUGHPUT, Metric.P99);

    /** What a sweep goes along, and what stays the same meanwhile. */
    static final Map<String, String> AXES = new TreeMap<>(Map.of(
            "connections", "connections, depth 1",
            "depth", "depth, 50 connections",
            "size", "bytes, 50 connections × 1"));

    private final Contestants all;
    private final Generator generator;
    private final boolean quick;

    /**
     * A quick plan leaves peers out where measuring all of them would take its three minutes alone.
     */
    Plan(Contestants contestants, Generator generator, boolean quick) {
        this.all = contestants;
        this.generator = generator;
        this.quick = quick;
    }

    List<Scenario> main() {
        List<Contestant> ourShape = List.of(all.ours, all.nettyExecutor);
        List<Contestant> libraries = List.of(
                all.ours,
                all.oursLoop,
                all.nettyExecutor,
                all.nettyOffload,
                all.nettyLoop,
                all.mina,
                all.smartSocket,
                all.vertx);
        List<Contestant> holding = List.of(
                all.ours,
                all.oursTls,
                all.nettyExecutor,
                all.nettyTls,
                all.mina,
                all.smartSocket,
                all.vertx,
                all.virtual);
        List<Contestant> toAll = List.of(all.oursToAll, all.nettyToAll, all.nettyLoopToAll);
        Load deep = Load.closed(50, 16);
        return List.of(
                closed(50, 1),
                closed(50, 16),
                closed(1000, 1),
                tls(1),
                tls(16),
                open(quick ? ourShape : List.of(all.ours, all.nettyExecutor, all.nettyOffload, all.limit)),
                python(),
                slow(),
                new FairScenario(
                        FairScenario.ID,
                        quick
                                ? List.of(all.ours, all.limit)
                                : List.of(all.ours, all.oursLoop, all.limit, all.nettyExecutor),
                        generator,
                        EchoScenario.LIMIT,
                        9),
                new NeverReadersScenario(quick ? List.of(all.ours) : List.of(all.ours, all.limit), generator, 7),
                new FanoutScenario(20, toAll, 9),
                new FanoutScenario(100, toAll, 9),
                new IdleScenario(quick ? ourShape : holding, 14),
                new AllocationScenario(deep, quick ? ourShape : libraries, generator, 8),
                new StartScenario(List.of(all.oursAsItIs, all.ours, all.nettyExecutor, all.vertx), 5));
    }

    /** How cost grows with one thing at a time. */
    List<Scenario> sweep() {
        List<Scenario> points = new ArrayList<>();
        for (int connections : new int[] {50, 500, 5_000, 15_000}) {
            points.add(point("connections", connections, Load.closed(connections, 1)));
        }
        for (int size : new int[] {64, 1024, 16 * 1024, 64 * 1024}) {
            points.add(point("size", size, Load.closed(50, 1).size(size)));
        }
        for (int depth : new int[] {1, 2, 4, 8, 16, 32, 64}) {
            points.add(point("depth", depth, Load.closed(50, depth)));
        }
        return points;
    }

    /** Two builds of ours in turn. */
    List<Scenario> versions() {
        List<Scenario> scenarios = new ArrayList<>();
        for (Load load : List.of(Load.closed(50, 16), Load.closed(50, 1), Load.closed(1000, 1))) {
            scenarios.add(EchoScenario.of(
                    "before-" + load.connections() + "x" + load.depth(),
                    describe(load),
                    load,
                    20,
                    entries(all.before, all.ours)));
        }
        scenarios.add(new FairScenario(
                "before-" + FairScenario.ID, List.of(all.before, all.ours), generator, Contestants.BEFORE, 20));
        return scenarios;
    }

    /** Generators in turn: where they agree, what they say is about the server. */
    List<Scenario> crossCheck(Generator other, Generator withThreads) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Contestant contestant : List.of(all.limit, all.ours, all.nettyExecutor)) {
            for (Load load : List.of(Load.closed(50, 1), Load.closed(50, 16), Load.closed(1000, 1))) {
                String name = load.connections() + "x" + load.depth();
                List<Entry> entries = new ArrayList<>();
                for (Generator each : List.of(other, generator, withThreads)) {
                    entries.add(new Entry(each.name(), each.name(), contestant, each, false));
                }
                scenarios.add(EchoScenario.of(
                                contestant.id() + "-" + name,
                                contestant.label() + ", " + describe(load),
                                load,
                                10,
                                entries)
                        .showing(CROSS_METRICS));
            }
        }
        return scenarios;
    }

    private Scenario closed(int connections, int depth) {
        Load load = Load.closed(connections, depth);
        List<String> onTheLoop = List.of("ours-loop", "netty-loop", "vertx", EchoScenario.LIMIT);
        return EchoScenario.of(
                        connections + "x" + depth,
                        describe(load),
                        load,
                        28,
                        entries(
                                all.ours,
                                all.oursLoop,
                                all.nettyExecutor,
                                all.nettyOffload,
                                all.nettyLoop,
                                all.mina,
                                all.smartSocket,
                                all.vertx,
                                all.threads,
                                all.virtual))
                .within(Entry.of(all.limit, generator))
                .comparing(Comparison.to("ours"), new Comparison("Handlers on the loop", "ours-loop", onTheLoop));
    }

    /** What TLS costs: us and Netty with it, and both of us without. */
    private Scenario tls(int depth) {
        Load load = Load.closed(50, depth);
        List<String> ofNetty = List.of(all.nettyExecutor.id(), all.nettyTls.id());
        return EchoScenario.of(
                        "tls-50x" + depth,
                        "TLS 1.3, " + describe(load),
                        load,
                        14,
                        entries(
                                all.ours,
                                all.oursTls,
                                all.oursLoopTls,
                                all.nettyExecutor,
                                all.nettyTls,
                                all.nettyLoopTls))
                .comparing(
                        Comparison.to(all.ours.id()),
                        new Comparison(
                                "Over TLS",
                                all.oursTls.id(),
                                List.of(
                                        all.oursTls.id(),
                                        all.oursLoopTls.id(),
                                        all.nettyTls.id(),
                                        all.nettyLoopTls.id())),
                        new Comparison("Netty", all.nettyExecutor.id(), ofNetty));
    }

    private Scenario open(List<Contestant> contestants) {
        return EchoScenario.of(
                        "open",
                        "Open model: 20,000 msg/s over 100 connections, response time",
                        Load.open(100, 20_000),
                        6,
                        entries(contestants.toArray(Contestant[]::new)))
                .showing(List.of(Metric.P50, Metric.P99, Metric.P999, Metric.CPU, Metric.RSS));
    }

    private Scenario python() {
        return EchoScenario.of(
                "python",
                "The tutorial's server: chunks, a fixed reply, 50 connections × depth 1",
                Load.closed(50, 1).withFixedReply(),
                6,
                entries(all.oursChunk, all.python));
    }

    private Scenario slow() {
        List<Entry> entries = new ArrayList<>();
        for (Contestant contestant : quick ? List.of(all.oursSlow) : List.of(all.oursSlow, all.nettySlow)) {
            String id = contestant.id();
            Entry alone = Entry.of(contestant, generator);
            entries.add(alone);
            entries.add(alone.disturbed(id.replace("slow", "disturbed"), ", one session's handler takes 50 ms"));
        }
        return EchoScenario.of(
                        "slow",
                        "One slow handler among 100 other sessions at 5,000 msg/s, response time",
                        Load.open(100, 5_000),
                        6,
                        entries)
                .showing(List.of(Metric.P50, Metric.P99, Metric.P999))
                .comparing(
                        new Comparison("", "ours-slow", List.of("ours-slow", "ours-disturbed")),
                        new Comparison("", "netty-slow", List.of("netty-slow", "netty-disturbed")));
    }

    private Scenario point(String axis, int value, Load load) {
        return EchoScenario.of(
                        axis + "/" + value,
                        axis + " " + value,
                        load,
                        12,
                        entries(all.oursLarge, all.nettyLarge, all.limit))
                .showing(SWEEP_METRICS);
    }

    private List<Entry> entries(Contestant... contestants) {
        return Arrays.stream(contestants).map(c -> Entry.of(c, generator)).toList();
    }

    private static String describe(Load load) {
        return "%,d connections × depth %d".formatted(load.connections(), load.depth());
    }
}
