package org.reactorserver;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reactorserver.loop.Timers;

/**
 * Who may come in, and whose turn it is. Loop only.
 *
 * <p>A connection over a limit is turned away. Of those that came in, a limited number is served at a
 * time; the others wait in order of arrival, and a place that becomes free stays empty for the gap
 * before the next one takes it.
 */
final class Admission {
    private final int maxConnections;
    private final int maxPerAddress;
    private final int maxActive;
    private final long gapNanos;
    private final Timers timers;
    private final Counters counters;

    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private final LinkedHashSet<Connection> waiting = new LinkedHashSet<>();
    private final Set<Gap> gaps = new HashSet<>();
    private int open;
    private int occupied; // places: sessions being served, and gaps
    private boolean hurried;

    Admission(Settings settings, Timers timers, Counters counters) {
        this.maxConnections = settings.maxConnections;
        this.maxPerAddress = settings.maxConnectionsPerIp;
        this.maxActive = settings.activeSessions;
        this.gapNanos = settings.sessionGapNanos;
        this.timers = timers;
        this.counters = counters;
    }

    /** Why a connection from this address cannot come in now, or null if it can. */
    CloseReason objection(InetAddress address) {
        if (open >= maxConnections) {
            return CloseReason.TOO_MANY_CONNECTIONS;
        }
        return perAddress.getOrDefault(address, 0) >= maxPerAddress ? CloseReason.TOO_MANY_FROM_ADDRESS : null;
    }

    /** The connection comes in: it is served at once or stands in the queue. */
    void enter(Connection connection) {
        counters.open = ++open;
        if (maxPerAddress != Integer.MAX_VALUE) {
            perAddress.merge(connection.session().peer().getAddress(), 1, Integer::sum);
        }
        waiting.add(connection);
        serveNext();
    }

    /**
     * The connection has gone.
     *
     * @param now the loop's time
     * @param wasServed whether it had a place, rather than standing in the queue
     * @param pause whether the place stays empty for the gap
     */
    void leave(Connection connection, long now, boolean wasServed, boolean pause) {
        counters.open = --open;
        if (maxPerAddress != Integer.MAX_VALUE) {
            perAddress.computeIfPresent(
                    connection.session().peer().getAddress(), (address, count) -> count == 1 ? null : count - 1);
        }
        if (!wasServed) {
            waiting.remove(connection);
            counters.waiting = waiting.size();
        } else if (pause && gapNanos > 0 && !hurried) {
            Gap gap = new Gap();
            gaps.add(gap);
            timers.arm(gap, now + gapNanos);
        } else {
            freePlace();
        }
    }

    /** From here on there are no gaps: the server wants to end. */
    void hurry() {
        hurried = true;
        for (Gap gap : List.copyOf(gaps)) {
            timers.cancel(gap);
            gap.onTimer();
        }
    }

    private void freePlace() {
        occupied--;
        serveNext();
    }

    private void serveNext() {
        while (occupied < maxActive && !waiting.isEmpty()) {
            Connection next = waiting.iterator().next();
            waiting.remove(next);
            occupied++;
            next.open();
        }
        counters.waiting = waiting.size();
    }

    private final class Gap extends Timers.Timer {
        @Override
        protected void onTimer() {
            gaps.remove(this);
            freePlace();
        }
    }
}
