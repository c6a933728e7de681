package org.reactorserver.loop;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What it costs to note an event, in nanoseconds of the thread's CPU time, whatever else is running: {@code java -cp
 * target/classes:target/test-classes …RingCost}.
 */
public final class RingCost {
    private static final int ROUNDS = 10;
    private static final int EVENTS = 100_000_000;

    private RingCost() {}

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    public static void main(String[] args) {
        Ring ring = new Ring();
        double[] nanos = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long began = cpu();
            for (int i = 0; i < EVENTS; i++) {
                ring.add(Note.SETTLE, i, began);
            }
            nanos[round] = (cpu() - began) / (double) EVENTS;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "an event in the ring: %.2f ns (%.2f-%.2f), wanted at most 2%n",
                nanos[ROUNDS / 2], nanos[0], nanos[ROUNDS - 1]);
    }
}
