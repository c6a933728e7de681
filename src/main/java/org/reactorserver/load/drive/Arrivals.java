package org.reactorserver.load.drive;

import java.util.SplittableRandom;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Part;

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
    private final Part part;
    private final SplittableRandom random; // null: as regular as can be
    private long count; // of its own
    private double arrived;

    /**
     * The timetable of a plan: the first rate during the warm-up, and from there to the second over the duration.
     *
     * @param part of the messages that is wanted
     * @param random for random arrivals; null for regular ones
     */
    Arrivals(LoadPlan plan, Part part, long start, SplittableRandom random) {
        this.start = start;
        this.part = part;
        this.from = plan.rateAtFirst() / NANOS_PER_SECOND;
        this.to = plan.rate() / NANOS_PER_SECOND;
        this.level = plan.warmUpNanos();
        this.rise = plan.durationNanos();
        this.random = random;
    }

    /** When the next message is meant to be sent. */
    long next() {
        if (random == null) {
            arrived = part.place(count++);
        } else {
            arrived += -Math.log(1 - random.nextDouble()) * part.count();
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
