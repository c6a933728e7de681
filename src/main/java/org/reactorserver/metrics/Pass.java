package org.reactorserver.metrics;

/**
 * What a pass of the loop consisted of.
 *
 * @param nanos how long it took
 * @param reads how many times bytes of a session were read
 * @param writes how many times bytes were written
 * @param accepts how many connections were let in
 * @param letters how many letters were delivered
 * @param timers how many timers fired
 * @param handled how many messages were handled on the selector thread itself
 */
public record Pass(long nanos, int reads, int writes, int accepts, int letters, int timers, int handled) {}
