package org.reactorserver.demo;

import java.util.concurrent.TimeUnit;

/** Time since it was made. Any thread. */
final class Stopwatch {
    private final long start = System.nanoTime();

    double millis() {
        return (System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
