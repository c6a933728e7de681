package org.reactorserver.testkit;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.reactorserver.ReactorServer;
import org.reactorserver.session.Settings;
import org.reactorserver.testkit.net.Dice;
import org.reactorserver.testkit.net.FakeNetwork;
import org.reactorserver.testkit.net.FakeServerSocketChannel;
import org.reactorserver.testkit.net.Wire;
import org.reactorserver.testkit.net.World;

/** One simulated machine: a kernel and a network, as far as they leave anything open, and the server on it. */
final class Host implements World {
    final FakeNetwork network = new FakeNetwork(this);
    final Settings settings;

    private final Dice dice;
    private final int shortIo; // one read or write in so many moves less than it could
    private final BooleanSupplier isSeeds; // whether what happens on this thread is for the seed to decide
    private final LongSupplier clock;
    private volatile long wakeTime = Long.MAX_VALUE; // of the selector, while it sleeps
    private ReactorServer server;

    Host(Settings settings, Dice dice, int shortIo, BooleanSupplier isSeeds, LongSupplier clock) {
        this.settings = settings;
        this.dice = dice;
        this.shortIo = shortIo;
        this.isSeeds = isSeeds;
        this.clock = clock;
    }

    void runs(ReactorServer started) {
        server = started;
    }

    ReactorServer server() {
        return server;
    }

    /** When the selector wakes up by itself; {@link Long#MAX_VALUE} for never. */
    long wakeTime() {
        return wakeTime;
    }

    /** Takes a connection; fails if the server does not listen. */
    void offer(Wire wire, int client) {
        FakeServerSocketChannel listener = network.listeners().get(0);
        if (!listener.isListening() || !listener.offer(wire)) {
            throw new AssertionError("client " + client + " cannot connect: the server "
                    + (listener.isListening() ? "has a full backlog" : "does not listen any more"));
        }
    }

    @Override
    public void pause() {
        Actors.point();
    }

    @Override
    public int some(int possible) {
        boolean isShort = possible > 1 && isSeeds.getAsBoolean() && dice.oneIn(shortIo);
        return isShort ? 1 + dice.below(possible) : possible;
    }

    @Override
    public void arrange(List<SelectionKey> ready) {
        for (int i = isSeeds.getAsBoolean() ? ready.size() - 1 : 0; i > 0; i--) {
            Collections.swap(ready, i, dice.below(i + 1));
        }
    }

    @Override
    public void sleep(Selector selector, BooleanSupplier isAwake, long millis) {
        long until = millis == 0 ? Long.MAX_VALUE : clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        wakeTime = until;
        Actors.waitFor(() -> isAwake.getAsBoolean() || clock.getAsLong() >= until);
        wakeTime = Long.MAX_VALUE;
    }
}
