package org.reactorserver.session;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.reactorserver.CloseReason;
import org.reactorserver.limit.AccessList;
import org.reactorserver.limit.ClientKey;
import org.reactorserver.limit.ConnectRate;
import org.reactorserver.loop.Timers;
import org.reactorserver.option.Figures;

/**
 * Which clients are admitted, and which are served. Loop only, but for the access list.
 *
 * <p>A connection that arrives, and has a PROXY header to send or a handshake to make, takes up room from the first
 * moment. When there is no more room, the one of these that has been silent the longest is closed, so that silent ones
 * keep no others out. A connection over a limit is refused as soon as its address is known. Of those that are admitted,
 * a limited number is served at a time; the others wait in order of arrival, and a place that becomes free stays empty
 * for the gap before the next one takes it.
 */
public final class Admission {
    /** How many connections may at a time be told that there is no room; more are just closed. */
    public static final int MOST_TURNED_AWAY = 16;

    /** A connection that arrives, is admitted and waits for its turn. */
    public interface Guest {
        /** What limits for each address count, and access lists name; null if it has none, or none that counts. */
        InetAddress address();

        /** It has not arrived, and others need the room: it is to close. */
        void giveWay();

        /** Its turn has come: from here on it is served. */
        public void open();
    }

    private final int maxConnections;
    private final int maxPerAddress;
    private final int maxActive;
    private final long gapNanos;
    private final Timers timers;
    private final Counters counters;

    private final ClientKey key;
    private final ConnectRate connectRate; // null: no limit
    private volatile AccessList clients; // written by any thread, read by the loop
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private final LinkedHashSet<Guest> silent = new LinkedHashSet<>(); // of those that arrive, the longest first
    private final LinkedHashSet<Guest> speaking = new LinkedHashSet<>(); // likewise
    private final LinkedHashSet<Guest> waiting = new LinkedHashSet<>();
    private final Set<Gap> gaps = new HashSet<>();
    private int open;
    private int occupied; // places: sessions being served, and gaps
    private boolean hurried;
    private long lastNumber;

    public Admission(Settings settings, Timers timers, Counters counters, long now) {
        this.key = settings.clientKey;
        this.clients = settings.clients;
        this.connectRate = settings.connectRate == null
                ? null
                : new ConnectRate(
                        settings.connectRate, ThreadLocalRandom.current().nextLong(), now);
        this.maxConnections = settings.maxConnections;
        this.maxPerAddress = settings.maxConnectionsPerIp;
        this.maxActive = settings.activeSessions;
        this.gapNanos = settings.sessionGapNanos;
        this.timers = timers;
        this.counters = counters;
    }

    /** Any thread: replaces the access list; sessions stay. */
    public void setClients(AccessList list) {
        clients = list;
    }

    /** Any thread: the access list. */
    public AccessList clients() {
        return clients;
    }

    /** A connection is there. From here on it takes up room, until it {@linkplain #leave leaves}. */
    public void arrive(Guest guest) {
        silent.add(guest);
        int arriving = arriving();
        if (arriving > Figures.MOST_ARRIVING || (arriving > 1 && open + arriving > maxConnections)) {
            (silent.size() > 1 ? silent : speaking).iterator().next().giveWay();
        }
    }

    /** It has said something on its arrival. */
    public void hear(Guest guest) {
        silent.remove(guest);
        speaking.remove(guest); // it goes to the end
        speaking.add(guest);
    }

    /**
     * Why a connection from this address is refused now, or null if it is admitted. Without an address only the
     * limits for all count: the permissions of a Unix socket's file decide there, and the proxy's own health checks
     * are no client's.
     */
    public CloseReason objection(InetAddress address, long now) {
        InetAddress client = key.of(address);
        if (!clients.permits(address)) {
            return CloseReason.ACCESS_DENIED;
        }
        if (connectRate != null && !connectRate.admits(client, now)) {
            return CloseReason.CONNECT_RATE_EXCEEDED;
        }
        if (open + arriving() > maxConnections) {
            return CloseReason.TOO_MANY_CONNECTIONS;
        }
        boolean isOver = client != null && perAddress.getOrDefault(client, 0) >= maxPerAddress;
        return isOver ? CloseReason.TOO_MANY_FROM_ADDRESS : null;
    }

    /** The number of the next session that is admitted. */
    public long nextNumber() {
        return ++lastNumber;
    }

    /** Its address is known: from here on it counts for that too. */
    public void know(Guest guest) {
        if (counts(guest)) {
            perAddress.merge(key.of(guest.address()), 1, Integer::sum);
        }
    }

    private boolean counts(Guest guest) {
        return maxPerAddress != Integer.MAX_VALUE && guest.address() != null;
    }

    /** It has arrived and is admitted: it is served at once or waits in the queue. */
    public void enter(Guest guest) {
        silent.remove(guest);
        speaking.remove(guest);
        counters.open = ++open;
        waiting.add(guest);
        serveNext();
    }

    /**
     * The connection has gone.
     *
     * @param now the loop's time
     * @param seat what it had
     */
    public void leave(Guest guest, long now, Seat seat) {
        if (seat.isKnown() && counts(guest)) {
            perAddress.computeIfPresent(key.of(guest.address()), (client, count) -> count == 1 ? null : count - 1);
        }
        if (!seat.isAdmitted()) {
            silent.remove(guest);
            speaking.remove(guest);
            return;
        }
        counters.open = --open;
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
    public void withdraw(Guest guest) {
        waiting.remove(guest);
        counters.waiting = waiting.size();
    }

    /** From here on there are no gaps: the server is to end. */
    public void hurry() {
        hurried = true;
        for (Gap gap : List.copyOf(gaps)) {
            timers.cancel(gap);
            gap.onTimer();
        }
    }

    /** How many arrive. */
    public int arriving() {
        return silent.size() + speaking.size();
    }

    /** How many connections are admitted. */
    public int open() {
        return open;
    }

    /** How many places are taken, gaps included. */
    public int occupied() {
        return occupied;
    }

    /** How many connections stand in the queue. */
    public int queued() {
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
