package org.reactorserver.testkit.net;

import java.nio.channels.Selector;

/** What the channels of one {@link FakeNetwork} have in common. */
final class Kernel {
    final World world;
    int openSockets; // accepted and not released
    Selector selector; // that was opened last
    private int numbers;

    Kernel(World world) {
        this.world = world;
    }

    int nextNumber() {
        return numbers++;
    }
}
