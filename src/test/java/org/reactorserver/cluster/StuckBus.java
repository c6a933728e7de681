package org.reactorserver.cluster;

import java.util.concurrent.Phaser;
import org.reactorserver.GroupBus;

/** A bus whose publishing can be held. */
final class StuckBus implements GroupBus {
    private final GroupBus bus;
    private final Phaser gate = new Phaser();

    StuckBus(GroupBus bus) {
        this.bus = bus;
    }

    /** From here on who publishes waits. */
    void hold() {
        gate.register();
    }

    void release() {
        gate.arriveAndDeregister();
    }

    @Override
    public void open(Listener listener) {
        bus.open(listener);
    }

    @Override
    public boolean publish(String topic, byte[] message) {
        if (gate.getRegisteredParties() > 0) {
            gate.awaitAdvance(gate.getPhase());
        }
        return bus.publish(topic, message);
    }

    @Override
    public void subscribe(String topic) {
        bus.subscribe(topic);
    }

    @Override
    public void unsubscribe(String topic) {
        bus.unsubscribe(topic);
    }

    @Override
    public int maxMessage() {
        return bus.maxMessage();
    }

    @Override
    public void close() {
        bus.close();
    }
}
