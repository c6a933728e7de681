package org.reactorserver.demo;

/**
 * No experiment, but a sum: how many instances so many connections and messages need, and what is full first.
 * docs/scale.md has the slopes, with the command that measures each, and says which ones are only assumed so far.
 */
public final class PlanDemo implements Demo {
    private static final double MICROS = 1e6; // in a second
    private static final double MIB = 1 << 20;

    /** CPU of a message that is read, decoded and handed to a worker, at 50 connections × depth 1. */
    private static final double MICROS_PER_MESSAGE = 6.5;

    /** CPU of writing it to one member of its group. */
    private static final double MICROS_PER_DELIVERY = 6;

    /** CPU of NATS for one message that goes to one other instance. */
    private static final double NATS_MICROS_PER_COPY = 10;

    private static final double HEAP_PER_CONNECTION = 1_000; // bytes, idle
    private static final double KERNEL_PER_CONNECTION = 4_100; // bytes, idle
    private static final double HEAP_OF_AN_INSTANCE = 64 * MIB; // of a group's messages under way, and the JVM's own

    /** Most connections that were held by one process in a test; more may go. */
    private static final int CONNECTIONS_PER_INSTANCE = 19_000;

    /** How much of a processor a thread should have to do on average, so that it has room for bursts. */
    private static final double BUSY = 0.6;

    private static final int FILES_BESIDE = 32;

    private final long connections;
    private final double messages;
    private final long groupSize;

    /** An example: a chat of 100,000. */
    public PlanDemo() {
        this(100_000, 1_000, 100);
    }

    /**
     * A plan for these.
     *
     * @param connections at a time, at least 1
     * @param messages a second from all clients together, each to one group
     * @param groupSize members of a group, at least 1; 1 is a reply to the sender
     */
    public PlanDemo(long connections, double messages, long groupSize) {
        this.connections = connections;
        this.messages = messages;
        this.groupSize = Math.min(groupSize, connections);
    }

    @Override
    public void show(Screen screen) {
        double deliveries = messages * groupSize;
        double cpu = (messages * MICROS_PER_MESSAGE + deliveries * MICROS_PER_DELIVERY) / MICROS;
        long byConnections = atLeastOne(connections / (double) CONNECTIONS_PER_INSTANCE);
        long byCpu = atLeastOne(cpu / BUSY);
        long instances = Math.max(byConnections, byCpu);
        screen.say(
                "plan.asked",
                screen.count("connection", connections),
                screen.count("message", Math.round(messages)),
                groupSize);
        screen.blank();
        screen.say(
                "plan.cpu",
                deliveries,
                MICROS_PER_MESSAGE,
                MICROS_PER_DELIVERY,
                cpu,
                100 * BUSY,
                instances(screen, byCpu));
        screen.say("plan.connections", CONNECTIONS_PER_INSTANCE, instances(screen, byConnections));
        screen.say(byCpu > byConnections ? "plan.full-cpu" : "plan.full-connections", instances);
        screen.blank();
        double each = connections / (double) instances;
        screen.say(
                "plan.memory",
                screen.count("connection", (long) Math.ceil(each)),
                each * HEAP_PER_CONNECTION / MIB,
                2 * (each * HEAP_PER_CONNECTION + HEAP_OF_AN_INSTANCE) / MIB,
                each * KERNEL_PER_CONNECTION / MIB,
                Math.ceil(each) + FILES_BESIDE);
        bus(screen, instances);
        screen.blank();
        screen.say(connections > 1_000_000 ? "plan.beyond" : "plan.more");
    }

    /** A message goes to every other instance that has members of its group: to all of them, if the group is large. */
    private void bus(Screen screen, long instances) {
        if (instances == 1) {
            screen.say("plan.no-bus");
            return;
        }
        double copies = messages * Math.min(instances - 1, groupSize - 1);
        double nats = copies * NATS_MICROS_PER_COPY / MICROS;
        screen.say(
                "plan.bus", copies, NATS_MICROS_PER_COPY, 100 * nats, screen.count("server", atLeastOne(nats / BUSY)));
    }

    private static String instances(Screen screen, long count) {
        return screen.count("instance", count);
    }

    private static long atLeastOne(double value) {
        return Math.max(1, (long) Math.ceil(value));
    }
}
