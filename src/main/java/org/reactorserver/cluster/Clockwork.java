package org.reactorserver.cluster;

import java.security.SecureRandom;
import java.time.Duration;

/**
 * When and on which thread shared groups do what they have to: by default a thread of their own and the system's clock;
 * in a simulation the simulation's.
 */
public interface Clockwork {
    /** The time in nanoseconds, as of {@link System#nanoTime}. Any thread. */
    long nanoTime();

    /** A number that no other instance has, wherever it runs and whenever it was started. */
    default long uniqueNumber() {
        return new SecureRandom().nextLong();
    }

    /** Runs the task soon: one at a time, in the order of the calls. Any thread; does not wait. */
    void execute(Runnable task);

    /** Runs the task so often, between the others, until the end. */
    void every(Duration time, Runnable task);

    /** Runs what it was given before, and nothing more. */
    void close();
}
