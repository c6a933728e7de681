package org.reactorserver.demo;

/** Shows one thing on this machine, in less than 20 seconds, with what it measures. On loopback only. */
public interface Demo {
    /**
     * Runs it in the calling thread and tells it.
     *
     * @throws Exception if it cannot be shown; what was started has been ended
     */
    void show(Screen screen) throws Exception;
}
