package org.reactorserver.load.drive;

import java.util.SplittableRandom;

/**
 * The open model's timetable: when one message after the other is meant to be sent. Each time is computed from the
 * start and not from the time before, so nothing drifts. Times are nanoseconds of the loop's clock. Loop only.
 *
 * <p>As many messages are due by a time as the rate comes to until then; with random arrivals, whose distances are
 * distributed exponentially, as many of a process of rate one as that (a Poisson process by change of time).
 */
final class Arrivals {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long start;
    private final double from; // messages a nanosecond
    private final double to;
    private final double level; // nanoseconds at the first rate
    private final double rise; // nanoseconds from the first rate to the second
    private final int share;
    private final SplittableRandom random; // null: as regular as can be
    private long count;
    private double arrived;

    /**
     * A timetable.
     *
     * @param from messages a second at first
     * @param to messages a second from the end of the rise on
     * @param level for how long the first rate holds, in nanoseconds
     * @param rise how long it takes from one to the other, in nanoseconds
     * @param random for random arrivals; null for regular ones
     */
    Arrivals(long start, double from, double to, long level, long rise, SplittableRandom random, int first, int share) {
        this.start = start;
        this.from = from / NANOS_PER_SECOND;
        this.to = to / NANOS_PER_SECOND;
        this.level = level;
        this.rise = rise;
        this.random = random;
        this.count = first;
        this.share = share;
    }

    /** When the next message is meant to be sent. */
    long next() {
        if (random == null) {
            arrived = count;
            count += share;
        } else {
            arrived += -Math.log(1 - random.nextDouble()) * share;
        }
        return start + (long) time(arrived);
    }

    /** After how many nanoseconds so many messages are due. */
    private double time(double messages) {
        double above = messages - from * level;
        if (from == to || above <= 0) {
            return messages / from;
        }
        double risen = (from + to) / 2 * rise;
        if (above >= risen) {
            return level + rise + (above - risen) / to;
        }
        double slope = (to - from) / rise;
        return level + (Math.sqrt(from * from + 2 * slope * above) - from) / slope;
    }
}
