package org.reactorserver.engine;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reactorserver.CloseReason;
import org.reactorserver.limit.AddressKey;
import org.reactorserver.loop.Timers;

/**
 * Who may come in, and whose turn it is. Loop only.
 *
 * <p>A connection over a limit is turned away. Of those that came in, a limited number is served at a
 * time; the others wait in order of arrival, and a place that becomes free stays empty for the gap
 * before the next one takes it.
 */
final class Admission {
    /** How many connections may at a time be told that there is no room; more are just closed. */
    static final int MOST_TURNED_AWAY = 16;

    /** What is let in and waits for its turn. */
    interface Guest {
        InetAddress address();

        /** Its turn has come: from here on it is served. */
        void open();
    }

    private final int maxConnections;
    private final int maxPerAddress;
    private final int maxActive;
    private final long gapNanos;
    private final Timers timers;
    private final Counters counters;

    private final Map<Object, Integer> perAddress = new HashMap<>();
    private final LinkedHashSet<Guest> waiting = new LinkedHashSet<>();
    private final Set<Gap> gaps = new HashSet<>();
    private int open;
    private int occupied; // places: sessions being served, and gaps
    private boolean hurried;
    private long lastNumber;

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
        return perAddress.getOrDefault(AddressKey.of(address), 0) >= maxPerAddress
                ? CloseReason.TOO_MANY_FROM_ADDRESS
                : null;
    }

    /** The number of the next session that is let in. */
    long nextNumber() {
        return ++lastNumber;
    }

    /** The connection comes in: it is served at once or stands in the queue. */
    void enter(Guest guest) {
        counters.open = ++open;
        if (maxPerAddress != Integer.MAX_VALUE) {
            perAddress.merge(AddressKey.of(guest.address()), 1, Integer::sum);
        }
        waiting.add(guest);
        serveNext();
    }

    /**
     * The connection has gone.
     *
     * @param now the loop's time
     * @param seat what it had
     */
    void leave(Guest guest, long now, Seat seat) {
        counters.open = --open;
        if (maxPerAddress != Integer.MAX_VALUE) {
            perAddress.computeIfPresent(
                    AddressKey.of(guest.address()), (address, count) -> count == 1 ? null : count - 1);
        }
        if (!seat.isServed()) {
            waiting.remove(guest);
            counters.waiting = waiting.size();
        } else if (seat == Seat.TAKEN && gapNanos > 0 && !hurried) {
            Gap gap = new Gap();
            gaps.add(gap);
            timers.arm(gap, now + gapNanos);
        } else {
            freePlace();
        }
    }

    /** It leaves the queue; it is still there until it leaves. */
    void withdraw(Guest guest) {
        waiting.remove(guest);
        counters.waiting = waiting.size();
    }

    /** From here on there are no gaps: the server wants to end. */
    void hurry() {
        hurried = true;
        for (Gap gap : List.copyOf(gaps)) {
            timers.cancel(gap);
            gap.onTimer();
        }
    }

    /** How many connections are let in. */
    int open() {
        return open;
    }

    /** How many places are taken, gaps included. */
    int occupied() {
        return occupied;
    }

    /** How many connections stand in the queue. */
    int queued() {
        return waiting.size();
    }

    private void freePlace() {
        occupied--;
        serveNext();
    }

    private void serveNext() {
        while (occupied < maxActive && !waiting.isEmpty()) {
            Guest next = waiting.iterator().next();
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
