package org.reactorserver.cluster;

/**
 * The counters of shared groups at one time, from the start on, and some gauges.
 *
 * @param busUp whether the bus is there; a gauge
 * @param instances how many other instances are heard; a gauge
 * @param groups how many shared groups are known here; a gauge
 * @param waitingBytes bytes of heap that hold what waits for the bus; a gauge
 * @param published messages handed over to the bus, heartbeats included
 * @param unpublished messages that the bus was not given, since it was not there, the queue was full, or they were too
 *     long
 * @param received messages from other instances, in order and each once, unreadable ones included
 * @param missed messages of other instances that are known not to have come through
 * @param stale messages that came twice, or behind later ones, and were left out
 * @param unreadable messages that are none, or that the framing here cannot carry, so that members do not get them
 * @param interruptions how often the bus has gone
 */
public record ClusterStats(
        boolean busUp,
        int instances,
        int groups,
        long waitingBytes,
        long published,
        long unpublished,
        long received,
        long missed,
        long stale,
        long unreadable,
        long interruptions) {}
