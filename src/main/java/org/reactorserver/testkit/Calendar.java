package org.reactorserver.testkit;

import java.util.PriorityQueue;

/**
 * What is to be done at its time. Apart from that: what is done again and again, for which alone nobody waits. Any
 * thread.
 */
final class Calendar {
    private final PriorityQueue<Entry> once = new PriorityQueue<>();
    private final PriorityQueue<Entry> repeated = new PriorityQueue<>();
    private int made;

    private record Entry(long time, int number, long period, Runnable task) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return time != other.time ? Long.compare(time, other.time) : Integer.compare(number, other.number);
        }
    }

    /** To be done once; of what is to be done at the same time, this last. */
    synchronized void add(long time, Runnable task) {
        once.add(new Entry(time, ++made, 0, task));
    }

    /** To be done every so many nanoseconds. */
    synchronized void repeat(long now, long period, Runnable task) {
        repeated.add(new Entry(now + period, ++made, period, task));
    }

    /** Does what is due, which has others do it and returns at once. */
    synchronized void runDue(long now) {
        while (!once.isEmpty() && once.element().time <= now) {
            once.remove().task.run();
        }
        while (!repeated.isEmpty() && repeated.element().time <= now) {
            Entry entry = repeated.remove();
            entry.task.run();
            repeated.add(new Entry(now + entry.period, entry.number, entry.period, entry.task));
        }
    }

    /** When the next thing is to be done that is done once; {@link Long#MAX_VALUE} for never. */
    synchronized long next() {
        return once.isEmpty() ? Long.MAX_VALUE : once.element().time;
    }

    /** When the next thing is to be done that is done again and again. */
    synchronized long nextRepeated() {
        return repeated.isEmpty() ? Long.MAX_VALUE : repeated.element().time;
    }
}
