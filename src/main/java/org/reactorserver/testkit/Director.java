package org.reactorserver.testkit;

import java.util.ArrayList;
import java.util.List;
import org.reactorserver.testkit.net.Dice;

/**
 * Decides by the seed who does something next, and lets time pass when nobody can. All methods are for the script's
 * thread, unless one says otherwise.
 */
final class Director implements SimulatedClient.Course {
    /** The time at which a simulation begins, as of {@link System#nanoTime}. */
    static final long START = 1_000_000_000;

    private static final int MOST_STEPS = 1_000_000;
    // How often those that wait are looked at patiently: before time passes, and before they count as stuck.
    private static final int BEFORE_TIME_PASSES = 10;
    private static final int BEFORE_IT_FAILS = 80;

    /** What is to be done later. Any thread. */
    final Calendar calendar = new Calendar();

    private final Dice dice;
    private final Actors actors;
    private final List<Host> hosts = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private volatile long now = START;
    private int steps;

    Director(Dice dice, Actors actors) {
        this.dice = dice;
        this.actors = actors;
    }

    /** From here on this one has deadlines. */
    void add(Host host) {
        hosts.add(host);
    }

    /** From here on this one does something too. */
    void add(SimulatedClient client) {
        clients.add(client);
    }

    /** Those that were added, in that order. */
    List<Host> hosts() {
        return hosts;
    }

    /** How many clients there are. */
    int countClients() {
        return clients.size();
    }

    /** The simulated time, in nanoseconds. Any thread. */
    @Override
    public long now() {
        return now;
    }

    /** Goes on until nobody does anything any more but wait for time to pass. */
    void settle() {
        while (step(Long.MAX_VALUE)) {
            continue;
        }
    }

    /** Somebody does something; if nobody can, time passes, but not beyond the limit: the server has its deadlines. */
    @Override
    public boolean goOn(long limit) {
        return step(limit) || advanceTo(Math.min(limit, nextDeadline()));
    }

    /** The same, without a server's deadlines that nobody else waits for. False if there is nothing to be done. */
    private boolean step(long limit) {
        if (++steps > MOST_STEPS) {
            throw new AssertionError("it does not come to rest: " + MOST_STEPS + " steps");
        }
        if (doOne() || isOneBack(BEFORE_TIME_PASSES)) {
            return true;
        }
        long next = nextOfOthers();
        if (next != Long.MAX_VALUE && next <= limit && advanceTo(Math.min(next, nextDeadline()))) {
            return true;
        }
        if (isOneBack(BEFORE_IT_FAILS)) {
            return true;
        }
        if (actors.areSomeBlocked()) {
            throw new AssertionError("threads wait for what will not happen:%n%s".formatted(actors.describeBlocked()));
        }
        return false;
    }

    /**
     * Whether one of those that wait for a lock has got it, meanwhile or soon. A thread that the simulation does not know
     * may have had it, such as one that loads a class, on a machine that is busy.
     */
    private boolean isOneBack(int mostLooks) {
        for (int looks = 0; actors.areSomeBlocked() && looks < mostLooks; looks++) {
            if (actors.awaitBlocked()) {
                return true;
            }
        }
        return false;
    }

    private boolean doOne() {
        calendar.runDue(now);
        List<Actors.Actor> ready = actors.ready();
        List<SimulatedClient> able =
                clients.stream().filter(client -> client.nextAct(now) <= now).toList();
        if (ready.isEmpty() && able.isEmpty()) {
            return false;
        }
        int chosen = dice.below(ready.size() + able.size());
        if (chosen < ready.size()) {
            actors.goOn(ready.get(chosen));
        } else {
            able.get(chosen - ready.size()).act(now);
        }
        return true;
    }

    /** When a selector wakes up by itself, or something is done that is done again and again. */
    private long nextDeadline() {
        long next = calendar.nextRepeated();
        for (Host host : hosts) {
            next = Math.min(next, host.wakeTime());
        }
        return next;
    }

    /** When anybody but the server does something next; {@link Long#MAX_VALUE} for never. */
    private long nextOfOthers() {
        long next = calendar.next();
        for (SimulatedClient client : clients) {
            next = Math.min(next, client.nextAct(now));
        }
        return next;
    }

    private boolean advanceTo(long time) {
        if (time == Long.MAX_VALUE || time <= now) {
            return false;
        }
        now = time;
        return true;
    }
}
